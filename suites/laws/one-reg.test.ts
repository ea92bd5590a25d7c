/** Registers read and written: what was read can be written back, and no more and no less than a register is copied. */
import { api, src } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { law } from '../../harness/suite/law.ts'
import { arm64SysReg, namedRegs, parseReg, regName, regs, sveZReg } from '../../harness/names/index.ts'
import { reached } from '../../harness/model/release.ts'
import { offered, ready } from './feature-sets.ts'
import { bytesOf, get, set, values, VLS } from './registers.ts'

const { KVM_REG_ARM_TIMER_CNT, KVM_REG_ARM_PTIMER_CNT } = namedRegs

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

/** Z, P and FFR. */
const isOfSve = (id: bigint) => (id & regs.KVM_REG_ARM_COPROC_MASK) === regs.KVM_REG_ARM64_SVE && id !== VLS

/**
 * Bytes of a vector register that the vcpu has, of those the id's size stands for: 16 for each 128 bits, of P and FFR
 * 2.
 */
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
    if (!reached(host.kernel.release, '6.1'))
      notOffered('5.10 copies straight into the register, so that a pointer that fails halfway leaves a part there')
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
