/** What became of the device parameter, beside what shipped. */
import type { Comparison } from '../../../model/dialect.ts'

export const comparedParam: readonly Comparison[] = [
  {
    about: 'a parameter by its number',
    drafted: 'struct kvm_device_param: a device, a parameter of it, and a value; one ioctl of the VM',
    shipped: 'struct kvm_device_attr: a group, an attribute and an address; an ioctl of the device itself',
    asks: `
      vm: ioctl(0x4018aeab)                                        -> -EINVAL (unknown ioctl)
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)            -> ok
      gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0) -> -EEXIST (already set)`,
    because: 'Either device-specific things end up in other interfaces, or there are yet more unnecessary ioctls.',
    source: 'Scott Wood, 2013-01-08; Christoffer Dall, 2013-01-09: let me write up a new device attribute API',
  },
  {
    about: 'a parameter that is no address',
    drafted: 'such as the version of the chip to emulate',
    shipped: 'the version is the type of KVM_CREATE_DEVICE; the number of interrupts is an attribute, set once as well',
    asks: `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)            -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &128) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &128) -> -EBUSY (already numbered)
      gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0) -> ok = 128`,
    because: 'On MPIC the version of the chip is needed in addition to the address at which it lives.',
    source:
      'Scott Wood, 2013-01-08: if you leave it as "address", we will have it used for non-address things regardless',
  },
  {
    about: 'what a value means',
    drafted: 'the documentation of the device says it; the ioctl does not',
    shipped: 'so it is with attributes: an unknown one is ENXIO, and each group has errors of its own',
    asks: `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)            -> ok
      gic: KVM_HAS_DEVICE_ATTR(10, 0)                              -> -ENXIO (unknown attribute)
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &32) -> -EINVAL (number of interrupts)
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x800) -> -EINVAL (misaligned)`,
    because: 'You have to look at more code to see what it does, as with do_something(val0, val1, val2, val3).',
    source: 'Christoffer Dall, 2013-01-08, to Scott Wood: why is it less clear?',
  },
]
