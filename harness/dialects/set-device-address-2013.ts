/** KVM_SET_DEVICE_ADDRESS, as its documentation had it before it was renamed KVM_ARM_SET_DEVICE_ADDR. */
import fc from 'fast-check'
import { badPointer } from '../model/bad-pointer.ts'
import { struct } from '../model/struct.ts'
import { changed, dialect } from '../model/dialect.ts'
import { ioctl, mail, type Refusal } from '../model/rule.ts'
import { anyNumber, readNamed, u64, unsigned } from '../model/scalar.ts'
import type { Here } from '../model/world.ts'
import { _IOW, deviceTypes, vgicAddrTypes } from '../names/index.ts'
import { anyAddress } from '../abi/args/guest-address.ts'
import { withCapability } from './parts/set-device-address/capability.ts'
import { compared } from './parts/set-device-address/compared.ts'
import { laws } from './parts/set-device-address/laws.ts'

const said = (passage: string) => mail('2013-01-08 Christoffer Dall', passage)

const { KVM_VGIC_V2_ADDR_TYPE_DIST: DIST, KVM_VGIC_V2_ADDR_TYPE_CPU: CPU } = vgicAddrTypes
const SIZE = 16

/**
 * Bits 63 to 32 are 0, bits 31 to 16 the device, of which KVM_ARM_DEVICE_VGIC_V2 is number 0, bits 15 to 0 the address.
 */
const id = {
  ...u64(
    'id',
    fc.oneof(
      { arbitrary: fc.constantFrom(BigInt(DIST), BigInt(CPU)), weight: 8 },
      { arbitrary: anyNumber(64, [2n, 0xffffn, 0x1_0000n, 0xffff_0000n, 1n << 32n]), weight: 2 },
    ),
  ),
  parse: (text: string) =>
    readNamed(text, { KVM_VGIC_V2_ADDR_TYPE_DIST: DIST, KVM_VGIC_V2_ADDR_TYPE_CPU: CPU }, 'id', unsigned(64)),
}
const takes = struct(
  'kvm_device_address',
  { id: { of: id, bare: true }, addr: { of: u64('addr', anyAddress), bare: true } },
  { layout: { size: SIZE, fields: { id: [0, 8], addr: [8, 8] } } },
)
type DeviceAddress = Parameters<typeof takes.print>[0]

const old = ({ vm }: Here, arg: DeviceAddress): bigint | undefined =>
  arg.id === BigInt(DIST) ? vm.vgic?.dist : vm.vgic?.cpu

const refuses: Refusal<DeviceAddress>[] = [
  badPointer(takes, said('if (copy_from_user(&dev_addr, argp, sizeof(dev_addr))) return -EFAULT;')),
  {
    why: 'device',
    says: 'KVM_ARM_DEVICE_VGIC_V2 is the only device, and it has two addresses.',
    cite: said('ENODEV: The device id is unknown'),
    text: [
      {
        says: 'This patch, the first of the series, knows no device yet: whatever the id is, it is unknown.',
        cite: said('static int kvm_vm_ioctl_set_device_address(…) { return -ENODEV; }'),
      },
    ],
    errno: 'ENODEV',
    when: (_, arg) => arg.id !== BigInt(DIST) && arg.id !== BigInt(CPU),
  },
  {
    why: 'no GICv2 on the host',
    says: 'The host has the device.',
    cite: said('ENXIO: Device not supported on current system'),
    errno: 'ENXIO',
    when: ({ host }) => !host.devices.includes(deviceTypes.KVM_DEV_TYPE_ARM_VGIC_V2),
    lacks: () => 'no GICv2',
  },
  {
    why: 'too early',
    says: 'KVM_CREATE_IRQCHIP comes before.',
    cite: said('the ioctl must be called after calling KVM_CREATE_IRQCHIP'),
    errno: 'ENXIO',
    when: ({ vm }) => vm.vgic?.model !== 'v2',
  },
  {
    why: 'too late',
    says: 'It comes before KVM_RUN on any of the vcpus.',
    cite: said('but before calling KVM_RUN on any of the VCPUs'),
    errno: 'EBUSY',
    when: ({ vm }) => vm.hasRun,
  },
  {
    why: 'already set',
    says: 'An address is set once.',
    cite: said('Calling this ioctl twice for any of the base addresses will return -EEXIST'),
    errno: 'EEXIST',
    when: (here, arg) => old(here, arg) !== undefined,
  },
  {
    why: 'beyond the IPA size',
    says: 'The address is a guest physical one.',
    cite: said('E2BIG: Address outside guest physical address space'),
    errno: 'E2BIG',
    when: ({ vm }, { addr }) => addr >= 1n << BigInt(vm.ipa),
  },
]

/** The number and the layout of KVM_ARM_SET_DEVICE_ADDR: "using the same binary format". */
export const setDeviceAddress = ioctl<DeviceAddress>('KVM_SET_DEVICE_ADDRESS', {
  nr: _IOW(0xae, 0xab, SIZE),
  on: ['vm'],
  takes,
  refuses,
  grants: {
    says: 'Guests find the device there.',
    cite: said("Specify a device address in the guest's physical address space"),
    then: ({ vm }, arg) => {
      if (vm.vgic) vm.vgic[arg.id === BigInt(DIST) ? 'dist' : 'cpu'] = arg.addr
    },
  },
})

export default dialect({
  name: 'set-device-address-2013',
  about: 'KVM_SET_DEVICE_ADDRESS gives the parts of a device their places in guest physical memory',
  host: '6.12-max-gicv2',
  mail: {
    date: '2013-01-08',
    from: 'Christoffer Dall',
    subject: '[PATCH v5 01/12] KVM: ARM: Introduce KVM_SET_DEVICE_ADDRESS ioctl',
  },
  ioctls: (shipped) =>
    changed(shipped, { KVM_ARM_SET_DEVICE_ADDR: () => undefined, KVM_CHECK_EXTENSION: withCapability }, [
      setDeviceAddress,
    ]),
  sequences: [
    {
      title: 'after KVM_CREATE_IRQCHIP, once for each address',
      text: `
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -ENXIO (too early)
        vm: KVM_CREATE_IRQCHIP                                        -> ok
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)  -> ok
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -EEXIST (already set)
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x9000000)  -> -EEXIST (already set)`,
    },
    {
      title: 'a capability tells of it',
      text: `
        kvm: KVM_CHECK_EXTENSION(KVM_CAP_SET_DEVICE_ADDR)     -> ok = 1
        kvm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_SET_DEVICE_ADDR) -> ok = 0`,
    },
    {
      title: 'before KVM_RUN',
      text: `
        vm: KVM_CREATE_IRQCHIP                                        -> ok
        KVM_CREATE_VCPU(0)                                            -> ok
        KVM_ARM_VCPU_INIT(features[] = 0)                             -> ok
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)  -> ok
        KVM_RUN(immediate_exit)                                       -> -EINTR (immediate_exit)
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -EBUSY (too late)
        KVM_SET_DEVICE_ADDRESS(&short(8), 0, 0)                       -> -EFAULT (bad pointer)`,
    },
    {
      title: 'the host has the device',
      host: '6.12-max-gicv3',
      text: `
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -ENXIO (no GICv2 on the host)`,
    },
    {
      title: 'a device that nobody knows, and an address that no guest has',
      text: `
        vm: KVM_CREATE_IRQCHIP                                            -> ok
        KVM_SET_DEVICE_ADDRESS(0x10000, 0x8000000)                        -> -ENODEV (device)
        KVM_SET_DEVICE_ADDRESS(2, 0x8000000)                              -> -ENODEV (device)
        KVM_SET_DEVICE_ADDRESS(0x100000000, 0x8000000)                    -> -ENODEV (device)
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000000) -> -E2BIG (beyond the IPA size)`,
    },
  ],
  equivalent: {
    'KVM_SET_DEVICE_ADDRESS/no GICv2 on the host forgotten':
      'without a GICv2 on the host no KVM_CREATE_IRQCHIP came before, which has the same errno',
  },
  laws,
  compared,
})
