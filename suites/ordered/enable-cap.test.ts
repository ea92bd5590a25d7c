/** KVM_ENABLE_CAP: which capabilities a VM is given, with which arguments, and until when. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a capability that needs no argument is enabled at any time, and again',
  `KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER)                                              -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER, args[0] = 1, args[3] = 1, pad = 1 << 0)      -> ok
   KVM_CREATE_VCPU(0)                                                                    -> ok
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000)                 -> ok
   vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                              -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER)                                              -> ok
   vcpu0: KVM_RUN(immediate_exit)                                                        -> -EINTR (immediate_exit)
   KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER)                                              -> ok`,
)

sequence(
  'what is there by itself, or not known, cannot be enabled; neither can anything with a flag',
  `KVM_ENABLE_CAP(KVM_CAP_IRQCHIP)                                    -> -EINVAL (not to be enabled)
   KVM_ENABLE_CAP(KVM_CAP_ENABLE_CAP_VM)                              -> -EINVAL (not to be enabled)
   KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT)                   -> -EINVAL (not to be enabled)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING, args[0] = 0x1000)           -> -EINVAL (not to be enabled)
   KVM_ENABLE_CAP(0xffffffff, flags = 1)                              -> -EINVAL (not to be enabled)
   KVM_ENABLE_CAP(KVM_CAP_HALT_POLL, flags = 1)                       -> -EINVAL (unknown flags)
   KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER, flags = 1 << 31)          -> -EINVAL (unknown flags)
   KVM_ENABLE_CAP(&unmapped, KVM_CAP_ARM_NISV_TO_USER)                -> -EFAULT (bad pointer)
   KVM_ENABLE_CAP(&short(103), KVM_CAP_IRQCHIP)                       -> -EFAULT (bad pointer)
   vcpu0: KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER)                    -> -EINVAL (unknown ioctl)
   kvm: KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER)                      -> -EINVAL (unknown ioctl)`,
)

sequence(
  'a manual dirty log has two options, of which the second needs the first',
  `KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 1)       -> ok
   KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 2)       -> -EINVAL (unknown options)
   KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 3)       -> ok
   KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 4)       -> -EINVAL (unknown options)
   KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 1 << 32) -> -EINVAL (unknown options)
   KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2)                    -> ok`,
)

sequence(
  'nanoseconds of polling have 32 bits',
  `KVM_ENABLE_CAP(KVM_CAP_HALT_POLL, args[0] = 0xffffffff) -> ok
   KVM_ENABLE_CAP(KVM_CAP_HALT_POLL, args[0] = 1 << 32)    -> -EINVAL (more than 32 bits)
   KVM_ENABLE_CAP(KVM_CAP_HALT_POLL)                       -> ok`,
)

sequence(
  'a VM may be suspended from 5.19 on',
  `KVM_ENABLE_CAP(KVM_CAP_ARM_SYSTEM_SUSPEND)           -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_SYSTEM_SUSPEND, flags = 1) -> -EINVAL (unknown flags)`,
  { since: '6.1' },
)

sequence(
  'older kernels cannot be told in which chunks they split',
  `KVM_ENABLE_CAP(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)                 -> -EINVAL (not known yet)
   vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)        -> ok = 0`,
  { until: '6.12' },
)

sequence(
  'chunks are blocks of the second stage, told while there is no memory, and read back from the VM',
  `KVM_ENABLE_CAP(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, args[0] = 0x200000)   -> ok
   vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)              -> ok = 0x200000
   kvm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)             -> ok = 0
   KVM_ENABLE_CAP(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, args[0] = 0x2000)     -> -EINVAL (no size of a block)
   KVM_ENABLE_CAP(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, args[0] = 0x201000)   -> -EINVAL (no size of a block)
   vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)              -> ok = 0x200000
   KVM_CREATE_VCPU(0)                                                       -> ok
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000)    -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, args[0] = 0x1000)     -> -EINVAL (has memory)
   KVM_ENABLE_CAP(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)                       -> -EINVAL (has memory)
   vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)              -> ok = 0x200000
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0)         -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, args[0] = 0x40000000) -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)                       -> ok
   vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)              -> ok = 0`,
  { since: '6.12' },
)

sequence(
  'a dirty ring has a size that is a power of two, told once',
  `KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL)                             -> -EINVAL (ring size)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x800)            -> -EINVAL (ring size)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1800)           -> -EINVAL (ring size)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x200000)         -> -E2BIG (ring too large)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP)                         -> -EINVAL (no ring)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x100000)         -> ok
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x100000)         -> -EINVAL (has a ring)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x200000)         -> -E2BIG (ring too large)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP, flags = 1)              -> -EINVAL (unknown flags)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP)                         -> ok
   KVM_CREATE_VCPU(0)                                                         -> ok
   KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000)      -> ok
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP)                         -> -EINVAL (has memory)`,
  { since: '6.12' },
)

sequence(
  'of the size of a dirty ring 32 bits count, and its flags do not',
  `KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 1 << 32)                 -> -EINVAL (ring size)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, flags = 7, args[0] = 0x100002000)  -> ok`,
  { since: '6.12' },
)

sequence(
  'a VM with a vcpu gets no dirty ring',
  `KVM_CREATE_VCPU(0)                                                    -> ok
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000)      -> -EINVAL (has vcpus)
   KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x200000)    -> -E2BIG (ring too large)`,
  { since: '6.12' },
)

sequence(
  'a VM has MTE before it has a vcpu, and then none of 32 bits',
  `KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000)    -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                                          -> ok
   KVM_CREATE_VCPU(0)                                                       -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                                          -> -EINVAL (has vcpus)
   vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT)            -> -EINVAL (VM with MTE)
   vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                 -> ok
   vcpu0: KVM_RUN(immediate_exit)                                           -> -EINTR (immediate_exit)`,
  { since: '6.1' },
)

sequence(
  'in a VM with MTE an unknown feature is told before one that it does not have',
  `KVM_ENABLE_CAP(KVM_CAP_ARM_MTE)                                         -> ok
   KVM_CREATE_VCPU(0)                                                      -> ok
   vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT | 1 << 10) -> -ENOENT (unknown feature)`,
  { since: '6.1' },
)

sequence(
  'the registers that name the implementation become writable before there is a vcpu',
  `KVM_ENABLE_CAP(KVM_CAP_ARM_WRITABLE_IMP_ID_REGS) -> ok
   KVM_CREATE_VCPU(0)                               -> ok
   KVM_ENABLE_CAP(KVM_CAP_ARM_WRITABLE_IMP_ID_REGS) -> -EINVAL (has vcpus)
   KVM_ENABLE_CAP(KVM_CAP_ARM_SEA_TO_USER)          -> ok`,
  { since: '7.2' },
)
