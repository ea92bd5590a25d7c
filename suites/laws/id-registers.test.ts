/** Values of ID registers: what a field takes, and what the kernel says that userspace may change. */
import fc from 'fast-check'
import { api, src } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { law } from '../../harness/suite/law.ts'
import type { Tools } from '../../harness/model/law.ts'
import { arm64SysReg, regName } from '../../harness/names/index.ts'
import { offered, ready } from './feature-sets.ts'
import { get, set, values } from './registers.ts'

const upTo = (n: number) => [...Array(n).keys()]
const idRegisters = upTo(7).flatMap((crm) => upTo(8).map((op2) => arm64SysReg(3, 0, 0, crm + 1, op2)))
const CTR_EL0 = arm64SysReg(3, 3, 0, 0, 1)
const CLIDR_EL1 = arm64SysReg(3, 1, 0, 0, 1)
/** ID_AA64PFR0_EL1, ID_AA64DFR0_EL1, ID_DFR0_EL1. */
const [PFR0, DFR0, DFR0_32] = [arm64SysReg(3, 0, 0, 4, 0), arm64SysReg(3, 0, 0, 5, 0), arm64SysReg(3, 0, 0, 1, 2)]

/** Fields have four bits; they are named by their lowest. */
const FIELDS = upTo(16).map((n) => BigInt(4 * n))
const fieldIn = (value: bigint, at: bigint) => (value >> at) & 15n
const withField = (value: bigint, at: bigint, field: bigint) => (value & ~(15n << at)) | (field << at)

/** A field, and how a value for it is found: by so much more or less than it has, or a value. */
interface Change {
  at: bigint
  by?: bigint
  to?: bigint
}

const change: fc.Arbitrary<Change> = fc
  .tuple(
    fc.constantFrom(...FIELDS),
    fc.oneof(
      fc.constantFrom<Omit<Change, 'at'>>({ by: 1n }, { by: -1n }, { by: -1n }, { to: 0n }, { to: 15n }, { to: 8n }),
      fc.bigInt({ min: 0n, max: 15n }).map((to) => ({ to })),
    ),
  )
  .map(([at, how]) => ({ at, ...how }))

const isChange = (reset: bigint, { at, by, to }: Change): [at: bigint, field: bigint] => [
  at,
  to ?? BigInt.asUintN(4, fieldIn(reset, at) + by!),
]

/** Writes of several fields, each field alone before: what is taken alone is taken with others, and nothing else. */
const takesTogether = async (
  { ask, holds }: Tools,
  features: readonly string[],
  id: bigint,
  reset: bigint,
  changes: readonly Change[],
): Promise<void> => {
  const fields = [...new Map(changes.map((one) => isChange(reset, one)))].filter(([at, f]) => f !== fieldIn(reset, at))
  if (fields.length < 2) return
  const all = fields.reduce((value, [at, field]) => withField(value, at, field), reset)
  const write = (value: bigint) => [set(id, value, 'ok or -EINVAL'), get(id)]
  const lines = [...fields.flatMap(([at, field]) => write(withField(reset, at, field))), ...write(all)]
  const heard = await ask([...ready(features), ...lines].join('\n'))
  const answers = heard.answers.slice(-lines.length)
  const alone = fields.map(([at], i) => ({ at, isOk: answers[2 * i]!.ret >= 0, reads: answers[2 * i + 1]!.value! }))
  const [joint, read] = answers.slice(-2)
  const isOk = alone.every((one) => one.isOk)
  holds(
    joint!.ret >= 0 === isOk,
    heard,
    isOk ? 'ok, as each field alone' : '-EINVAL, as one field alone',
    heard.answers.length - 2,
  )
  if (!isOk) return
  const due = alone.reduce((value, { at, reads }) => withField(value, at, fieldIn(reads, at)), reset)
  holds(read!.value === due, heard, `ok = ${hex(due)}`)
}

law(
  'several fields of an ID register are taken at once where each of them is taken alone, and are EINVAL elsewhere',
  src('arch/arm64/kvm/sys_regs.c', 'arm64_check_features'),
  async (tools) => {
    for (const features of [[], offered(tools.host)]) {
      const known = (await values(tools, features)).filter(([id]) => idRegisters.includes(id) || id === CTR_EL0)
      const nonzero = known.filter(([, value]) => value !== 0n)
      await tools.forAll(
        fc.tuple(
          fc.oneof({ arbitrary: fc.constantFrom(...nonzero), weight: 6 }, fc.constantFrom(...known)),
          fc.array(change, { minLength: 2, maxLength: 5 }),
        ),
        async ([[id, reset], changes]) => takesTogether(tools, features, id, reset, changes),
        150,
      )
    }
  },
)

/**
 * SpecSEI of ID_MMFR4_EL1 and ID_AA64MMFR1_EL1, where it is 0 that promises more; TGRAN16_2, TGRAN64_2 and TGRAN4_2 of
 * ID_AA64MMFR0_EL1, where 1 says that there is no such stage 2.
 */
const whereMoreIsLess = [
  [arm64SysReg(3, 0, 0, 2, 6), 0n],
  [arm64SysReg(3, 0, 0, 7, 1), 24n],
  ...[32n, 36n, 40n].map((at) => [arm64SysReg(3, 0, 0, 7, 0), at]),
]

law(
  'no field of an ID register can be raised by one, which is more than the host has (not SpecSEI and TGRANx_2, where more is less)',
  api('4.139', 'KVM rejects ID register values', { since: '6.12' }),
  async (tools) => {
    for (const features of [[], offered(tools.host)]) {
      const known = (await values(tools, features)).filter(([id]) => idRegisters.includes(id) || id === CTR_EL0)
      const raised = known.flatMap(([id, reset]) =>
        FIELDS.filter(
          (at) => fieldIn(reset, at) < 15n && !whereMoreIsLess.some(([other, field]) => other === id && field === at),
        ).map((at) => [set(id, reset + (1n << at), '-EINVAL or ok'), get(id, `ok = ${reset}`)].join('\n')),
      )
      await tools.askEach(ready(features), raised)
    }
  },
)

/** The least that some fields can say: a debug architecture, an EL0 and an EL1, and in L1Ip an instruction cache. */
const least = new Map<bigint, ReadonlyMap<bigint, bigint>>([
  [DFR0, new Map([[0n, 6n]])],
  [DFR0_32, new Map([[0n, 6n]])],
  [CTR_EL0, new Map([[12n, 8n]])],
  [
    PFR0,
    new Map([
      [0n, 1n],
      [4n, 1n],
    ]),
  ],
])
const leastOf = (id: bigint, at: bigint): bigint => least.get(id)?.get(at) ?? 0n

/** The registers of KVM_ARM_FEATURE_ID_RANGE. MIDR_EL1, REVIDR_EL1 and AIDR_EL1 can be written by leave of a capability. */
const inRange = [0, 1, 3].flatMap((op1) =>
  upTo(8).flatMap((crm) => upTo(8).map((op2) => arm64SysReg(3, op1, 0, crm, op2))),
)

law(
  'KVM_ARM_GET_REG_WRITABLE_MASKS: outside its mask no write changes an ID register, in it a field takes another value if it is not the least',
  api('4.139', 'This ioctl copies the writable masks', { since: '6.12' }),
  async (tools) => {
    const { host, ask, askEach, holds, notOffered } = tools
    const heard = await ask('vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES)')
    if (heard.last.value !== 1n) notOffered('no KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES')
    const answers = await askEach(
      [],
      inRange.map((id) => `vm: KVM_ARM_GET_REG_WRITABLE_MASKS(${regName(id)}) -> ok`),
    )
    const masks = new Map(inRange.map((id, i) => [id, answers[i]!.value!]))
    const features = offered(host)
    const known = new Map(await values(tools, features))
    for (const [id, mask] of masks)
      if (mask !== 0n && !known.has(id))
        holds(false, await ask(`vm: KVM_ARM_GET_REG_WRITABLE_MASKS(${regName(id)})`), 'ok = 0x0, as it is not listed')
    const written = [...idRegisters, CTR_EL0, CLIDR_EL1].filter((id) => known.has(id))
    await Promise.all(
      written.map(async (id) => {
        const reset = known.get(id)!
        const mask = masks.get(id)!
        const outside = FIELDS.filter((at) => fieldIn(mask, at) === 0n).flatMap((at) =>
          [1n, -1n].flatMap((by) => [
            `KVM_SET_ONE_REG(${regName(id)}, &${hex(withField(reset, at, BigInt.asUintN(4, fieldIn(reset, at) + by)))})`,
            get(id, `ok = ${reset}`),
          ]),
        )
        await ask([...ready(features), ...outside].join('\n'))
        for (const at of FIELDS) {
          const now = fieldIn(reset, at)
          if ((now & fieldIn(mask, at)) === 0n || now === leastOf(id, at)) continue
          const others = upTo(16).filter((field) => BigInt(field) !== now)
          const lines = others.map((field) => set(id, withField(reset, at, BigInt(field)), 'ok or -EINVAL'))
          const tried = await ask([...ready(features), ...lines].join('\n'))
          const isTaken = tried.answers.slice(-lines.length).some(({ ret }) => ret >= 0)
          holds(
            isTaken,
            tried,
            `ok for one of the values of bits ${at} to ${at + 3n}, which are in the mask ${hex(mask)}`,
          )
        }
      }),
    )
  },
)

law(
  'ID_AA64DFR0_EL1.DebugVer and ID_DFR0_EL1.CopDbg take no debug architecture older than Armv8’s, 6, whatever else is written',
  src('arch/arm64/kvm/sys_regs.c', 'set_id_dfr0_el1'),
  async (tools) => {
    const known = (await values(tools, [])).filter(([id, value]) => (id === DFR0 || id === DFR0_32) && value !== 0n)
    await tools.askEach(
      ready([]),
      known.flatMap(([id, value]) =>
        // What is there is taken, another value of the whole register is not.
        [0n, 1n, 2n, 3n, 4n, 5n].flatMap((version) => [
          set(id, withField(value, 0n, version), '-EINVAL'),
          set(id, version, '-EINVAL'),
        ]),
      ),
    )
  },
)
