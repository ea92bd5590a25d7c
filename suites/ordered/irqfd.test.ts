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
