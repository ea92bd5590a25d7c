/** What can be done with a VM while another thread runs one of its vcpus, and what cannot. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a vcpu runs until a signal comes, while more calls are made on its VM',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)             -> ok
  KVM_RUN(background)                           -> ok
  kvm_run(exit_reason)                          -> ok = KVM_EXIT_UNKNOWN
  vm: KVM_CHECK_EXTENSION(KVM_CAP_IRQFD)        -> ok = 1
  join                                          -> -EINTR (signal)
  kvm_run(exit_reason)                          -> ok = KVM_EXIT_INTR
  join                                          -> -ESRCH (nothing begun)
  KVM_RUN                                       -> -EINTR (signal)
  KVM_RUN(background)                           -> ok
  join                                          -> -EINTR (signal)
`,
)

sequence(
  'a vcpu that is powered off waits in another thread, too',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF) -> ok
  KVM_RUN(background)                                    -> ok
  join                                                   -> -EINTR (signal)
`,
)

sequence(
  'what KVM_RUN refuses never gets under way',
  `
  KVM_RUN(background)                             -> -ENOEXEC (not initialised)
  join                                            -> -ESRCH (nothing begun)
  kvm_run(exit_reason)                            -> ok = 0xffffffff
  KVM_RUN(background, arg = 1)                    -> -EINVAL (argument)
  KVM_ARM_VCPU_INIT(features[] = 0)               -> ok
  join                                            -> -ESRCH (nothing begun)
`,
)

sequence(
  'two vcpus run at once, and a third beside them',
  `
  vm: KVM_CREATE_VCPU(0)                   -> ok
  vm: KVM_CREATE_VCPU(1)                   -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu0: KVM_RUN(background)               -> ok
  vcpu1: KVM_RUN(background)               -> ok
  vm: KVM_CREATE_VCPU(2)                   -> ok
  vcpu2: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu2: KVM_RUN                           -> -EINTR (signal)
  vcpu2: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  vcpu1: join                              -> -EINTR (signal)
  vcpu0: join                              -> -EINTR (signal)
`,
)

sequence(
  'a run goes on when the descriptors of its vcpu and VM are closed',
  `
  vm = KVM_CREATE_VM(0)                    -> ok
  vm: KVM_CREATE_VCPU(0)                   -> ok
  vm: KVM_CREATE_VCPU(1)                   -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu0: KVM_RUN(background)               -> ok
  vcpu0: close                             -> ok
  vcpu0: KVM_RUN(immediate_exit)           -> -EBADF (no descriptor)
  vm: KVM_CREATE_VCPU(0)                   -> -EEXIST (already there)
  vm: close                                -> ok
  vcpu1: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  vcpu1: close                             -> ok
  vcpu0: join                              -> -EINTR (signal)
  vcpu0: join                              -> -ESRCH (nothing begun)
`,
)

sequence(
  'counters get no offset while a vcpu runs',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                       -> ok
  KVM_RUN(background)                                     -> ok
  vm: KVM_ARM_SET_COUNTER_OFFSET(0x1)                     -> -EBUSY (vcpu runs)
  vm: KVM_ARM_SET_COUNTER_OFFSET(0x1, reserved = 0x1)     -> -EINVAL (reserved fields)
  join                                                    -> -EINTR (signal)
  vm: KVM_ARM_SET_COUNTER_OFFSET(0x1)                     -> ok
`,
  { since: '6.12' },
)

sequence(
  'memory comes, is logged, moves and goes while a vcpu waits',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF) -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_RUN(background)                                    -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x100000, memory_size = 0x10000, userspace_addr = &ram) -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 2, guest_phys_addr = 0x100000, memory_size = 0x10000, userspace_addr = &ram) -> -EEXIST (overlaps)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vm: KVM_GET_DIRTY_LOG(slot = 0)                        -> ok = 0
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x200000, memory_size = 0x10000, userspace_addr = &ram) -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x200000, memory_size = 0x0, userspace_addr = &ram) -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = &guest) -> ok
  join                                                   -> -EINTR (signal)
`,
)

sequence(
  'memory comes and goes under a guest that executes it, which goes on nowhere until a signal comes',
  `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(mmio-stores)) -> ok
  vm: KVM_IOEVENTFD(addr = 0x10000000, len = 0, fd = eventfd0) -> ok
  KVM_ARM_VCPU_INIT(features[] = 0)                      -> ok
  KVM_RUN(background)                                    -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x200000, memory_size = 0x10000, userspace_addr = &ram) -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0) -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x200000, memory_size = 0) -> ok
  join                                                   -> -EINTR (signal)
`,
)
