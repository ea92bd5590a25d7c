/** Values of registers: what is written reads back, no more and no less is copied, and a reset resets. */
import fc from 'fast-check'
import { api, src } from '../../harness/ioctl.ts'
import { law, type Tools } from '../../harness/law.ts'
import { arm64SysReg, namedRegs, parseReg, pstate, regName, regs } from '../../harness/names.ts'
import { reached } from '../../harness/release.ts'
import { anySet, join, offered, ready } from './feature-sets.ts'

const list = 'KVM_GET_REG_LIST(n = 1000) -> ok'
const { KVM_REG_ARM64_SVE_VLS: VLS, KVM_REG_ARM_TIMER_CNT, KVM_REG_ARM_PTIMER_CNT } = namedRegs
const counters = [KVM_REG_ARM_TIMER_CNT, KVM_REG_ARM_PTIMER_CNT] as bigint[]

const hex = (n: bigint) => `0x${n.toString(16)}`
const get = (id: bigint) => `KVM_GET_ONE_REG(${regName(id)})`
const set = (id: bigint, value: bigint) => `KVM_SET_ONE_REG(${regName(id)}, &${hex(value)})`
const bytesOf = (id: bigint) => 1 << Number((id & regs.KVM_REG_SIZE_MASK) >> regs.KVM_REG_SIZE_SHIFT)

const inChunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/** Every listed register with the value it has at first. */
const values = async ({ ask, askAll }: Tools, features: readonly string[]): Promise<[id: bigint, value: bigint][]> => {
  const ids = (await ask([...ready(features), list].join('\n'))).last.list!
  const heard = await askAll(inChunks(ids, 90).map((some) => [...ready(features), ...some.map((id) => `${get(id)} -> ok`)].join('\n')))
  const read = heard.flatMap(({ answers }) => answers.slice(ready(features).length).map((a) => a.value!))
  return ids.map((id, i) => [id, read[i]!])
}

/** PMCNTENCLR_EL0, PMOVSCLR_EL0, PMINTENCLR_EL1: what is written there from userspace clears bits up to 6.14, so that writing back what was read loses it. */
const clearing = [arm64SysReg(3, 3, 9, 12, 2), arm64SysReg(3, 3, 9, 12, 3), arm64SysReg(3, 0, 9, 14, 2)]

law('what a listed register reads can be written back, after which it reads the same (counters move on, KVM_REG_ARM64_SVE_VLS is EPERM after KVM_ARM_VCPU_FINALIZE, up to 6.14 PM*CLR clear)',
  api('4.68', 'KVM_SET_ONE_REG'), async (tools) => {
    const moving = [...counters, ...(reached(tools.host.kernel.release, '6.15') ? [] : clearing)]
    for (const features of [[], offered(tools.host)]) {
      const lines = (await values(tools, features)).map(([id, value]) => moving.includes(id) ? `${set(id, value)} -> ok`
        : `${set(id, value)} -> ${id === VLS ? '-EPERM' : 'ok'}\n${get(id)} -> ok = ${hex(value)}`)
      await tools.askAll(inChunks(lines, 45).map((some) => [...ready(features), ...some].join('\n')))
    }
  })

/** System registers that only hold what they are given. */
const plain = [
  ...[[3, 0, 2, 0, 0], [3, 0, 2, 0, 1], [3, 0, 10, 2, 0], [3, 0, 10, 3, 0], [3, 0, 12, 0, 0], [3, 0, 13, 0, 1], [3, 0, 13, 0, 4], [3, 3, 13, 0, 2], [3, 3, 13, 0, 3],
    [3, 0, 6, 0, 0], [3, 0, 5, 2, 0], [3, 0, 5, 1, 0], [3, 0, 5, 1, 1], [3, 0, 14, 1, 0], [3, 0, 7, 4, 0],
    [3, 0, 2, 1, 0], [3, 0, 2, 1, 1], [3, 0, 2, 1, 2], [3, 0, 2, 1, 3], [3, 0, 2, 2, 0], [3, 0, 2, 2, 1], [3, 0, 2, 2, 2], [3, 0, 2, 2, 3], [3, 0, 2, 3, 0], [3, 0, 2, 3, 1],
  ].map((ops) => arm64SysReg(...ops as [number, number, number, number, number])),
  namedRegs.KVM_REG_ARM_TIMER_CVAL, namedRegs.KVM_REG_ARM_PTIMER_CVAL,
] as bigint[]

/** How many bits of a register hold values; 0 where not any value will do. `vq`: the vector length in units of 128 bits. */
const widthOf = (id: bigint, vq: number): number => {
  const name = regName(id)
  if (/^KVM_REG_ARM64_SVE_ZREG/.test(name)) return 128 * vq
  if (/^KVM_REG_ARM64_SVE_(PREG|FFR)/.test(name)) return 16 * vq
  return (name.startsWith('KVM_REG_ARM_CORE_REG') && !name.includes('pstate')) || plain.includes(id) ? bytesOf(id) * 8 : 0
}

law('core registers, Z, P and FFR, timer compare values and plain system registers read back what was written to them, whatever is written to the others',
  api('4.68', 'KVM_SET_ONE_REG'), async (tools) => {
    const { host, forAll, ask } = tools
    const noise = fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 32, maxLength: 32 })
    for (const features of [[], offered(host)]) {
      const known = await values(tools, features)
      const vls = known.find(([id]) => id === VLS)?.[1] ?? 0n
      const widths = known.map(([id]) => ({ id, width: widthOf(id, vls.toString(2).length) })).filter(({ width }) => width > 0)
      await forAll(fc.tuple(noise, fc.nat(1 << 20)), async ([words, turn]) => {
        const some = widths.filter((_, i) => (i + turn) % 4 === 0)
        const given = some.map(({ id, width }, i) => {
          const value = words.reduce((all, word, k) => all | ((word ^ BigInt(i * 0x9e3779b9 + turn)) << BigInt(64 * k)), 0n)
          return [id, BigInt.asUintN(width, value)] as const
        })
        await ask([...ready(features), ...given.map(([id, v]) => `${set(id, v)} -> ok`), ...given.map(([id, v]) => `${get(id)} -> ok = ${hex(v)}`)].join('\n'))
      }, 12)
    }
  })

law('KVM_GET_ONE_REG and KVM_SET_ONE_REG touch exactly as many bytes as the id’s size code says: one byte less before an unmapped page is EFAULT',
  api('4.69', 'struct kvm_one_reg'), async (tools) => {
    for (const features of [[], offered(tools.host)]) {
      const lines = (await values(tools, features)).map(([id, value]) => {
        const size = bytesOf(id)
        const short = [...new Set([size - 1, size >> 1, 0])]
        return [
          `KVM_GET_ONE_REG(${regName(id)}, &short(${size})) -> ok`,
          ...short.map((n) => `KVM_GET_ONE_REG(${regName(id)}, &short(${n})) -> -EFAULT`), `KVM_GET_ONE_REG(${regName(id)}, &readonly) -> -EFAULT`,
          ...(id === VLS ? [] : [
            `KVM_SET_ONE_REG(${regName(id)}, &short(${size}), &${hex(value)}) -> ok`, `KVM_SET_ONE_REG(${regName(id)}, &readonly, &${hex(value)}) -> ok`,
            ...short.map((n) => `KVM_SET_ONE_REG(${regName(id)}, &short(${n}), &0) -> -EFAULT`),
          ]),
        ].join('\n')
      })
      await tools.askAll(inChunks(lines, 8).map((some) => [...ready(features), ...some].join('\n')))
    }
  })

const PSTATE = 'KVM_REG_ARM_CORE_REG(regs.pstate)'

law('of the processor modes regs.pstate takes EL0t, EL1t and EL1h and, if EL0 can be 32-bit, the 32-bit user mode; with KVM_ARM_VCPU_EL1_32BIT the 32-bit modes up to EL1; all else is EINVAL',
  src('arch/arm64/kvm/guest.c', 'set_core_reg'), async ({ host, ask, forAll }) => {
    const pfr0 = (await ask(`${ready([]).join('\n')}\n${get(arm64SysReg(3, 0, 0, 4, 0))} -> ok`)).last.value!
    const user32 = (pfr0 & 0xfn) === 2n
    const is64 = [pstate.PSR_MODE_EL0t, pstate.PSR_MODE_EL1t, pstate.PSR_MODE_EL1h] as number[]
    // User, FIQ, IRQ, Supervisor, Abort, Undefined; System is left open, since kernels before 6.10 forgot it.
    const is32 = [0x10, 0x11, 0x12, 0x13, 0x17, 0x1b]
    const answer = (mode: number, width: 32 | 64) => width === 32 && mode === 0x1f ? 'ok or -EINVAL'
      : (width === 32 ? is32.includes(mode) : is64.includes(mode) || (mode === 0x10 && user32)) ? 'ok' : '-EINVAL'
    const widths = host.features.includes('KVM_ARM_VCPU_EL1_32BIT') ? [64, 32] as const : [64] as const
    for (const width of widths) await forAll(fc.bigInt({ min: 0n, max: (1n << 59n) - 1n }), async (flags) => {
      await ask([...ready(width === 32 ? ['KVM_ARM_VCPU_EL1_32BIT'] : []), ...Array.from({ length: 32 }, (_, mode) =>
        `KVM_SET_ONE_REG(${PSTATE}, &${hex((flags << 5n) | BigInt(mode))}) -> ${answer(mode, width)}`)].join('\n'))
    }, 4)
  })

law('KVM_REG_ARM_DEMUX_ID_CCSIDR exists for CSSELR values 0 to 13 at most; 14 to 255 are refused with ENOENT to read and to write',
  src('arch/arm64/kvm/sys_regs.c', 'demux_c15_get'), async ({ ask, askAll, holds }) => {
    const heard = await ask([...ready([]), list].join('\n'))
    const demux = heard.last.list!.filter((id) => (id & regs.KVM_REG_ARM_COPROC_MASK) === regs.KVM_REG_ARM_DEMUX)
    holds(demux.length > 0 && demux.every((id) => (id & 0xffffn) < 14n), heard, 'ok with CCSIDRs of 0 to 13')
    const beyond = Array.from({ length: 242 }, (_, i) => `KVM_REG_ARM_DEMUX_ID_CCSIDR(${i + 14})`)
    await askAll(inChunks(beyond.flatMap((name) => [`KVM_GET_ONE_REG(${name}) -> -ENOENT`, `KVM_SET_ONE_REG(${name}, &0) -> -ENOENT`]), 90)
      .map((some) => [...ready([]), ...some].join('\n')))
  })

law('KVM_ARM_VCPU_INIT brings x0 to x30, sp, pc and pstate back to what they are after the first one, whatever was done to the vcpu',
  api('4.82', 'reset to their initial values'), async ({ host, ask, askAll, forAll }) => {
    const names = [...Array.from({ length: 31 }, (_, i) => `regs.regs[${i}]`), 'regs.sp', 'regs.pc', 'regs.pstate'].map((n) => `KVM_REG_ARM_CORE_REG(${n})`)
    const mess = fc.constantFrom('KVM_RUN(immediate_exit)', 'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)', 'KVM_GET_REG_LIST(n = 1000)')
    await forAll(fc.tuple(anySet(host), fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 34, maxLength: 34 }), fc.array(mess, { maxLength: 3 })),
      async ([features, words, more]) => {
        const init = `KVM_ARM_VCPU_INIT(features[] = ${join(features)}) -> ok`
        const { answers } = await ask([init, ...names.map((n) => `KVM_GET_ONE_REG(${n}) -> ok`)].join('\n'))
        const first = answers.slice(1).map((a) => a.value!)
        const writes = names.map((n, i) => set(parseReg(n), n.includes('pstate') ? 0n : words[i]!) + ' -> ok')
        await askAll([[init, ...writes, ...more, init, ...names.map((n, i) => `KVM_GET_ONE_REG(${n}) -> ok = ${hex(first[i]!)}`)].join('\n')])
      }, 12)
  })
