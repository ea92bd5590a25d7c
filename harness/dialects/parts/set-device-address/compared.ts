/** What became of KVM_SET_DEVICE_ADDRESS: each thing that was documented or argued beside what shipped. */
import type { Comparison } from '../../../model/dialect.ts'

const patch = 'Christoffer Dall, 2013-01-08'

export const compared: readonly Comparison[] = [
  {
    about: 'name, number and layout',
    drafted: 'KVM_SET_DEVICE_ADDRESS, number 0xab of a VM, with struct kvm_device_address of an id and an address',
    shipped: 'KVM_ARM_SET_DEVICE_ADDR, with the same number and layout; that number is also KVM_GET_ONE_REG of a vcpu',
    asks: `
      vm: KVM_CREATE_IRQCHIP                                                   -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)       -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)        -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(&short(15), KVM_VGIC_V2_ADDR_TYPE_DIST, 0x0) -> -EFAULT (bad pointer)
      vm: ioctl(0x4018aeab)                                                    -> -EINVAL (unknown ioctl)`,
    because: 'A name that is not generic, in the same binary format, so that user space tools remain compatible.',
    source: 'Christoffer Dall, 2013-01-09, after Alexander Graf had asked for a specific or a really generic name',
  },
  {
    about: 'capability',
    drafted: 'number 85: KVM_CAP_SET_DEVICE_ADDRESS in the text, KVM_CAP_SET_DEVICE_ADDR in the code',
    shipped: 'number 88, KVM_CAP_ARM_SET_DEVICE_ADDR; 85 is KVM_CAP_S390_CSS_SUPPORT, so that old tools find nothing',
    asks: `
      kvm: KVM_CHECK_EXTENSION(85)                          -> ok = 0
      kvm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_SET_DEVICE_ADDR) -> ok = 1`,
    because: 'None was made: a number goes to whoever is merged first, and only the format was promised to user space.',
    source: 'include/uapi/linux/kvm.h, where both numbers are',
  },
  {
    about: 'ENODEV: the device id is unknown',
    drafted: 'for another device than KVM_ARM_DEVICE_VGIC_V2; in this first patch of the series for every device',
    shipped: 'for another device, and also for an address type that the device has not',
    asks: `
      vm: KVM_ARM_SET_DEVICE_ADDR(0x10000, 0x8000000)    -> -ENODEV (device)
      vm: KVM_ARM_SET_DEVICE_ADDR(0xffff0000, 0x8000000) -> -ENODEV (device)
      vm: KVM_CREATE_IRQCHIP                             -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(0x10001, 0x8000000)    -> -ENODEV (device)
      vm: KVM_ARM_SET_DEVICE_ADDR(5, 0x8000000)          -> -ENODEV (no such address)`,
    because: 'The id field is an architecture specific identifier for a specific device.',
    source: `${patch}: ENODEV: The device id is unknown`,
  },
  {
    about: 'bits 63 to 32 of the id, up to 6.0',
    drafted: 'they are 0',
    shipped: 'they belong to the device, which is unknown where they are not 0',
    until: '6.1',
    asks: `
      vm: KVM_CREATE_IRQCHIP                              -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(0x100000000, 0x8000000) -> -ENODEV (device)`,
    because: 'ARM divides the id field into two parts, and above them are zeros.',
    source: `${patch}: field: 0x00000000`,
  },
  {
    about: 'bits 63 to 32 of the id, since 6.1',
    drafted: 'they are 0',
    shipped: 'they are not looked at, though the text still says that they are 0',
    since: '6.1',
    asks: `
      vm: KVM_CREATE_IRQCHIP                              -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(0x100000000, 0x8000000) -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(0x0, 0x8000000)         -> -EEXIST (already set)`,
    because: 'ARM divides the id field into two parts, and above them are zeros.',
    source: `${patch}: field: 0x00000000`,
  },
  {
    about: 'ENXIO: device not supported on current system',
    drafted: 'on a host without a GICv2',
    shipped: 'on a host without any interrupt controller for guests; one with a GICv3 alone answers ENODEV',
    asks: `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                  -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -ENODEV (no such address)`,
    because: 'The mails do not say what a system supports that has another interrupt controller.',
    source: `${patch}: ENXIO: Device not supported on current system`,
  },
  {
    about: 'before KVM_CREATE_IRQCHIP',
    drafted: 'too early; the text gives no errno',
    shipped: 'ENODEV, as for an address that no device has',
    asks: `
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -ENODEV (no such address)
      vm: KVM_CREATE_IRQCHIP                                             -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok`,
    because: 'The address is that of a device, which has to be there.',
    source: `${patch}: the ioctl must be called after calling KVM_CREATE_IRQCHIP`,
  },
  {
    about: 'after KVM_RUN',
    drafted: 'too late; the text gives no errno',
    shipped:
      'EEXIST: a vcpu with an interrupt controller runs only where both addresses are set, so that each comes twice',
    asks: `
      vm: KVM_CREATE_IRQCHIP                                             -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)  -> ok
      vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                           -> ok
      vcpu0: KVM_RUN(immediate_exit)                                     -> -EINTR (immediate_exit)
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -EEXIST (already set)`,
    because: 'It configures the system model, and needs to happen only before the VM is actually started.',
    source: 'Peter Maydell, 2013-01-09: not during VM execution, unlike a DEV_REG',
  },
  {
    about: 'EEXIST: address already set',
    drafted: 'an address is set once',
    shipped: 'so it is, for each of the two',
    asks: `
      vm: KVM_CREATE_IRQCHIP                                             -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -EEXIST (already set)
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x9000000) -> -EEXIST (already set)
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)  -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)  -> -EEXIST (already set)`,
    because: 'The GIC has several memory regions, which several calls map, one each.',
    source: "Peter Maydell, 2013-01-09: this is exactly what ARM's GIC has already",
  },
  {
    about: 'E2BIG: address outside guest physical address space',
    drafted: 'whatever the address is otherwise',
    shipped: 'so it is; an address that is not a multiple of 4 KiB is EINVAL, which the text does not have',
    asks: `
      vm: KVM_CREATE_IRQCHIP                                                 -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000000) -> -E2BIG (beyond the IPA size)
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000800)     -> -EINVAL (misaligned)
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)     -> ok`,
    because: 'KVM must know the base address to emulate accesses, or to map the device into the guest address space.',
    source: `${patch}: E2BIG: Address outside guest physical address space`,
  },
  {
    about: 'a second interrupt controller',
    drafted: 'not blocked: the id has 16 bits for the device',
    shipped: 'a VM has one still, and no second device number came',
    asks: `
      vm: KVM_CREATE_IRQCHIP                            -> ok
      vm: KVM_CREATE_IRQCHIP                            -> -EEXIST (already there)
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> -EEXIST (already there)
      vm: KVM_ARM_SET_DEVICE_ADDR(0x10000, 0x8000000)   -> -ENODEV (device)`,
    because: 'SET_DEVICE_ADDRESS does not block two irqchips: that is why it has an ID parameter.',
    source: 'Peter Maydell, 2013-01-09, to Alexander Graf: then the ioctl as designed here gets stuck',
  },
  {
    about: 'room for what comes later',
    drafted: 'none, though padding had been asked for, so that the ioctl could be renamed later',
    shipped: 'none: a device of KVM_CREATE_DEVICE has attributes, and gets its addresses there as well',
    asks: `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                        -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> ok
      vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)       -> -EEXIST (already set)`,
    because:
      'As soon as we need more, implement a more generic one; the ARM patches have been out of tree for too long.',
    source: "Alexander Graf, 2013-01-09: I'm happy with going route 2 until we go back to square 1",
  },
  {
    about: 'for one architecture or for all',
    drafted: 'Architectures: arm, though nothing in it is specific to that',
    shipped: 'arm and arm64 alone, as the name says; nothing to ask a kernel of this architecture',
    because: 'No point in turning it upside down if we are the only one doing it.',
    source: 'Marc Zyngier, 2013-01-09, to Scott Wood: why is it documented as an "arm" interface?',
  },
]
