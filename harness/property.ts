/** Calls in any order, legal or not: the illegal ones are the point. */
import fc from 'fast-check'
import { abi, ioctlNamed } from './abi/index.ts'
import { sortOf, type Call } from './call.ts'
import { printCall } from './trace.ts'
import type { Ioctl } from './ioctl.ts'
import { deviceTypes, vgicAddrTypes, vgicCtrl, vgicGroups } from './names.ts'

/** Descriptors a call is drawn for, by what the ioctl is made on; the first are the likely ones. */
const subjects: Record<string, readonly { name: string; weight: number }[]> = {
  kvm: [{ name: 'kvm', weight: 1 }],
  vm: [{ name: 'vm', weight: 12 }, { name: 'vm1', weight: 1 }],
  vcpu: [{ name: 'vcpu0', weight: 8 }, { name: 'vcpu1', weight: 4 }, { name: 'vcpu2', weight: 1 }],
  device: [{ name: 'gic', weight: 10 }, { name: 'its', weight: 3 }],
}

const named = (call: Call): Call => Object.defineProperty(call, fc.toStringMethod, { value: () => printCall(call), enumerable: false })

const callOn = (ioctl: Ioctl, name: string): fc.Arbitrary<Call> =>
  ioctl.takes.any(sortOf(name)).map((arg) => named({ on: name, ioctl, arg }))

/** Where an ioctl may be drawn: on the descriptors it is for, and now and then where it is not. */
const placesOf = (ioctl: Ioctl): { arbitrary: fc.Arbitrary<Call>; weight: number }[] => {
  const sorts = new Set(ioctl.on.map((kind) => (kind === 'kvm' || kind === 'vm' || kind === 'vcpu' ? kind : 'device')))
  if (sorts.size === 0) for (const sort of ['kvm', 'vm', 'vcpu', 'device'] as const) sorts.add(sort)
  // Attributes of vcpus and VMs are there so that a device's are not taken for theirs.
  const times = (sort: string) => (sorts.has('device') && sort === 'device' ? 12 : 1)
  const places = [...sorts].flatMap((sort) => subjects[sort]!.map(({ name, weight }) => ({ arbitrary: callOn(ioctl, name), weight: weight * times(sort) })))
  if (ioctl.name === 'KVM_RUN') places.push({ arbitrary: callOn(ioctl, 'vm'), weight: 1 })
  return places
}

/** How often each ioctl is drawn; those not named here once. */
const weights: Record<string, number> = {
  KVM_CREATE_VM: 1, KVM_CREATE_VCPU: 4, KVM_ARM_VCPU_INIT: 8, KVM_ARM_VCPU_FINALIZE: 5, KVM_RUN: 5, KVM_GET_REG_LIST: 3,
  KVM_GET_ONE_REG: 6, KVM_SET_ONE_REG: 8, KVM_CREATE_DEVICE: 4, KVM_CREATE_IRQCHIP: 2, KVM_SET_DEVICE_ATTR: 14, KVM_GET_DEVICE_ATTR: 5,
  KVM_HAS_DEVICE_ATTR: 3, KVM_ARM_SET_DEVICE_ADDR: 4, KVM_SET_USER_MEMORY_REGION: 5, KVM_CHECK_EXTENSION: 2,
}

const anyCall: fc.Arbitrary<Call> = fc.oneof(...abi.map((ioctl) => ({
  arbitrary: fc.oneof(...placesOf(ioctl)), weight: weights[ioctl.name] ?? 1,
})))

const made = (name: string, on: string, arg: unknown): Call | undefined => {
  const ioctl = ioctlNamed(name)
  return ioctl && named({ on, ioctl, arg })
}
const some = (...calls: (Call | undefined)[]) => calls.filter((c) => c !== undefined)

const vm = made('KVM_CREATE_VM', 'kvm', 0n)
const vcpu0 = made('KVM_CREATE_VCPU', 'vm', 0n)
const vcpu1 = made('KVM_CREATE_VCPU', 'vm', 1n)
const gicV2 = made('KVM_CREATE_DEVICE', 'vm', { type: deviceTypes.KVM_DEV_TYPE_ARM_VGIC_V2, flags: 0 })
const gicV3 = made('KVM_CREATE_DEVICE', 'vm', { type: deviceTypes.KVM_DEV_TYPE_ARM_VGIC_V3, flags: 0 })
const its = made('KVM_CREATE_DEVICE', 'vm', { type: deviceTypes.KVM_DEV_TYPE_ARM_VGIC_ITS, flags: 0 })
const { KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_DEV_ARM_VGIC_GRP_CTRL } = vgicGroups
const place = (type: keyof typeof vgicAddrTypes, value: bigint) =>
  made('KVM_SET_DEVICE_ATTR', 'gic', { group: KVM_DEV_ARM_VGIC_GRP_ADDR, attr: BigInt(vgicAddrTypes[type]), value })
const gicInit = made('KVM_SET_DEVICE_ATTR', 'gic', { group: KVM_DEV_ARM_VGIC_GRP_CTRL, attr: BigInt(vgicCtrl.KVM_DEV_ARM_VGIC_CTRL_INIT) })
const init = (on: string, features: number) => made('KVM_ARM_VCPU_INIT', on, { features })

/** How a sequence may begin, so that what follows meets something. The simplest is first: shrinking goes there. */
const beginnings: readonly (readonly Call[])[] = [
  [],
  some(vm),
  some(vm, vcpu0),
  some(vm, vcpu0, init('vcpu0', 0)),
  some(vm, vcpu0, init('vcpu0', 1 << 4)),
  some(vm, vcpu0, init('vcpu0', 1 << 3)),
  some(vm, vcpu0, vcpu1),
  some(vm, vcpu0, vcpu1, init('vcpu0', 1 << 2)),
  some(vm, gicV3),
  some(vm, gicV2),
  some(vm, vcpu0, gicV3),
  some(vm, vcpu0, gicV2),
  some(vm, vcpu0, vcpu1, gicV3, init('vcpu0', 1 << 2)),
  some(vm, vcpu0, gicV2, init('vcpu0', 1 << 2)),
  some(vm, vcpu0, its),
  some(vm, vcpu0, gicV3, init('vcpu0', 0), place('KVM_VGIC_V3_ADDR_TYPE_DIST', 0x800_0000n), place('KVM_VGIC_V3_ADDR_TYPE_REDIST', 0n), gicInit),
  some(vm, vcpu0, gicV2, init('vcpu0', 0), place('KVM_VGIC_V2_ADDR_TYPE_DIST', 0x800_0000n), place('KVM_VGIC_V2_ADDR_TYPE_CPU', 0n)),
]

/** Sequences of up to `most` calls. Print as traces. */
export const anyCalls = (most = 12): fc.Arbitrary<readonly Call[]> =>
  fc.tuple(fc.nat(beginnings.length - 1), fc.array(anyCall, { maxLength: most, size: 'max' }))
    .map(([i, calls]) => [...beginnings[i]!, ...calls].slice(0, most))
