/** KVM_SIGNAL_MSI: what userspace sends in place of a device, and an ITS that is there, or is not. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a message is for an interrupt controller in the kernel',
  `
  KVM_SIGNAL_MSI(address_lo = 0x8090040)                                     -> -EINVAL (no vgic)
  KVM_SIGNAL_MSI(address_lo = 0x8090040, flags = KVM_MSI_VALID_DEVID)        -> -EINVAL (no vgic)
  KVM_SIGNAL_MSI(&short(31), address_lo = 0x8090040)                         -> -EFAULT (bad pointer)
  vcpu0: KVM_SIGNAL_MSI(address_lo = 0x8090040)                              -> -EINVAL (unknown ioctl)
`,
)

sequence(
  'an ITS alone hears no message',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                      -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok
  KVM_SIGNAL_MSI(address_lo = 0x8090040, flags = KVM_MSI_VALID_DEVID)                     -> -EINVAL (no vgic)
`,
)

const without = (type: string) => `
  gic = KVM_CREATE_DEVICE(${type})                                           -> ok
  KVM_SIGNAL_MSI(address_lo = 0x8090040)                                     -> -ENODEV (no ITS)
  KVM_SIGNAL_MSI(address_lo = 0x8090040, flags = KVM_MSI_VALID_DEVID)        -> -ENODEV (no ITS)
  KVM_SIGNAL_MSI(address_lo = 0x8090040, flags = KVM_MSI_VALID_DEVID | 1 << 1) -> -EINVAL (unknown flag)
  KVM_SIGNAL_MSI(address_lo = 0x8090040, flags = 1 << 8)                     -> -EINVAL (unknown flag)
  KVM_SIGNAL_MSI(address_lo = 0x8090040, flags = 1 << 31)                    -> -EINVAL (unknown flag)
  KVM_SIGNAL_MSI(&readonly, address_lo = 0)                                  -> -ENODEV (no ITS)
`
sequence('a GICv3 without an ITS hears no message', without('KVM_DEV_TYPE_ARM_VGIC_V3'))
sequence('a GICv2 hears no message', without('KVM_DEV_TYPE_ARM_VGIC_V2'))

const withIts = `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                       -> ok
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                      -> ok`
const placed = `${withIts}
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok`
const DEVID = 'flags = KVM_MSI_VALID_DEVID'

sequence(
  'the address of a message lies in the 128K of an ITS',
  `${withIts}
  KVM_SIGNAL_MSI(address_lo = 0x8090040)                                                  -> -EINVAL (no device id)
  KVM_SIGNAL_MSI(address_lo = 0x8090040, ${DEVID})                                        -> -EINVAL (no doorbell)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok
  KVM_SIGNAL_MSI(address_lo = 0x8090040, ${DEVID})                                        -> -EBUSY (ITS disabled)
  KVM_SIGNAL_MSI(address_lo = 0x8090040)                                                  -> -EINVAL (no device id)
  KVM_SIGNAL_MSI(address_lo = 0x8080000, ${DEVID})                                        -> -EBUSY (ITS disabled)
  KVM_SIGNAL_MSI(address_lo = 0x809ffff, ${DEVID})                                        -> -EBUSY (ITS disabled)
  KVM_SIGNAL_MSI(address_lo = 0x807ffff, ${DEVID})                                        -> -EINVAL (no doorbell)
  KVM_SIGNAL_MSI(address_lo = 0x80a0000, ${DEVID})                                        -> -EINVAL (no doorbell)
  KVM_SIGNAL_MSI(address_lo = 0x8090040, address_hi = 1, ${DEVID})                        -> -EINVAL (no doorbell)
  KVM_SIGNAL_MSI(address_lo = 0x8090040, data = 0xffffffff, devid = 0xffffffff, pad = 1, ${DEVID}) -> -EBUSY (ITS disabled)
`,
)

sequence(
  'an ITS that lives on without its descriptor is there for messages, too',
  `${placed}
  its: close                                                                              -> ok
  KVM_SIGNAL_MSI(address_lo = 0x8090040, ${DEVID})                                        -> -EBUSY (ITS disabled)
`,
)

sequence(
  'an enabled ITS that knows no device ignores a message',
  `${placed}
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x100, &0x8000000000000000)        -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x108, &0x8000000000000000)      -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x80, &0x8000000000000000)       -> ok
  KVM_SIGNAL_MSI(address_lo = 0x8090040, ${DEVID})                                        -> -EBUSY (ITS disabled)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &0x1)                        -> ok
  KVM_SIGNAL_MSI(address_lo = 0x8090040, ${DEVID})                                        -> ok = 0
  KVM_SIGNAL_MSI(address_lo = 0x8090040, data = 0x10000, devid = 0x10000, ${DEVID})       -> ok = 0
  KVM_SIGNAL_MSI(address_lo = 0x8090040)                                                  -> -EINVAL (no device id)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_ITS_CTRL_RESET)         -> ok
  KVM_SIGNAL_MSI(address_lo = 0x8090040, ${DEVID})                                        -> -EBUSY (ITS disabled)
`,
)

sequence(
  'a message is for the ITS whose address it has',
  `${placed}
  its1 = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                      -> ok
  its1: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x80a0000) -> ok
  its1: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x100, &0x8000000000000000)        -> ok
  its1: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x108, &0x8000000000000000)      -> ok
  its1: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x80, &0x8000000000000000)       -> ok
  its1: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &0x1)                        -> ok
  KVM_SIGNAL_MSI(address_lo = 0x80b0040, ${DEVID})                                         -> ok = 0
  KVM_SIGNAL_MSI(address_lo = 0x8090040, ${DEVID})                                         -> -EBUSY (ITS disabled)
`,
)
