/** Redistributors of a GICv3: regions of memory that hold frames, and vcpus that take them in turn. */
import type { RedistRegion, Vgic } from '../../model/vgic.ts'
import { overlap } from '../../model/overlap.ts'
import type { Vm } from '../../model/vm.ts'
import { isBeyond, KiB } from './address.ts'

/** Bytes of the frames of one vcpu, and of the distributor. */
export const FRAME = 128n * KiB
export const DIST = 64n * KiB

/** What was asked for. `count` 0: the legacy region, which is as long as there are vcpus. */
export interface Region {
  legacy: boolean
  index: number
  base: bigint
  count: number
  flags: number
}

/** KVM_VGIC_V3_ADDR_TYPE_REDIST: an address. */
export const legacyRegion = (addr: bigint): Region => ({ legacy: true, index: 0, base: addr, count: 0, flags: 0 })

/** KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION: four fields. Of the twelve bits of the index the kernel looks at eight. */
export const regionIn = (value: bigint): Region => ({
  legacy: false,
  index: Number(value & 0xffn),
  base: value & 0xf_ffff_ffff_0000n,
  count: Number(value >> 52n),
  flags: Number((value >> 12n) & 0xfn),
})

/** The inverse of `regionIn`, for what KVM_GET_DEVICE_ATTR gives. */
export const regionValue = ({ index, base, count }: RedistRegion): bigint =>
  BigInt(index) | base | (BigInt(count) << 52n)

/** Bytes of the region's frames. */
export const sizeOf = (vm: Vm, { count }: { count: number }): bigint =>
  BigInt(count === 0 ? vm.vcpus.length : count) * FRAME
/** True where a redistributor region lies over the distributor. */
export const isOverDist = (vm: Vm, { dist, redist }: Vgic): boolean =>
  dist !== undefined && redist.some((r) => overlap(dist, DIST, r.base, sizeOf(vm, r)))

/**
 * True where a region, as long as it is with the vcpus there are now, passes the IPA size. Not looked at before 6.1.
 */
export const isOutside = (vm: Vm, { redist }: Vgic): boolean => redist.some((r) => isBeyond(vm, r.base, sizeOf(vm, r)))

/** The region that gives the next frame; undefined: none is left. */
export const freeRegion = ({ redist }: Vgic): RedistRegion | undefined =>
  redist.find((r) => r.count === 0 || r.used < r.count)

/** Gives every vcpu without a frame the next one, while there are any. */
const giveFrames = (vm: Vm, vgic: Vgic): void => {
  for (const vcpu of vm.vcpus) {
    const region = vcpu.frame ? undefined : freeRegion(vgic)
    if (!region) continue
    vcpu.frame = { region, index: region.used++ }
  }
}

/** The vgic as it would be with that region. */
export const added = (vgic: Vgic, { index, base, count }: Region): Vgic => ({
  ...vgic,
  redist: [...vgic.redist, { index, base, count, used: 0 }],
})

/** The region is there, and the vcpus have frames of it. */
export const addRegion = (vm: Vm, region: Region): void => {
  const vgic = vm.vgic!
  vgic.redist = added(vgic, region).redist
  giveFrames(vm, vgic)
}
