/** The list of registers: what is on it, and that nothing else exists. */
import fc from 'fast-check'
import type { Host } from '../../harness/model/host.ts'
import { api, src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import {
  arm64SysReg,
  demuxCcsidr,
  fwBmapReg,
  fwReg,
  regName,
  regs,
  sveFfr,
  svePReg,
  sveZReg,
} from '../../harness/names/index.ts'
import { reached } from '../../harness/model/release.ts'
import { offered, ready, subsets } from './feature-sets.ts'
import { bytesOf, get, set, values } from './registers.ts'

const list = 'KVM_GET_REG_LIST(n = 1000) -> ok'
const cite = api('4.84', 'KVM_GET_REG_LIST')
const AARCH32 = 'KVM_ARM_VCPU_EL1_32BIT'

/** As much of a value as the size code of an id has room for. */
const cut = (id: bigint, value: bigint) => BigInt.asUintN(8 * bytesOf(id), value)
const refused = '-ENOENT or -EINVAL'

law(
  'the register list has no duplicates and is the same each time, after another INIT, and on every vcpu with the same features',
  cite,
  async ({ host, ask, holds }) => {
    const sets = [...subsets(offered(host)), ...(host.features.includes(AARCH32) ? [[AARCH32]] : [])]
    await Promise.all(
      sets.map(async (features) => {
        const first = [...ready(features), `vcpu0: ${list}`, `vcpu0: ${list}`]
        const later = [ready(features)[0]!, `vcpu0: ${list}`, 'vcpu0: KVM_RUN(immediate_exit)', `vcpu0: ${list}`]
        const heard = await ask([...first, ...later, ...ready(features, 'vm1.vcpu1'), `vm1.vcpu1: ${list}`].join('\n'))
        const lists = heard.answers.flatMap(({ list: ids }, line) => (ids ? [{ ids, line }] : []))
        const [{ ids, line }] = lists as [(typeof lists)[0]]
        holds(new Set(ids).size === ids.length, heard, 'ok without duplicates', line)
        for (const other of lists) holds(other.ids.join() === ids.join(), heard, 'ok with the same list', other.line)
      }),
    )
  },
)

law(
  'KVM_GET_REG_LIST succeeds if and only if n, cut to 32 bits, is at least the number of registers, and gives that number',
  api('4.84', 'E2BIG'),
  async ({ host, ask, askEach, forAll }) => {
    await Promise.all(
      subsets(offered(host)).map(async (features) => {
        const count = BigInt((await ask([...ready(features), list].join('\n'))).last.list!.length)
        const line = (n: bigint) =>
          `KVM_GET_REG_LIST(n = ${n}) -> ${BigInt.asUintN(32, n) >= count ? 'ok' : '-E2BIG'} = ${count}`
        const edges = [0n, 1n, count - 1n, count, count + 1n, 1n << 32n, (1n << 32n) + count, (1n << 64n) - 1n]
        await askEach(ready(features), edges.map(line))
        if (features.length > 0) return
        const any = fc.array(fc.bigInt({ min: 0n, max: 2n * count }), { minLength: 1, maxLength: 60, size: 'max' })
        await forAll(
          any,
          async (ns) => {
            await askEach(ready(features), ns.map(line))
          },
          5,
        )
      }),
    )
  },
)

const isVector = (id: bigint) => regName(id).includes('vregs')

law(
  'a feature adds registers to the list and takes none away, but that SVE takes fp_regs.vregs',
  api('4.82', 'KVM_ARM_VCPU_SVE'),
  async ({ host, ask, holds }) => {
    const lists = await Promise.all(
      subsets(offered(host)).map(async (features) => {
        const heard = await ask([...ready(features), list].join('\n'))
        return { features, heard, ids: new Set(heard.last.list) }
      }),
    )
    for (const less of lists)
      for (const more of lists.filter((m) => less.features.every((f) => m.features.includes(f)))) {
        const hasSve = more.features.includes('KVM_ARM_VCPU_SVE')
        const lost = [...less.ids].filter((id) => !more.ids.has(id) && !(hasSve && isVector(id)))
        holds(lost.length === 0, more.heard, `ok with ${lost.map(regName).join(', ')}`)
      }
  },
)

const { KVM_REG_ARM64, KVM_REG_ARM_CORE, KVM_REG_SIZE_MASK, KVM_REG_SIZE_SHIFT, KVM_REG_ARM64_SVE } = regs
const upTo = (n: number) => [...Array(n).keys()]
const sized = (id: bigint, code: number) => (id & ~KVM_REG_SIZE_MASK) | (BigInt(code) << KVM_REG_SIZE_SHIFT)

/** One bit of each field of an id. */
const bits = [1n, 8n, 0x80n, 0x800n, 0x4000n, 0x10000n, 0x20000n, 1n << 28n, 1n << 40n, 1n << 61n]

/** Ids worth trying on every host: all of the small groups, and the edges of the big ones. */
const near: readonly bigint[] = [
  ...upTo(0xe0).flatMap((word) =>
    [2, 3, 4].map((code) => sized(KVM_REG_ARM64 | KVM_REG_ARM_CORE | BigInt(word), code)),
  ),
  ...upTo(256).map(demuxCcsidr),
  ...upTo(64).map(fwReg),
  ...upTo(64).map(fwBmapReg),
  ...[0, 1, 31].flatMap((slice) => [
    ...upTo(32).map((n) => sveZReg(n, slice)),
    ...upTo(16).map((n) => svePReg(n, slice)),
  ]),
  ...[0, 1, 2].map(sveFfr),
  ...[0x21n, 0x3ffn, 0x620n, 0x7ffn, 0x8000n, 0xfffen].flatMap((n) =>
    [5, 6, 8].map((code) => sized(KVM_REG_ARM64 | KVM_REG_ARM64_SVE | n, code)),
  ),
  ...upTo(8).flatMap((crm) => upTo(8).map((op2) => arm64SysReg(3, 0, 0, crm, op2))),
]
/** What differs in one bit from a listed one, with the value of that: a kernel that takes it for the same would take this, too. */
const beside = (listed: readonly (readonly [bigint, bigint])[]): Map<bigint, bigint> =>
  new Map(listed.flatMap(([id, value]) => bits.map((bit) => [id ^ bit, value] as const)))

/** The groups of asm/kvm.h. */
const groups = [0x10n, 0x11n, 0x13n, 0x14n, 0x15n, 0x16n]
/** Up to 6.12 some listed ID registers, MIDR_EL1 for one, also answer under the number of a group that nobody has. */
const isStray = (host: Host, id: bigint, listed: ReadonlySet<bigint>): boolean =>
  !groups.includes((id >> 16n) & 0xfffn)
  && !reached(host.kernel.release, '6.13')
  && listed.has((id & ~regs.KVM_REG_ARM_COPROC_MASK) | regs.KVM_REG_ARM64_SYSREG)

law(
  'a register can be read if and only if it is listed, and one that is not is refused with ENOENT or EINVAL to read and write',
  cite,
  async (tools) => {
    const { host, askEach, forAll } = tools
    const most = offered(host)
    for (const features of [[], most]) {
      const known = await values(tools, features)
      const listed = known.map(([id]) => id)
      const there = new Set(listed)
      const neighbours = beside(known)
      const lines = (id: bigint) => {
        if (there.has(id)) return [get(id)]
        const answer = isStray(host, id, there) ? `${refused} or ok` : refused
        return [get(id, answer), set(id, cut(id, neighbours.get(id) ?? 0n), answer)]
      }
      const play = async (ids: readonly bigint[]) => {
        await askEach(ready(features), ids.flatMap(lines))
      }
      await play(features === most ? [...listed, ...near, ...neighbours.keys()] : listed)
      const any = fc.oneof(
        {
          arbitrary: fc
            .tuple(fc.constantFrom(2, 3, 3, 3), fc.nat(7), fc.nat(15), fc.nat(15), fc.nat(7))
            .map((ops) => arm64SysReg(...ops)),
          weight: 8,
        },
        {
          arbitrary: fc.tuple(fc.constantFrom(...listed), fc.nat(63)).map(([id, bit]) => id ^ (1n << BigInt(bit))),
          weight: 2,
        },
        { arbitrary: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), weight: 1 },
      )
      await forAll(fc.array(any, { minLength: 1, maxLength: 40, size: 'max' }), play, 20)
    }
  },
)

law(
  'every listed register is refused with ENOENT or EINVAL under any other of the 16 size codes, to read and to write',
  src('arch/arm64/kvm/guest.c', 'kvm_arm_get_reg'),
  async (tools) => {
    const { host, askEach } = tools
    const some = [
      { features: offered(host), of: () => true },
      { features: [], of: isVector },
    ]
    await Promise.all(
      some.map(async ({ features, of }) => {
        const listed = (await values(tools, features)).filter(([id]) => of(id))
        await askEach(
          ready(features),
          listed.flatMap(([id, value]) =>
            upTo(16)
              .map((code) => sized(id, code))
              .filter((other) => other !== id)
              .flatMap((other) => [get(other, refused), set(other, cut(other, value), refused)]),
          ),
        )
      }),
    )
  },
)
