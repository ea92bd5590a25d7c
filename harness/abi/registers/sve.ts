/** SVE registers, and the vector lengths that are chosen before they exist. */
import { api, src, type Refusal } from '../../model/rule.ts'
import { namedRegs, regs, sveFfr, svePReg, sveZReg } from '../../names/index.ts'
import { has } from '../../model/vcpu.ts'
import type { Here } from '../../model/world.ts'
import { type NewValue, type OneReg, written } from './one-reg.ts'
import { groupOf } from './table.ts'
import { SVE } from './value.ts'

const VLS = namedRegs.KVM_REG_ARM64_SVE_VLS
const between = (id: bigint, first: bigint, last: bigint): boolean => id >= first && id <= last
/** A Z, P or first-fault register, existing or not. */
const isVector = (id: bigint): boolean =>
  between(id, sveZReg(0, 0), sveZReg(31, 31)) || between(id, svePReg(0, 0), sveFfr(31))
const sliceOf = (id: bigint): bigint => id & 31n

/** For KVM_GET_ONE_REG and KVM_SET_ONE_REG, before the value's pointer. */
export const noSveRegister: readonly Refusal<OneReg>[] = [
  {
    why: 'no SVE register',
    of: { register: 'sve' },
    says: 'The id is one of Z0 to Z31, P0 to P15, FFR and VLS, of their size. Others are not ENOENT, also without SVE.',
    cite: src('arch/arm64/kvm/guest.c', 'sve_reg_to_region'),
    errno: 'EINVAL',
    when: (_, { id }) => groupOf(id) === regs.KVM_REG_ARM64_SVE && id !== VLS && !isVector(id),
  },
  {
    why: 'vcpu without SVE',
    of: { register: 'sve' },
    says: 'SVE registers exist on vcpus with KVM_ARM_VCPU_SVE.',
    cite: api('4.68', 'These registers are only accessible on vcpus for which SVE is enabled'),
    errno: 'ENOENT',
    when: ({ vcpu }, { id }) => (id === VLS || isVector(id)) && (has(vcpu) & SVE) === 0,
  },
  {
    why: 'no such slice',
    of: { register: 'sve' },
    says: 'Only slice 0 exists so far.',
    cite: api('4.68', 'Access to register IDs where 2048 * slice >= 128 * max_vq will fail with ENOENT'),
    errno: 'ENOENT',
    when: (_, { id }) => isVector(id) && sliceOf(id) !== 0n,
  },
  {
    why: 'too early',
    of: { register: 'sve' },
    says: 'Z, P and FFR have a size once SVE is finalized.',
    cite: api('4.68', 'EPERM (arm64) register access not allowed before vcpu finalization'),
    text: [
      {
        says: 'Until then KVM_GET_ONE_REG and KVM_SET_ONE_REG fail, whatever the register.',
        cite: api('4.119', 'Other calls that depend on a particular feature being finalized'),
      },
    ],
    errno: 'EPERM',
    when: ({ vcpu }, { id }) => isVector(id) && !vcpu.sveFinalized,
  },
]

export const lengthsAreFinal: Refusal<NewValue> = {
  why: 'too late',
  of: { register: 'sve' },
  says: 'Vector lengths are chosen before SVE is finalized.',
  cite: api('4.68', 'Userspace may subsequently modify it if desired until the vcpu’s SVE configuration is finalized'),
  errno: 'EPERM',
  when: ({ vcpu }, { id }) => id === VLS && vcpu.sveFinalized,
}

export const wrongLengths: Refusal<NewValue> = {
  why: 'vector lengths',
  of: { register: 'sve' },
  says: 'The lengths are those of the host up to some maximum, one at least; none can be left out below it.',
  cite: api('4.68', 'KVM_REG_ARM64_SVE_VLS'),
  errno: 'EINVAL',
  when: ({ host }, arg) => {
    const value = written(arg, host)
    const upTo = (1n << BigInt(value.toString(2).length)) - 1n
    return arg.id === VLS && (value === 0n || value !== (BigInt(`0x${host.vls}`) & upTo))
  },
}

/** The value is copied straight into the register, and what cannot be read of it counts as zero. */
export const zeroed = (here: Here, { id, to }: OneReg): void => {
  if (isVector(id)) here.vcpu.regs.set(id, typeof to !== 'number' ? 0n : undefined)
}

/** True if it was VLS, which is chosen now. */
export const chose = ({ vcpu }: Here, id: bigint, value: bigint): boolean => {
  if (id === VLS) vcpu.vls = value
  return id === VLS
}
