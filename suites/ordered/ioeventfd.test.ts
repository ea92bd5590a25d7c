/** KVM_IOEVENTFD: what it takes, which of them collide, and which are there to be taken away. */
import { sequence } from '../../harness/suite/sequence.ts'

const AT = 'addr = 0x10000000'
const MATCH = 'flags = KVM_IOEVENTFD_FLAG_DATAMATCH'
const GONE = 'flags = KVM_IOEVENTFD_FLAG_DEASSIGN'
const MATCH_GONE = 'flags = KVM_IOEVENTFD_FLAG_DATAMATCH | KVM_IOEVENTFD_FLAG_DEASSIGN'

sequence(
  'a store has 1, 2, 4, 8 or any number of bytes, which end within 64 bits',
  `
  KVM_IOEVENTFD(${AT}, len = 1, fd = eventfd0)                                             -> ok
  KVM_IOEVENTFD(${AT}, len = 2, fd = eventfd0)                                             -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0)                                             -> ok
  KVM_IOEVENTFD(${AT}, len = 8, fd = eventfd0)                                             -> ok
  KVM_IOEVENTFD(addr = 0x20000000, len = 0, fd = eventfd0)                                 -> ok
  KVM_IOEVENTFD(${AT}, len = 3, fd = eventfd0)                                             -> -EINVAL (no such length)
  KVM_IOEVENTFD(${AT}, len = 16, fd = 0xffffffff)                                          -> -EINVAL (no such length)
  KVM_IOEVENTFD(${AT}, len = 4294967295, fd = eventfd0)                                    -> -EINVAL (no such length)
  KVM_IOEVENTFD(addr = 0xfffffffffffffff8, len = 8, fd = eventfd0)                         -> -EINVAL (beyond 64 bits)
  KVM_IOEVENTFD(addr = 0xffffffffffffffff, len = 1, fd = -1)                               -> -EINVAL (beyond 64 bits)
  KVM_IOEVENTFD(addr = 0xfffffffffffffff7, len = 8, fd = eventfd0)                         -> ok
  KVM_IOEVENTFD(addr = 0xffffffffffffffff, len = 0, fd = eventfd0)                         -> ok
`.replace('0xffffffff)', '-1)'),
)

sequence(
  'flags, and a value of which no length is known',
  `
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, flags = 1 << 5)                             -> -EINVAL (unknown flag)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, flags = 1 << 31)                            -> -EINVAL (unknown flag)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, flags = 1 << 4)                             -> ok
  KVM_IOEVENTFD(${AT}, len = 0, fd = eventfd0, ${MATCH})                                   -> -EINVAL (value of any length)
  KVM_IOEVENTFD(${AT}, len = 0, fd = -1, ${MATCH})                                         -> -EINVAL (value of any length)
  KVM_IOEVENTFD(&short(63), ${AT}, len = 3, fd = eventfd0)                                 -> -EFAULT (bad pointer)
  KVM_IOEVENTFD(&short(64), ${AT}, len = 8, fd = eventfd0, pad = 1)                        -> ok
  KVM_IOEVENTFD(&readonly, ${AT}, len = 1, fd = eventfd0)                                  -> ok
  vcpu0: KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0)                                      -> -EINVAL (unknown ioctl)
`,
)

sequence(
  'a descriptor that is none, or no eventfd',
  `
  KVM_IOEVENTFD(${AT}, len = 4, fd = -1)                                                   -> -EBADF (no such fd)
  KVM_IOEVENTFD(${AT}, len = 4, fd = 2147483647)                                           -> -EBADF (no such fd)
  KVM_IOEVENTFD(${AT}, len = 4, fd = itself)                                               -> -EINVAL (fd is no eventfd)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0)                                             -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = -1)                                                   -> -EBADF (no such fd)
  KVM_IOEVENTFD(${AT}, len = 4, fd = itself)                                               -> -EINVAL (fd is no eventfd)
  KVM_IOEVENTFD(${AT}, len = 4, fd = -1, ${GONE})                                          -> -EBADF (no such fd)
  KVM_IOEVENTFD(${AT}, len = 4, fd = itself, ${GONE})                                      -> -EINVAL (fd is no eventfd)
  KVM_IOEVENTFD(${AT}, len = 8, fd = -1, ${GONE})                                          -> -EBADF (no such fd)
`,
)

sequence(
  'of the same stores one eventfd hears',
  `
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0)                                             -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0)                                             -> -EEXIST (already there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd1)                                             -> -EEXIST (already there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd1, datamatch = 1, ${MATCH})                    -> -EEXIST (already there)
  KVM_IOEVENTFD(${AT}, len = 0, fd = eventfd1)                                             -> -EEXIST (already there)
  KVM_IOEVENTFD(addr = 0x10000001, len = 4, fd = eventfd1)                                 -> ok
  KVM_IOEVENTFD(${AT}, len = 2, fd = eventfd1, datamatch = 1, ${MATCH})                    -> ok
  KVM_IOEVENTFD(${AT}, len = 2, fd = eventfd2, datamatch = 1, ${MATCH})                    -> -EEXIST (already there)
  KVM_IOEVENTFD(${AT}, len = 2, fd = eventfd1, datamatch = 0x10001, ${MATCH})              -> ok
  KVM_IOEVENTFD(${AT}, len = 2, fd = eventfd1)                                             -> -EEXIST (already there)
  KVM_IOEVENTFD(${AT}, len = 2, fd = eventfd1, datamatch = 5)                              -> -EEXIST (already there)
  KVM_IOEVENTFD(addr = 0x20000000, len = 0, fd = eventfd0)                                 -> ok
  KVM_IOEVENTFD(addr = 0x20000000, len = 1, fd = eventfd0, datamatch = 1, ${MATCH})        -> -EEXIST (already there)
`,
)

sequence(
  'ports, and what s390 calls channels, are places of their own',
  `
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0)                                             -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_PIO)             -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY) -> ok
  KVM_IOEVENTFD(${AT}, len = 0, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_PIO)             -> -EEXIST (already there)
  KVM_IOEVENTFD(${AT}, len = 0, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY) -> -EEXIST (already there)
  KVM_IOEVENTFD(${AT}, len = 0, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_PIO | KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY) -> -EEXIST (already there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_PIO | KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY | KVM_IOEVENTFD_FLAG_DEASSIGN) -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_PIO | KVM_IOEVENTFD_FLAG_DEASSIGN) -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY | KVM_IOEVENTFD_FLAG_DEASSIGN) -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, ${GONE})                                    -> ok
`,
)

sequence(
  'what is taken away is the same in all but flags that nobody knows',
  `
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, ${GONE})                                    -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 3, fd = eventfd0, ${GONE})                                    -> -ENOENT (not there)
  KVM_IOEVENTFD(addr = 0xffffffffffffffff, len = 4294967295, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_DEASSIGN | 1 << 31) -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, datamatch = 5)                              -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd1, ${GONE})                                    -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 2, fd = eventfd0, ${GONE})                                    -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 0, fd = eventfd0, ${GONE})                                    -> -ENOENT (not there)
  KVM_IOEVENTFD(addr = 0x10000001, len = 4, fd = eventfd0, ${GONE})                        -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, datamatch = 5, ${MATCH_GONE})               -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, datamatch = 6, flags = KVM_IOEVENTFD_FLAG_DEASSIGN | 1 << 31) -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, ${GONE})                                    -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, datamatch = 5, ${MATCH})                    -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, ${GONE})                                    -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, datamatch = 6, ${MATCH_GONE})               -> -ENOENT (not there)
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd0, datamatch = 5, ${MATCH_GONE})               -> ok
  KVM_IOEVENTFD(${AT}, len = 4, fd = eventfd1)                                             -> ok
`,
)

const run = (...before: string[]) => `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                    -> ok
  vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest(mmio-stores)) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[0]), &0x8877665544332211)                 -> ok
  ${before.map((one) => `vm: KVM_IOEVENTFD(${one}) -> ok`).join('\n  ')}
  KVM_RUN                                                                                  -> ok = KVM_EXIT_MMIO`
const left = (length: number) => `
  kvm_run(mmio.len)                                                                        -> ok = ${length}`

sequence('a store of which an eventfd hears does not leave the guest', run(`${AT}, len = 1, fd = eventfd0`) + left(2))
sequence(
  'an eventfd hears of every length',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                    -> ok
  vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vm: KVM_IOEVENTFD(${AT}, len = 0, fd = eventfd0)                                         -> ok
  KVM_RUN                                                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
`,
)
sequence('a store leaves where another length is meant', run(`${AT}, len = 2, fd = eventfd0`) + left(1))
sequence('a store leaves where another address is meant', run(`addr = 0x10000001, len = 1, fd = eventfd0`) + left(1))
sequence(
  'a store leaves where ports are meant',
  run(`${AT}, len = 1, fd = eventfd0, flags = KVM_IOEVENTFD_FLAG_PIO`) + left(1),
)
sequence(
  'a store of that value is heard of',
  run(`${AT}, len = 1, fd = eventfd0, datamatch = 0x11, ${MATCH}`) + left(2),
)
sequence('a store of another value leaves', run(`${AT}, len = 1, fd = eventfd0, datamatch = 0x12, ${MATCH}`) + left(1))
sequence(
  'bytes that a store does not have are compared, too',
  run(`${AT}, len = 1, fd = eventfd0, datamatch = 0x2211, ${MATCH}`) + left(1),
)
const RUN_ON = `
  KVM_RUN                                                                                  -> ok = KVM_EXIT_MMIO`
sequence(
  'all bytes that a store has are compared',
  [
    run(`${AT}, len = 8, fd = eventfd0, datamatch = 0x44332211, ${MATCH}`) + left(1),
    ...[2, 4, 8].map((length) => RUN_ON + left(length)),
  ].join(''),
)
sequence(
  'of several values each has its eventfd',
  run(
    `${AT}, len = 1, fd = eventfd0, datamatch = 1, ${MATCH}`,
    `${AT}, len = 1, fd = eventfd1, datamatch = 0x11, ${MATCH}`,
    `${AT}, len = 1, fd = eventfd2, datamatch = 2, ${MATCH}`,
  ) + left(2),
)
sequence(
  'a store leaves again where nobody hears of it any more',
  `${run(`${AT}, len = 1, fd = eventfd0`)}${left(2)}
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x0)                                     -> ok
  vm: KVM_IOEVENTFD(${AT}, len = 1, fd = eventfd0, ${GONE})                                -> ok
  KVM_RUN                                                                                  -> ok = KVM_EXIT_MMIO${left(1)}`,
)
