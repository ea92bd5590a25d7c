/** Values of registers: what is written reads back, no more and no less is copied, and a reset resets. */
import fc from 'fast-check'
import { api, src } from '../../harness/model/rule.ts'
import { law, type Tools } from '../../harness/suite/law.ts'
import { arm64SysReg, namedRegs, parseReg, pstate, regName, regs, sveZReg } from '../../harness/names/index.ts'
import { reached } from '../../harness/model/release.ts'
import { anySet, join, offered, ready } from './feature-sets.ts'

const { KVM_REG_ARM64_SVE_VLS: VLS, KVM_REG_ARM_TIMER_CNT, KVM_REG_ARM_PTIMER_CNT } = namedRegs
const u64 = { min: 0n, max: (1n << 64n) - 1n }

const hex = (n: bigint) => `0x${n.toString(16)}`
const get = (id: bigint, answer = 'ok') => `KVM_GET_ONE_REG(${regName(id)}) -> ${answer}`
const set = (id: bigint, value: bigint, answer = 'ok') => `KVM_SET_ONE_REG(${regName(id)}, &${hex(value)}) -> ${answer}`
const bytesOf = (id: bigint) => 1 << Number((id & regs.KVM_REG_SIZE_MASK) >> regs.KVM_REG_SIZE_SHIFT)

/** Every listed register with the value it has at first. */
const values = async ({ ask, askEach }: Tools, features: readonly string[]): Promise<[id: bigint, value: bigint][]> => {
  const ids = (await ask([...ready(features), 'KVM_GET_REG_LIST(n = 1000) -> ok'].join('\n'))).last.list!
  const read = await askEach(
    ready(features),
    ids.map((id) => get(id)),
  )
  return ids.map((id, i) => [id, read[i]!.value!])
}

/**
 * PMCNTENCLR_EL0, PMOVSCLR_EL0 and PMINTENCLR_EL1. Up to 6.14 userspace clears bits there as a guest would, so that
 * writing back what was read loses it.
 */
const clearing = [arm64SysReg(3, 3, 9, 12, 2), arm64SysReg(3, 3, 9, 12, 3), arm64SysReg(3, 0, 9, 14, 2)]

law(
  'what a listed register reads can be written back and then reads the same (not counters; before 6.15 not PM*CLR)',
  api('4.68', 'KVM_SET_ONE_REG'),
  async (tools) => {
    const isFixed = reached(tools.host.kernel.release, '6.15')
    const moving: bigint[] = [KVM_REG_ARM_TIMER_CNT, KVM_REG_ARM_PTIMER_CNT, ...(isFixed ? [] : clearing)]
    for (const features of [[], offered(tools.host)]) {
      const lines = (await values(tools, features)).map(([id, value]) => {
        if (moving.includes(id)) return set(id, value)
        // The choice of vector lengths is frozen by KVM_ARM_VCPU_FINALIZE.
        return `${set(id, value, id === VLS ? '-EPERM' : 'ok')}\n${get(id, `ok = ${value}`)}`
      })
      await tools.askEach(ready(features), lines)
    }
  },
)

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
          const some = holding.filter((_, i) => (i + turn) % 4 === 0)
          const given = some.map(({ id, width }, i): [bigint, bigint] => {
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

/** Z, P and FFR. */
const isOfSve = (id: bigint) => (id & regs.KVM_REG_ARM_COPROC_MASK) === regs.KVM_REG_ARM64_SVE && id !== VLS

/** Bytes of a vector register that the vcpu has, of those the id's size stands for: 16 for each 128 bits, of P and FFR 2. */
const bytesHad = (id: bigint, vls: bigint): number =>
  isOfSve(id) ? vls.toString(2).length * (bytesOf(id) === bytesOf(sveZReg(0, 0)) ? 16 : 2) : bytesOf(id)

law(
  'KVM_GET_ONE_REG touches exactly the bytes of the size code of the id, KVM_SET_ONE_REG of Z, P and FFR those the vcpu has',
  api('4.69', 'struct kvm_one_reg'),
  async (tools) => {
    for (const features of [[], offered(tools.host)]) {
      const all = await values(tools, features)
      const vls = all.find(([id]) => id === VLS)?.[1] ?? 1n
      const lines = all.flatMap(([id, value]) => {
        const size = bytesOf(id),
          read = bytesHad(id, vls),
          name = regName(id)
        const short = (from: number) => [...new Set([from - 1, from >> 1, 0])]
        return [
          `KVM_GET_ONE_REG(${name}, &short(${size})) -> ok`,
          `KVM_GET_ONE_REG(${name}, &readonly) -> -EFAULT`,
          ...short(size).map((n) => `KVM_GET_ONE_REG(${name}, &short(${n})) -> -EFAULT`),
          ...(id === VLS
            ? []
            : [
                ...[`&short(${read})`, '&readonly'].map(
                  (at) => `KVM_SET_ONE_REG(${name}, ${at}, &${hex(value)}) -> ok`,
                ),
                ...short(read).map((n) => `KVM_SET_ONE_REG(${name}, &short(${n}), &0) -> -EFAULT`),
              ]),
        ]
      })
      await tools.askEach(ready(features), lines)
    }
  },
)

law(
  'a KVM_SET_ONE_REG that fails with EFAULT leaves the register as it was (not Z, P and FFR; in 5.10 not system registers)',
  src('arch/arm64/kvm/sys_regs.c', 'kvm_sys_reg_set_user'),
  async (tools) => {
    const { host, askEach, notOffered } = tools
    if (!reached(host.kernel.release, '6.1')) notOffered('5.10 copies from userspace right into the register')
    const features = offered(host)
    const counters: bigint[] = [KVM_REG_ARM_TIMER_CNT, KVM_REG_ARM_PTIMER_CNT]
    // What can be read of Z, P and FFR is copied into them all the same.
    const still = (await values(tools, features)).filter(([id]) => id !== VLS && !isOfSve(id) && !counters.includes(id))
    await askEach(
      ready(features),
      still.map(([id, value]) =>
        [
          `KVM_SET_ONE_REG(${regName(id)}, &unmapped) -> -EFAULT`,
          get(id, `ok = ${value}`),
          `KVM_SET_ONE_REG(${regName(id)}, &short(${bytesOf(id) - 1}), &1) -> -EFAULT`,
          get(id, `ok = ${value}`),
        ].join('\n'),
      ),
    )
  },
)

const PSTATE = parseReg('KVM_REG_ARM_CORE_REG(regs.pstate)')
const ID_AA64PFR0_EL1 = arm64SysReg(3, 0, 0, 4, 0)

law(
  'regs.pstate takes EL0t, EL1t, EL1h and, if EL0 can be 32-bit, 32-bit user mode; with EL1_32BIT the 32-bit modes up to EL1',
  src('arch/arm64/kvm/guest.c', 'set_core_reg'),
  async ({ host, ask, forAll }) => {
    const pfr0 = (await ask([...ready([]), get(ID_AA64PFR0_EL1)].join('\n'))).last.value!
    const is64: readonly number[] = [
      pstate.PSR_MODE_EL0t,
      pstate.PSR_MODE_EL1t,
      pstate.PSR_MODE_EL1h,
      ...((pfr0 & 0xfn) === 2n ? [0x10] : []),
    ]
    // User, FIQ, IRQ, Supervisor, Abort, Undefined. System is left open, since kernels before 6.10 forgot it.
    const is32 = [0x10, 0x11, 0x12, 0x13, 0x17, 0x1b],
      SYSTEM = 0x1f
    const answer = (mode: number, width: number) =>
      width === 32 && mode === SYSTEM ? 'ok or -EINVAL' : (width === 32 ? is32 : is64).includes(mode) ? 'ok' : '-EINVAL'
    const modes = Array.from({ length: 32 }, (_, mode) => mode)
    for (const width of host.features.includes('KVM_ARM_VCPU_EL1_32BIT') ? [64, 32] : [64])
      await forAll(
        fc.bigInt({ min: 0n, max: (1n << 59n) - 1n }),
        async (flags) => {
          const lines = modes.map((mode) => set(PSTATE, (flags << 5n) | BigInt(mode), answer(mode, width)))
          await ask([...ready(width === 32 ? ['KVM_ARM_VCPU_EL1_32BIT'] : []), ...lines].join('\n'))
        },
        4,
      )
  },
)

law(
  'KVM_REG_ARM_DEMUX_ID_CCSIDR(n) exists for n up to 13 at most; 14 to 255 are refused with ENOENT to read and to write',
  src('arch/arm64/kvm/sys_regs.c', 'demux_c15_get'),
  async ({ ask, askEach, holds }) => {
    const heard = await ask([...ready([]), 'KVM_GET_REG_LIST(n = 1000) -> ok'].join('\n'))
    const caches = heard.last.list!.filter((id) => (id & regs.KVM_REG_ARM_COPROC_MASK) === regs.KVM_REG_ARM_DEMUX)
    holds(caches.length > 0 && caches.every((id) => (id & 0xffffn) < 14n), heard, 'ok with CCSIDRs of 0 to 13')
    const beyond = Array.from({ length: 242 }, (_, i) => parseReg(`KVM_REG_ARM_DEMUX_ID_CCSIDR(${i + 14})`))
    await askEach(
      ready([]),
      beyond.flatMap((id) => [get(id, '-ENOENT'), set(id, 0n, '-ENOENT')]),
    )
  },
)

law(
  'KVM_ARM_VCPU_INIT brings x0 to x30, sp, pc and pstate back to what the first one made of them, whatever came between',
  api('4.82', 'This will cause a reset of the cpu registers to their initial values'),
  async ({ host, ask, forAll }) => {
    const names = [...Array.from({ length: 31 }, (_, i) => `regs.regs[${i}]`), 'regs.sp', 'regs.pc', 'regs.pstate']
    const ids = names.map((name) => parseReg(`KVM_REG_ARM_CORE_REG(${name})`))
    const between = fc.array(
      fc.constantFrom(
        'KVM_RUN(immediate_exit)',
        'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)',
        'KVM_GET_REG_LIST(n = 1000)',
      ),
      { maxLength: 3 },
    )
    const words = fc.array(fc.bigInt(u64), { minLength: ids.length, maxLength: ids.length })
    await forAll(
      fc.tuple(anySet(host), words, between),
      async ([features, noise, more]) => {
        const init = `KVM_ARM_VCPU_INIT(features[] = ${join(features)}) -> ok`
        const { answers } = await ask([init, ...ids.map((id) => get(id))].join('\n'))
        const writes = ids.map((id, i) => set(id, id === PSTATE ? 0n : noise[i]!))
        const same = ids.map((id, i) => get(id, `ok = ${answers[i + 1]!.value}`))
        await ask([init, ...writes, ...more, init, ...same].join('\n'))
      },
      12,
    )
  },
)
