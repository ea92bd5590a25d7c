/** What a write to one register leaves of all others. */
import fc from 'fast-check'
import { isOfPmu } from '../../harness/abi/registers/pmu.ts'
import { otherValue } from '../../harness/abi/registers/recorded-writes.ts'
import { groupOf, registersOf, type RegisterRow } from '../../harness/abi/registers/table.ts'
import { isOfTimer } from '../../harness/abi/registers/timers.ts'
import { api, src } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { arm64SysReg } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { bitsOf, offered, ready } from './feature-sets.ts'
import { get, set, values, VLS } from './registers.ts'

/** Sets of bits, which several registers show, and counters, which do not stand still. */
const isOwn = (id: bigint): boolean => !isOfPmu(id) && !isOfTimer(id) && id !== VLS

/** As many as a list of calls has room for. */
const PART = 40
/** Those of the VM that say what its CPUs have. */
const isIdRegister = (id: bigint): boolean => {
  const n = id - arm64SysReg(3, 0, 0, 1, 0)
  return n >= 0n && n < 56n
}

law(
  'a write to one register changes no other of the vcpu (those of the VM, its PMU and its timers left aside)',
  api('4.68', 'KVM_SET_ONE_REG'),
  async (tools) => {
    for (const some of [[], offered(tools.host)]) {
      const known = (await values(tools, some)).filter(([id]) => isOwn(id))
      const rows = registersOf(tools.host, bitsOf(some))
      const written = known.flatMap(([id]): { row: RegisterRow; value: bigint }[] => {
        const row = rows.get(id)
        const value = row && otherValue(row)
        return value === undefined ? [] : [{ row: row!, value }]
      })
      const groups = [...new Set(written.map(({ row }) => groupOf(row.id)))].map((group) =>
        written.filter(({ row }) => groupOf(row.id) === group),
      )
      await tools.forAll(
        fc.oneof(...groups.map((group) => fc.constantFrom(...group))),
        async ({ row: { id }, value }) => {
          const others = known.filter(([other]) => other !== id)
          const reads = others.map(([other, before]) => get(other, `ok = ${before}`))
          await tools.ask([...ready(some), set(id, value), get(id, `ok = ${value}`), ...reads].join('\n'))
        },
        25,
      )
    }
  },
)

/** Fields of four bits of an ID register, each lowered by one. */
const lowered = (value: bigint): bigint[] =>
  Array.from({ length: 16 }, (_, n) => 1n << BigInt(4 * n)).flatMap((one) =>
    (value & (15n * one)) === 0n ? [] : [value - one],
  )

law(
  'a KVM_ARM_VCPU_INIT of another vcpu, its first or another, changes no register that was written before',
  src('arch/arm64/kvm/sys_regs.c', 'reset_vm_ftr_id_reg'),
  async (tools) => {
    const { host, ask, askEach, holds } = tools
    for (const some of [[], offered(host)]) {
      const known = (await values(tools, some)).filter(([id]) => isOwn(id))
      const rows = registersOf(host, bitsOf(some))
      const plain = known.flatMap(([id]) => {
        const row = rows.get(id)
        const value = row && otherValue(row)
        return value === undefined ? [] : [{ id, value }]
      })
      // Of an ID register what this kernel takes.
      const tried = known.flatMap(([id, value]) =>
        isIdRegister(id) ? lowered(value).map((other) => ({ id, value: other })) : [],
      )
      const heard = await askEach(
        ready(some),
        tried.map(({ id, value }) => set(id, value, 'ok or -EINVAL')),
      )
      const taken = new Map(tried.filter((_, i) => heard[i]!.ret >= 0).map(({ id, value }) => [id, value]))
      const written = [...plain, ...[...taken].map(([id, value]) => ({ id, value }))]
      const others = ready(some, 'vcpu1')
      for (let i = 0; i < written.length; i += PART) {
        const part = written.slice(i, i + PART)
        const reads = part.map(({ id }) => `vcpu0: ${get(id)}`)
        const lines = [
          'vm: KVM_CREATE_VCPU(0) -> ok',
          'vm: KVM_CREATE_VCPU(1) -> ok',
          ...ready(some, 'vcpu0'),
          ...part.map(({ id, value }) => `vcpu0: ${set(id, value)}`),
          ...reads,
          ...others,
          others[0]!,
          ...reads,
        ]
        const { answers, ...rest } = await ask(lines.join('\n'))
        const [before, after] = [lines.length - 2 * reads.length - others.length - 1, lines.length - reads.length]
        for (const n of part.keys()) {
          const was = answers[before + n]!.value
          holds(answers[after + n]!.value === was, { answers, ...rest }, `ok = ${hex(was ?? 0n)}, as before`, after + n)
        }
      }
    }
  },
)
