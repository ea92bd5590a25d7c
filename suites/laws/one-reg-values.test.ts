/** Values of registers: what is written stays, whatever others are given. */
import fc from 'fast-check'
import { groupOf, registersOf } from '../../harness/abi/registers/table.ts'
import { api, src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { arm64SysReg, namedRegs, regName, regs } from '../../harness/names/index.ts'
import { bitsOf, offered, ready } from './feature-sets.ts'
import { bytesOf, get, set, u64, values, VLS } from './registers.ts'

type Encoding = [op0: number, op1: number, crn: number, crm: number, op2: number]
const encodings: readonly Encoding[] = [
  // TTBR0, TTBR1, MAIR, AMAIR, VBAR, CONTEXTIDR, FAR, ESR, AFSR0, AFSR1, CNTKCTL, PAR of EL1
  [3, 0, 2, 0, 0],
  [3, 0, 2, 0, 1],
  [3, 0, 10, 2, 0],
  [3, 0, 10, 3, 0],
  [3, 0, 12, 0, 0],
  [3, 0, 13, 0, 1],
  [3, 0, 6, 0, 0],
  [3, 0, 5, 2, 0],
  [3, 0, 5, 1, 0],
  [3, 0, 5, 1, 1],
  [3, 0, 14, 1, 0],
  [3, 0, 7, 4, 0],
  // TPIDR_EL1, TPIDR_EL0, TPIDRRO_EL0
  [3, 0, 13, 0, 4],
  [3, 3, 13, 0, 2],
  [3, 3, 13, 0, 3],
  // the keys of PTRAUTH
  [3, 0, 2, 1, 0],
  [3, 0, 2, 1, 1],
  [3, 0, 2, 1, 2],
  [3, 0, 2, 1, 3],
  [3, 0, 2, 2, 0],
  [3, 0, 2, 2, 1],
  [3, 0, 2, 2, 2],
  [3, 0, 2, 2, 3],
  [3, 0, 2, 3, 0],
  [3, 0, 2, 3, 1],
]
/** System registers that only hold what they are given. */
const plain: readonly bigint[] = [
  ...encodings.map((ops) => arm64SysReg(...ops)),
  namedRegs.KVM_REG_ARM_TIMER_CVAL,
  namedRegs.KVM_REG_ARM_PTIMER_CVAL,
]

/** How many bits of a register hold values; 0 where not any value will do. `vq`: the longest vector, in 128 bits. */
const widthOf = (id: bigint, vq: number): number => {
  const name = regName(id)
  if (name.startsWith('KVM_REG_ARM64_SVE_ZREG')) return 128 * vq
  if (/^KVM_REG_ARM64_SVE_(PREG|FFR)/.test(name)) return 16 * vq
  const isCore = name.startsWith('KVM_REG_ARM_CORE_REG') && !name.includes('pstate')
  return isCore || plain.includes(id) ? bytesOf(id) * 8 : 0
}

law(
  'core registers, Z, P, FFR, timer compare values and plain system registers keep what is written, whatever others are given',
  api('4.68', 'KVM_SET_ONE_REG'),
  async (tools) => {
    const noise = fc.array(fc.bigInt(u64), { minLength: 32, maxLength: 32 })
    for (const features of [[], offered(tools.host)]) {
      const known = await values(tools, features)
      const vq = (known.find(([id]) => id === VLS)?.[1] ?? 0n).toString(2).length
      const holding = known.map(([id]) => ({ id, width: widthOf(id, vq) })).filter(({ width }) => width > 0)
      const extremes = holding.flatMap(({ id, width }) =>
        [(1n << BigInt(width)) - 1n, 0n].map((v) => `${set(id, v)}\n${get(id, `ok = ${v}`)}`),
      )
      await tools.askEach(ready(features), extremes)
      await tools.forAll(
        fc.tuple(noise, fc.nat(1 << 20)),
        async ([words, turn]) => {
          const given = holding.map(({ id, width }, i): [bigint, bigint] => {
            const salt = BigInt(i * 0x9e3779b9 + turn)
            const value = words.reduce((all, word, k) => all | ((word ^ salt) << BigInt(64 * k)), 0n)
            return [id, BigInt.asUintN(width, value)]
          })
          const lines = [...given.map(([id, v]) => set(id, v)), ...given.map(([id, v]) => get(id, `ok = ${v}`))]
          await tools.ask([...ready(features), ...lines].join('\n'))
        },
        12,
      )
    }
  },
)

/** MIDR_EL1, REVIDR_EL1 and AIDR_EL1, which a VMM may write where it has asked for that alone. */
const ofTheCpu = [arm64SysReg(3, 0, 0, 0, 0), arm64SysReg(3, 0, 0, 0, 6), arm64SysReg(3, 1, 0, 0, 7)]

law(
  'a system register that takes no value but the one that it has is EINVAL with any other, whichever of its bits differs',
  src('arch/arm64/kvm/sys_regs.c', 'set_invariant_sys_reg'),
  async (tools) => {
    for (const features of [[], offered(tools.host)]) {
      const rows = registersOf(tools.host, bitsOf(features))
      const isFixed = (id: bigint) => ofTheCpu.includes(id) || rows.get(id)?.write === 'same'
      const fixed = (await values(tools, features)).filter(
        ([id]) => groupOf(id) === regs.KVM_REG_ARM64_SYSREG && isFixed(id),
      )
      await tools.askEach(
        ready(features),
        fixed.flatMap(([id, value]) => {
          const bits = Array.from({ length: bytesOf(id) * 8 }, (_, bit) => 1n << BigInt(bit))
          const refused = bits.map((bit) => set(id, value ^ bit, '-EINVAL'))
          return [...refused, get(id, `ok = ${value}`), set(id, value)]
        }),
      )
    }
  },
)
