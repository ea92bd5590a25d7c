/** KVM_IRQFD: an eventfd that raises an interrupt, what it takes, and when it is taken already. */
import { sequence } from '../../harness/suite/sequence.ts'

const IN_KERNEL = `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                        -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)          -> ok`

sequence(
  'an irqfd needs an interrupt controller that is initialised; to take one away nothing is needed',
  `
  KVM_IRQFD(fd = eventfd0, gsi = 0)                                                        -> -EAGAIN (vgic not initialised)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                        -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 0)                                                        -> -EAGAIN (vgic not initialised)
  KVM_IRQFD(fd = 4294967295, gsi = 0)                                                      -> -EAGAIN (vgic not initialised)
  KVM_IRQFD(fd = eventfd0, gsi = 0, flags = KVM_IRQFD_FLAG_DEASSIGN)                       -> ok
  KVM_IRQFD(fd = 4294967295, gsi = 0, flags = KVM_IRQFD_FLAG_DEASSIGN)                     -> -EBADF (no such fd)
  KVM_IRQFD(fd = eventfd0, gsi = 0, flags = 1 << 2)                                        -> -EINVAL (unknown flag)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)          -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 0)                                                        -> ok
  vcpu0: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                 -> -EINVAL (unknown ioctl)
`,
)

sequence(
  'an eventfd is an irqfd once, until it is taken away with the same gsi',
  `${IN_KERNEL}
  KVM_IRQFD(fd = eventfd0, gsi = 0)                                                        -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 0)                                                        -> -EBUSY (already assigned)
  KVM_IRQFD(fd = eventfd0, gsi = 1)                                                        -> -EBUSY (already assigned)
  KVM_IRQFD(fd = eventfd1, gsi = 0)                                                        -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 1, flags = KVM_IRQFD_FLAG_DEASSIGN)                       -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 1)                                                        -> -EBUSY (already assigned)
  KVM_IRQFD(fd = eventfd0, gsi = 0, flags = KVM_IRQFD_FLAG_DEASSIGN)                       -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 0, flags = KVM_IRQFD_FLAG_DEASSIGN)                       -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 1)                                                        -> ok
  KVM_IRQFD(fd = eventfd1, gsi = 1)                                                        -> -EBUSY (already assigned)
`,
)

sequence(
  'a descriptor that is none, or no eventfd',
  `${IN_KERNEL}
  KVM_IRQFD(fd = itself, gsi = 0)                                                          -> -EINVAL (fd is no eventfd)
  KVM_IRQFD(fd = 4294967295, gsi = 0)                                                      -> -EBADF (no such fd)
  KVM_IRQFD(fd = 1048576, gsi = 0)                                                         -> -EBADF (no such fd)
  KVM_IRQFD(fd = itself, gsi = 0, flags = KVM_IRQFD_FLAG_DEASSIGN)                         -> -EINVAL (fd is no eventfd)
  KVM_IRQFD(fd = itself, gsi = 0, flags = 1 << 31)                                         -> -EINVAL (unknown flag)
  KVM_IRQFD(&short(31), fd = eventfd0, gsi = 0)                                            -> -EFAULT (bad pointer)
  KVM_IRQFD(&unmapped, fd = eventfd0, gsi = 0, flags = 1 << 2)                             -> -EFAULT (bad pointer)
  KVM_IRQFD(&short(32), fd = eventfd0, gsi = 0)                                            -> ok
  KVM_IRQFD(&readonly, fd = eventfd1, gsi = 0)                                             -> ok
`,
)

sequence(
  'a resamplefd is an eventfd, too, and looked at before another irqfd is found; it may be that of others',
  `${IN_KERNEL}
  KVM_IRQFD(fd = eventfd0, gsi = 5, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = 4294967295) -> -EBADF (no such resamplefd)
  KVM_IRQFD(fd = eventfd0, gsi = 5, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = itself)  -> -EINVAL (resamplefd is no eventfd)
  KVM_IRQFD(fd = 4294967295, gsi = 5, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = itself) -> -EBADF (no such fd)
  KVM_IRQFD(fd = itself, gsi = 5, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = 4294967295) -> -EINVAL (fd is no eventfd)
  KVM_IRQFD(fd = eventfd0, gsi = 5, resamplefd = itself)                                   -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 5, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = 4294967295) -> -EBADF (no such resamplefd)
  KVM_IRQFD(fd = eventfd0, gsi = 5, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = itself)  -> -EINVAL (resamplefd is no eventfd)
  KVM_IRQFD(fd = eventfd0, gsi = 5, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = eventfd2) -> -EBUSY (already assigned)
  KVM_IRQFD(fd = eventfd1, gsi = 5, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = eventfd1) -> ok
  KVM_IRQFD(fd = eventfd2, gsi = 5, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = eventfd0) -> ok
  KVM_IRQFD(fd = eventfd1, gsi = 5, flags = KVM_IRQFD_FLAG_DEASSIGN | KVM_IRQFD_FLAG_RESAMPLE, resamplefd = itself) -> ok
  KVM_IRQFD(fd = eventfd1, gsi = 5)                                                        -> ok
`,
)

sequence(
  'any gsi will do, with a route or without one, and pad is not looked at',
  `${IN_KERNEL}
  KVM_IRQFD(fd = eventfd0, gsi = 4294967295)                                               -> ok
  KVM_IRQFD(fd = eventfd1, gsi = 988, pad = 1)                                             -> ok
  KVM_SET_GSI_ROUTING                                                                      -> ok
  KVM_IRQFD(fd = eventfd2, gsi = 0)                                                        -> ok
`,
)

const TWO = ['vm', 'vm1']
  .map(
    (vm) => `
  ${vm} = KVM_CREATE_VM(0)                                                                       -> ok
  ${vm}: gic${vm.slice(2)} = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                      -> ok
  gic${vm.slice(2)}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)       -> ok`,
  )
  .join('')

sequence(
  'of another VM the same eventfd may be an irqfd, too',
  `${TWO}
  vm: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                    -> ok
  vm1: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                   -> ok
  vm1: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                   -> -EBUSY (already assigned)
  vm: KVM_IRQFD(fd = eventfd0, gsi = 0, flags = KVM_IRQFD_FLAG_DEASSIGN)                   -> ok
  vm1: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                   -> -EBUSY (already assigned)
  vm: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                    -> ok
`,
  { until: '7.2' },
)

sequence(
  'an eventfd is an irqfd of one VM, until that is closed',
  `${TWO}
  vm: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                    -> ok
  vm1: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                   -> -EBUSY (already assigned)
  vm1: KVM_IRQFD(fd = eventfd0, gsi = 0, flags = KVM_IRQFD_FLAG_DEASSIGN)                  -> ok
  vm1: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                   -> -EBUSY (already assigned)
  vm: KVM_IRQFD(fd = eventfd0, gsi = 0, flags = KVM_IRQFD_FLAG_DEASSIGN)                   -> ok
  vm1: KVM_IRQFD(fd = eventfd0, gsi = 0)                                                   -> ok
  vm: KVM_IRQFD(fd = eventfd1, gsi = 0)                                                    -> ok
  vm: close                                                                                -> ok
  vm1: KVM_IRQFD(fd = eventfd1, gsi = 0)                                                   -> ok
`,
  { since: '7.2' },
)

sequence(
  'a GICv2 hears of an irqfd, once it is initialised',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                        -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 0)                                                        -> -EAGAIN (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)          -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 0)                                                        -> ok
  KVM_IRQFD(fd = eventfd0, gsi = 0, flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = eventfd1) -> -EBUSY (already assigned)
`,
)

const DIST = 'KVM_DEV_ARM_VGIC_GRP_DIST_REGS'
const get = (what: string, value: string) => `
  gic: KVM_GET_DEVICE_ATTR(${what}, &0x0)                                                  -> ok = ${value}`
const set = (what: string, value: string) => `
  gic: KVM_SET_DEVICE_ATTR(${what}, &${value})                                             -> ok`
/** A guest whose store signals eventfd0, which is an irqfd. */
const heard = (type: 'V2' | 'V3') => `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_${type})                                   -> ok
  vcpu0 = KVM_CREATE_VCPU(0)                                                               -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                    -> ok${
    type === 'V2'
      ? set('KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST', '0x8000000')
        + set('KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8010000')
      : set('KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000')
        + set('KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x80a0000')
  }
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)          -> ok
  vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vm: KVM_IOEVENTFD(addr = 0x10000000, len = 4, fd = eventfd0)                             -> ok
  vm: KVM_IRQFD(fd = eventfd0, gsi = 3)                                                    -> ok${get(`${DIST}, 0x204`, '0x0')}`
const run = `
  KVM_RUN                                                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                    -> ok`

sequence(
  'an eventfd that hears of a store and is an irqfd raises its interrupt',
  `${heard('V3')}${run}${get(`${DIST}, 0x204`, '0x8')}${get('KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0x20', '0x0')}
  vm: KVM_IRQFD(fd = eventfd0, gsi = 3, flags = KVM_IRQFD_FLAG_DEASSIGN)                   -> ok${set(`${DIST}, 0x204`, '0x0')}${run}${get(`${DIST}, 0x204`, '0x0')}
`,
)
sequence(
  'the line of an interrupt that is no edge stays high',
  `${heard('V3')}${set(`${DIST}, 0xc08`, '0x0')}${run}${get(`${DIST}, 0x204`, '0x0')}${get('KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0x20', '0x8')}
`,
)
sequence(
  'a GICv2 has the interrupt pending',
  `${heard('V2')}${run}${get(`${DIST}, 0x204`, '0x8')}
`,
)
sequence(
  'a route leads to another interrupt, to one that is not there, or nowhere',
  `${heard('V3')}
  vm: KVM_SET_GSI_ROUTING(route(gsi = 3, KVM_IRQ_ROUTING_IRQCHIP, pin = 33), route(gsi = 33, KVM_IRQ_ROUTING_IRQCHIP, pin = 3)) -> ok${run}${get(`${DIST}, 0x204`, '0x0')}${get(`${DIST}, 0x208`, '0x2')}${set(`${DIST}, 0x208`, '0x0')}
  vm: KVM_SET_GSI_ROUTING(route(gsi = 3, KVM_IRQ_ROUTING_IRQCHIP, pin = 300))              -> ok${run}${get(`${DIST}, 0x204`, '0x0')}${get(`${DIST}, 0x208`, '0x0')}
  vm: KVM_SET_GSI_ROUTING(route(gsi = 3, KVM_IRQ_ROUTING_MSI))                             -> ok${run}${get(`${DIST}, 0x204`, '0x0')}
  vm: KVM_SET_GSI_ROUTING                                                                  -> ok${run}${get(`${DIST}, 0x204`, '0x0')}
  vm: KVM_SET_GSI_ROUTING(route(gsi = 3, KVM_IRQ_ROUTING_IRQCHIP, pin = 1))                -> ok${run}${get(`${DIST}, 0x204`, '0x2')}
`,
)
sequence(
  'routes that were set before the vgic was initialised are gone then',
  `vm: KVM_SET_GSI_ROUTING(route(gsi = 3, KVM_IRQ_ROUTING_IRQCHIP, pin = 7)) -> ok${heard('V3')}${run}${get(`${DIST}, 0x204`, '0x8')}
`,
)
