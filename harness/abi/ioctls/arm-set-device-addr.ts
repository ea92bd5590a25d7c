/** The old way to give a GICv2 its addresses. */
import { api, ioctl, type Refusal, type Statement, src } from '../../model/rule.ts'
import { ioctls, vgicAddrTypes, vgicSizes } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { hasVgic } from '../vgic/create.ts'
import { onPart } from '../../model/on-part.ts'
import { KiB, misplaced, type Placing } from '../vgic/address.ts'
import { badRegion } from '../vgic/bad-region.ts'
import { addRegion, legacyRegion, regionIn, type Region } from '../vgic/redistributors.ts'
import { badPointer } from '../../model/bad-pointer.ts'
import { takes, type DeviceAddr } from '../args/arm-set-device-addr.ts'

const {
  KVM_VGIC_V2_ADDR_TYPE_DIST: DIST,
  KVM_VGIC_V2_ADDR_TYPE_CPU: CPU,
  KVM_VGIC_V3_ADDR_TYPE_DIST: DIST_V3,
  KVM_VGIC_V3_ADDR_TYPE_REDIST: REDIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION: REGION,
} = vgicAddrTypes
const typeOf = (arg: DeviceAddr): number => Number(arg.id & 0xffffn)
const isV3 = ({ vm }: Here) => vm.vgic?.model === 'v3'
const inArm = src('arch/arm64/kvm/arm.c', 'kvm_vm_ioctl_set_device_addr')

const placing = ({ vm: { vgic } }: Here, arg: DeviceAddr): Placing | undefined => {
  const type = typeOf(arg)
  const { addr } = arg
  if (vgic?.model === 'v2' && type === DIST)
    return { old: vgic.dist, addr, unit: 4n * KiB, size: BigInt(vgicSizes.KVM_VGIC_V2_DIST_SIZE) }
  if (vgic?.model === 'v2' && type === CPU)
    return { old: vgic.cpu, addr, unit: 4n * KiB, size: BigInt(vgicSizes.KVM_VGIC_V2_CPU_SIZE) }
  if (vgic?.model === 'v3' && type === DIST_V3)
    return { old: vgic.dist, addr, unit: 64n * KiB, size: BigInt(vgicSizes.KVM_VGIC_V3_DIST_SIZE) }
  return undefined
}

/** Up to 6.0 it sets the addresses of a GICv3 as well. */
const regionOf = (here: Here, arg: DeviceAddr): Region | undefined =>
  isV3(here) && typeOf(arg) === REDIST
    ? legacyRegion(arg.addr)
    : isV3(here) && typeOf(arg) === REGION
      ? regionIn(arg.addr)
      : undefined

/** In the kernels between 5.10 and 6.0 nobody has looked. */
const ofRegions: readonly Refusal<DeviceAddr>[] = onPart(
  regionOf,
  badRegion.filter(({ since }) => since === undefined),
  { address: 'redistributors' },
).map((row) => ({ ...row, until: '6.0' }))

const addressRows: readonly Refusal<Placing>[] = misplaced({
  outside: api('4.85', 'E2BIG Address outside guest physical address space'),
  misaligned: src('arch/arm64/kvm/vgic/vgic-kvm-device.c', 'kvm_vgic_addr'),
  ofAlignment: [
    {
      says: 'EINVAL is not among the errors.',
      cite: api('4.85', 'E2BIG Address outside guest physical address space'),
    },
  ],
  twice: api('4.85', 'EEXIST Address already set'),
})

const onlyDeviceId: Statement = {
  says: 'ENODEV means that the device id is unknown, ENXIO that the system lacks the device.',
  cite: api('4.85', 'ENODEV The device id is unknown'),
}

export default ioctl<DeviceAddr>('KVM_ARM_SET_DEVICE_ADDR', {
  nr: ioctls.KVM_ARM_SET_DEVICE_ADDR,
  on: ['vm'],
  capability: 'KVM_CAP_ARM_SET_DEVICE_ADDR',
  weight: 4,
  takes,
  refuses: [
    badPointer(takes, api('4.85', 'struct kvm_arm_device_address (in)')),
    {
      why: 'device',
      variant: 'all 64 bits',
      says: 'KVM_ARM_DEVICE_VGIC_V2 is the only device; bits 63 to 32 belong to its number.',
      cite: api('4.85', 'ENODEV The device id is unknown'),
      until: '6.0',
      errno: 'ENODEV',
      when: (_, arg) => arg.id >> 16n !== 0n,
    },
    {
      why: 'device',
      says: 'KVM_ARM_DEVICE_VGIC_V2 is the only device; bits 63 to 32 are not looked at.',
      cite: api('4.85', 'ENODEV The device id is unknown'),
      text: [{ says: 'Bits 63 to 32 of the id are 0.', cite: api('4.85', 'field: 0x00000000 device id') }],
      since: '6.0',
      errno: 'ENODEV',
      when: (_, arg) => (arg.id & 0xffff_0000n) !== 0n,
    },
    {
      why: 'no vgic on the host',
      says: 'The host has no interrupt controller that can be virtualized.',
      cite: api('4.85', 'ENXIO Device not supported on current system'),
      errno: 'ENXIO',
      when: (here) => !hasVgic(here),
      lacks: () => 'no GIC',
    },
    {
      why: 'no such address',
      of: { address: 'other addresses' },
      variant: 'of any GIC',
      says: 'The VM has a GIC with such an address.',
      cite: inArm,
      text: [onlyDeviceId],
      until: '6.0',
      errno: 'ENODEV',
      when: (here, arg) => placing(here, arg) === undefined && regionOf(here, arg) === undefined,
    },
    {
      why: 'no such address',
      of: { address: 'other addresses' },
      says: 'The VM has a GICv2, and the address is that of its distributor or cpu interface.',
      cite: inArm,
      text: [onlyDeviceId],
      since: '6.0',
      errno: 'ENODEV',
      when: (here, arg) => isV3(here) || placing(here, arg) === undefined,
    },
    ...ofRegions,
    ...onPart(placing, addressRows, { address: 'frames' }),
  ],
  grants: {
    says: 'The distributor or the cpu interface is there. Whether it overlaps is found out by KVM_RUN.',
    cite: api('4.85', 'Specify a device address'),
    text: [
      {
        says: 'An address that overlaps with another device is EBUSY.',
        cite: api('4.85', 'EBUSY Address overlaps with other device range'),
      },
      {
        says: 'Only a GICv2 gets its addresses so; 5.10 sets those of a GICv3, too.',
        cite: api('4.85', 'using KVM_ARM_DEVICE_VGIC_V2 as the device id'),
        until: '6.1',
      },
    ],
    then: (here, arg) => {
      const region = regionOf(here, arg)
      if (region) addRegion(here.vm, region)
      else if (typeOf(arg) === CPU) here.vm.vgic!.cpu = arg.addr
      else here.vm.vgic!.dist = arg.addr
    },
  },
})
