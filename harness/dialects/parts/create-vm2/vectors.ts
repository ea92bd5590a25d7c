/** A VM that was told how long the vectors of its vcpus can be, and what its vcpus make of that. */
import { written, type NewValue } from '../../../abi/registers/one-reg.ts'
import type { VcpuInit } from '../../../abi/args/arm-vcpu-init.ts'
import { andThen, before } from '../../../model/dialect.ts'
import type { Host } from '../../../model/host.ts'
import { assumed, type Ioctl, type Refusal } from '../../../model/rule.ts'
import { has } from '../../../model/vcpu.ts'
import type { Here } from '../../../model/world.ts'
import type { Vm } from '../../../model/vm.ts'
import { features, namedRegs } from '../../../names/index.ts'

const SVE = 1 << features.KVM_ARM_VCPU_SVE
const VLS = namedRegs.KVM_REG_ARM64_SVE_VLS

/** The bit of KVM_REG_ARM64_SVE_VLS that stands for vectors of so many bits. */
const bitOf = (length: number): bigint => 1n << BigInt(length / 128 - 1)

/** The longest vectors of the host, in bits; 0 without SVE. */
export const longestOf = (host: Host): number => {
  const vls = BigInt(`0x${host.vls}`)
  return vls === 0n ? 0 : vls.toString(2).length * 128
}

/** True where vectors of the host can have so many bits. */
export const hasLength = (host: Host, length: number): boolean =>
  length > 0 && length <= longestOf(host) && length % 128 === 0 && (BigInt(`0x${host.vls}`) & bitOf(length)) !== 0n

/** Every vector length of the host, in bits. */
export const lengthsOf = (host: Host): number[] =>
  Array.from({ length: longestOf(host) / 128 }, (_, i) => (i + 1) * 128).filter((length) => hasLength(host, length))

/**
 * Changes to the shipped ioctls. `longest` says how many bits the vectors of a VM's vcpus have at most: 0 where there
 * are none, undefined where nobody has said anything. `hasAlways`: it never is 0.
 */
export const limitedBy = (
  longest: (vm: Vm) => number | undefined,
  { hasAlways = false } = {},
): Record<string, (ioctl: Ioctl) => Ioctl> => {
  const lengths = (vm: Vm): bigint | undefined => {
    const bits = longest(vm)
    return bits === undefined ? undefined : bits === 0 ? 0n : 2n * bitOf(bits) - 1n
  }
  const withoutSve: Refusal<VcpuInit> = {
    why: 'VM without SVE',
    says: 'A vcpu has no SVE where its VM was made without.',
    cite: assumed('what a VM is told when it is made holds for its vcpus'),
    errno: 'EINVAL',
    when: ({ vm }, { features: f }) => longest(vm) === 0 && (f & SVE) !== 0,
  }
  const tooLong: Refusal<NewValue> = {
    why: 'longer than those of the VM',
    says: 'A vcpu can have shorter vectors than its VM was made for, and no longer ones.',
    cite: assumed('what a VM is told when it is made holds for its vcpus'),
    errno: 'EINVAL',
    when: ({ vm, host }, arg) => {
      const known = lengths(vm)
      return arg.id === VLS && known !== undefined && (written(arg, host) & ~known) !== 0n
    },
  }
  const clip = ({ vm, vcpu }: Here) => {
    if ((has(vcpu) & SVE) !== 0 && !vcpu.sveFinalized) vcpu.vls &= lengths(vm) ?? vcpu.vls
  }
  return {
    KVM_ARM_VCPU_INIT: (ioctl) => andThen(clip)(hasAlways ? ioctl : before('target', withoutSve)(ioctl)),
    KVM_SET_ONE_REG: before('vector lengths', tooLong),
  }
}
