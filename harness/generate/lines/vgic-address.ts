/** Where the frames of a vgic and an ITS are put. */
import { vgicSizes, type vgicAddrTypes } from '../../names/index.ts'
import { hex } from '../../model/scalar.ts'
import { remembered } from './remembered.ts'

type AddressType = keyof typeof vgicAddrTypes
const SIZES: Partial<Record<AddressType, number>> = {
  KVM_VGIC_V2_ADDR_TYPE_DIST: vgicSizes.KVM_VGIC_V2_DIST_SIZE,
  KVM_VGIC_V2_ADDR_TYPE_CPU: vgicSizes.KVM_VGIC_V2_CPU_SIZE,
  KVM_VGIC_V3_ADDR_TYPE_DIST: vgicSizes.KVM_VGIC_V3_DIST_SIZE,
  KVM_VGIC_ITS_ADDR_TYPE: vgicSizes.KVM_VGIC_V3_ITS_SIZE,
}
const REDISTRIBUTOR = 0x2_0000
const isRegion = (type: AddressType) => type === 'KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION'
const unitOf = (type: AddressType) => (type.startsWith('KVM_VGIC_V2') ? 0x1000n : 0x1_0000n)
export const frames: Record<'v2' | 'v3', readonly AddressType[]> = {
  v2: ['KVM_VGIC_V2_ADDR_TYPE_DIST', 'KVM_VGIC_V2_ADDR_TYPE_CPU'],
  v3: ['KVM_VGIC_V3_ADDR_TYPE_DIST', 'KVM_VGIC_V3_ADDR_TYPE_REDIST', 'KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION'],
}
/** Sets an address; of a region the value holds index and count as well. */
export const place = (type: AddressType, value: string, on = 'gic') =>
  `${on}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &${value})`
/** Asks for it. */
export const placed = (type: AddressType, on = 'gic') =>
  `${on}: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &0x0)`
export const oldPlace = (type: AddressType, value: string) => `vm: KVM_ARM_SET_DEVICE_ADDR(${type}, ${value})`
const ONE_FRAME = 1n << 52n
export const region = (base: bigint, index = 0n, count = 1n, flags = 0n) =>
  hex(index | base | (flags << 12n) | (count << 52n))
/** Frames that end a unit before the end of the IPA space, at it, and behind it; and that begin there. */
export const atLimit = remembered((ipa: number, type: AddressType): readonly string[] => {
  const end = 1n << BigInt(ipa),
    unit = unitOf(type),
    size = BigInt(SIZES[type] ?? REDISTRIBUTOR)
  return [
    end - size - unit,
    end - size,
    end - size,
    end - size + unit,
    end - unit,
    end,
    end + unit,
    -unit,
    -size,
    -size - unit,
  ].map((base) => (isRegion(type) ? hex((base & 0xf_ffff_ffff_0000n) | ONE_FRAME) : hex(base)))
})
export const goodAddresses = (type: AddressType): readonly string[] =>
  isRegion(type)
    ? [region(0n), region(0x10_0000n, 1n), region(0n, 0n, 2n), region(0x20_0000n, 2n)]
    : ['0x8000000', '0x0', '0x100000']
export const badAddresses = remembered((ipa: number, type: AddressType): readonly string[] => {
  const end = 1n << BigInt(ipa)
  return isRegion(type)
    ? [
        region(0n, 0n, 0n),
        region(0n, 0n, 1n, 1n),
        region(0n, 5n),
        region(end & 0xf_ffff_ffff_0000n),
        region(0x800_0000n),
        region(0n, 0n, 0xfffn),
      ]
    : [
        hex(0x800_0000n + unitOf(type) / 2n),
        hex(end),
        hex(end + 1n),
        hex(-unitOf(type)),
        hex(-unitOf(type) + 1n),
        '0x8000001',
      ]
})
/** Regions that hold fewer frames than there may be vcpus, or lie over the distributor. */
export const scarceRegions: readonly (readonly [AddressType, string])[] = [
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0n)],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x10_0000n, 1n)],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x7fe0000'],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x7fc0000'],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x7ff_0000n)],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8000000'],
]
const REDIST_REGION = 'KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION'
/** The old call that 5.10 takes for the redistributors as well. */
export const oldRegions = [
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x0'),
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8001000'),
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x7ff0000'),
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000'),
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x10000000000'),
  ...[
    region(0n),
    region(0n, 1n),
    region(0x20_0000n, 1n),
    region(0n, 7n),
    region(0n, 0n, 0n),
    region(1n << 40n, 0n),
    region(1n << 40n, 1n),
  ].map((value) => oldPlace(REDIST_REGION, value)),
]
export const overlapping: Record<'v2' | 'v3', readonly (readonly string[])[]> = {
  v2: [
    [place('KVM_VGIC_V2_ADDR_TYPE_DIST', '0x8000000'), place('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8000000')],
    [place('KVM_VGIC_V2_ADDR_TYPE_DIST', '0x8001000'), place('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8000000')],
    [place('KVM_VGIC_V2_ADDR_TYPE_DIST', '0x8002000'), place('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8000000')],
  ],
  v3: [
    [place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8000000'), place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8010000')],
    [place(REDIST_REGION, region(0x800_0000n)), place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000')],
    [place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8000000'), place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8040000')],
  ],
}
