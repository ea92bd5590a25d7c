/** Core registers: the fields of struct kvm_regs, by their offset in words of four bytes. */
import { api, type Refusal, type Statement, src } from '../../model/rule.ts'
import { coreRegs, features, pstate, regs, structs } from '../../names/index.ts'
import type { Host } from '../../model/host.ts'
import { has, type Vcpu } from '../../model/vcpu.ts'
import type { Here } from '../../model/world.ts'
import type { NewValue, OneReg } from './one-reg.ts'
import { written } from './one-reg.ts'
import { baseOf, groupOf, sizeOf } from './table.ts'
import { ID_AA64PFR0_EL1, SVE, store, valueOf } from './value.ts'

const WORDS = structs.kvm_regs.size / 4
const ids = new Set(coreRegs.values())
const vectors = new Set([...coreRegs].filter(([name]) => name.startsWith('fp_regs.vregs')).map(([, id]) => id))
export const PSTATE = coreRegs.get('regs.pstate')!
const PC = coreRegs.get('regs.pc')!
const integer = (n: number): bigint => coreRegs.get(`regs.regs[${n}]`)!

const isCore = (id: bigint): boolean => groupOf(id) === regs.KVM_REG_ARM_CORE
/** Bits 31 to 28 count as part of the offset. */
const offsetOf = (id: bigint): number => Number(id & 0xf000_ffffn)

const AARCH32 = 1 << features.KVM_ARM_VCPU_EL1_32BIT
const HAS_EL2 = 1 << features.KVM_ARM_VCPU_HAS_EL2
/** Mode numbers with PSR_MODE32_BIT, of the processor state in AArch32. */
const USR = 0x10,
  SYS = 0x1f
const PRIVILEGED = [0x11, 0x12, 0x13, 0x17, 0x1b, SYS]
const AARCH64: readonly number[] = [pstate.PSR_MODE_EL0t, pstate.PSR_MODE_EL1t, pstate.PSR_MODE_EL1h]
const EL2: readonly number[] = [pstate.PSR_MODE_EL2t, pstate.PSR_MODE_EL2h]

export const modeOf = (value: bigint): number => Number(value & 0x1fn)

/**
 * Whether user mode can be 32-bit, as ID_AA64PFR0_EL1.EL0 says: neoverse-n1 has that and no 32-bit EL1, a64fx has
 * neither.
 */
export const has32BitEl0 = (host: Host): boolean => (baseOf(host, ID_AA64PFR0_EL1) & 15n) === 2n

/** Whether the vcpu has EL2, of which a guest makes a hypervisor. */
export const hasEl2 = (vcpu: Vcpu): boolean => (vcpu.features & HAS_EL2) !== 0

const hasMode = ({ host, vcpu }: Here, mode: number): boolean => {
  const is32 = (vcpu.features & AARCH32) !== 0
  if (EL2.includes(mode)) return hasEl2(vcpu)
  return mode === USR ? has32BitEl0(host) : PRIVILEGED.includes(mode) ? is32 : AARCH64.includes(mode) && !is32
}

const indicative: Statement = {
  says: 'Which of ENOENT and EINVAL it is cannot be relied on.',
  cite: api('4.68', 'These error codes are indicative only'),
}

/** For KVM_GET_ONE_REG and KVM_SET_ONE_REG, before the value's pointer. */
export const noCoreRegister: readonly Refusal<OneReg>[] = [
  {
    why: 'beyond kvm_regs',
    of: { register: 'core' },
    says: 'A core register ends before the last word of struct kvm_regs.',
    cite: src('arch/arm64/kvm/guest.c', 'get_core_reg'),
    text: [indicative],
    errno: 'ENOENT',
    when: (_, { id }) => isCore(id) && (offsetOf(id) >= WORDS || offsetOf(id) + Math.floor(sizeOf(id) / 4) >= WORDS),
  },
  {
    why: 'no core register',
    of: { register: 'core' },
    says: 'Offset and size are those of one register of struct kvm_regs.',
    cite: api('4.68', 'EINVAL invalid register ID'),
    text: [indicative],
    errno: 'EINVAL',
    when: (_, { id }) => isCore(id) && !ids.has(id),
  },
  {
    why: 'use SVE registers',
    of: { register: 'core' },
    says: 'A vcpu with SVE has its vector registers as Z0 to Z31 only.',
    cite: api('4.68', 'These encodings are not accepted for SVE-enabled vcpus'),
    errno: 'EINVAL',
    when: ({ vcpu }, { id }) => vectors.has(id) && (has(vcpu) & SVE) !== 0,
  },
]

export const wrongMode: Refusal<NewValue> = {
  why: 'processor mode',
  of: { register: 'core' },
  says: 'PSTATE holds a mode that the vcpu has: not EL2 without KVM_ARM_VCPU_HAS_EL2, nor EL1 of the other width.',
  cite: src('arch/arm64/kvm/guest.c', 'set_core_reg'),
  errno: 'EINVAL',
  when: (here, arg) => arg.id === PSTATE && !hasMode(here, modeOf(written(arg, here.host))),
  lacks: ({ host }) => (has32BitEl0(host) ? 'no such processor mode' : 'no 32-bit EL0'),
}

const narrow = (here: Here, id: bigint): void => {
  const value = valueOf(here, id)
  if (value !== undefined && value >> 32n !== 0n) store(here, id, value & 0xffff_ffffn)
}

/** In AArch32 any write to a core register cuts the others to 32 bits, which userspace notices. */
export const narrowed = (here: Here, id: bigint): void => {
  const state = valueOf(here, PSTATE)
  if (!isCore(id) || state === undefined || (state & BigInt(pstate.PSR_MODE32_BIT)) === 0n) return
  const count = modeOf(state) === USR || modeOf(state) === SYS ? 15 : 31
  for (let n = 0; n < count; n++) narrow(here, integer(n))
  narrow(here, PC)
}

/** 5.10 cuts r0 to r14 and the pc; of r13 and r14 it depends on the mode which registers these are. */
export const narrowedBanked = (here: Here, id: bigint): void => {
  const state = valueOf(here, PSTATE)
  if (!isCore(id) || state === undefined || (state & BigInt(pstate.PSR_MODE32_BIT)) === 0n) return
  for (let n = 0; n < 13; n++) narrow(here, integer(n))
  narrow(here, PC)
  for (let n = 13; n < 31; n++)
    if ((valueOf(here, integer(n)) ?? 0n) >> 32n !== 0n) here.vcpu.regs.set(integer(n), undefined)
}
