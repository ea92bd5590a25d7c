/** KVM_GET_MP_STATE and KVM_SET_MP_STATE: what a vcpu is doing, and who decides. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a vcpu can be stopped and started before it is initialised, which starts it',
  `
  KVM_GET_MP_STATE                        -> ok = KVM_MP_STATE_RUNNABLE
  KVM_SET_MP_STATE(KVM_MP_STATE_STOPPED)  -> ok
  KVM_GET_MP_STATE                        -> ok = KVM_MP_STATE_STOPPED
  KVM_ARM_VCPU_INIT(features[] = 0)       -> ok
  KVM_GET_MP_STATE                        -> ok = KVM_MP_STATE_RUNNABLE
  KVM_SET_MP_STATE(KVM_MP_STATE_STOPPED)  -> ok
  KVM_RUN(immediate_exit)                 -> -EINTR (immediate_exit)
  KVM_GET_MP_STATE                        -> ok = KVM_MP_STATE_STOPPED
  KVM_SET_MP_STATE(KVM_MP_STATE_RUNNABLE) -> ok
  KVM_GET_MP_STATE                        -> ok = KVM_MP_STATE_RUNNABLE
`,
)

sequence(
  'a vcpu that is initialised powered off is stopped until it is started',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF | KVM_ARM_VCPU_PSCI_0_2)             -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_GET_MP_STATE                                                                           -> ok = KVM_MP_STATE_STOPPED
  KVM_RUN                                                                                    -> -EINTR (signal)
  KVM_SET_MP_STATE(KVM_MP_STATE_RUNNABLE)                                                    -> ok
  KVM_RUN                                                                                    -> ok = KVM_EXIT_MMIO
  KVM_SET_MP_STATE(KVM_MP_STATE_STOPPED)                                                     -> ok
  KVM_RUN                                                                                    -> -EINTR (signal)
`,
)

sequence(
  'a guest that switches itself off stops every vcpu of its VM',
  `
  vm: KVM_CREATE_VCPU(0)                                                                     -> ok
  vm: KVM_CREATE_VCPU(1)                                                                     -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                               -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vcpu0: KVM_RUN                                                                             -> ok = KVM_EXIT_MMIO
  vcpu0: KVM_RUN                                                                             -> ok = KVM_EXIT_SYSTEM_EVENT
  vcpu0: KVM_GET_MP_STATE                                                                    -> ok = KVM_MP_STATE_STOPPED
  vcpu1: KVM_GET_MP_STATE                                                                    -> ok = KVM_MP_STATE_STOPPED
  vcpu1: KVM_SET_MP_STATE(KVM_MP_STATE_RUNNABLE)                                             -> ok
  vcpu0: KVM_GET_MP_STATE                                                                    -> ok = KVM_MP_STATE_STOPPED
`,
)

sequence(
  'other states are those of other architectures',
  `
  KVM_SET_MP_STATE(KVM_MP_STATE_HALTED)              -> -EINVAL (no such state)
  KVM_SET_MP_STATE(KVM_MP_STATE_AP_RESET_HOLD)       -> -EINVAL (no such state)
  KVM_SET_MP_STATE(11)                               -> -EINVAL (no such state)
  KVM_SET_MP_STATE(0xffffffff)                       -> -EINVAL (no such state)
  KVM_SET_MP_STATE(&unmapped, KVM_MP_STATE_RUNNABLE) -> -EFAULT (bad pointer)
  KVM_SET_MP_STATE(&short(3), KVM_MP_STATE_HALTED)   -> -EFAULT (bad pointer)
  KVM_GET_MP_STATE(&readonly)                        -> -EFAULT (bad pointer)
  KVM_GET_MP_STATE                                   -> ok = KVM_MP_STATE_RUNNABLE
`,
)

sequence(
  'a vcpu of 5.10 cannot be suspended',
  `
  KVM_SET_MP_STATE(KVM_MP_STATE_SUSPENDED) -> -EINVAL (no such state)
  KVM_GET_MP_STATE                         -> ok = KVM_MP_STATE_RUNNABLE
`,
  { until: '6.1' },
)

sequence(
  'a suspended vcpu waits for an interrupt, and stays suspended until it is told otherwise',
  `
  KVM_SET_MP_STATE(KVM_MP_STATE_SUSPENDED)                                                   -> ok
  KVM_GET_MP_STATE                                                                           -> ok = KVM_MP_STATE_SUSPENDED
  KVM_ARM_VCPU_INIT(features[] = 0)                                                          -> ok
  KVM_GET_MP_STATE                                                                           -> ok = KVM_MP_STATE_RUNNABLE
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_SET_MP_STATE(KVM_MP_STATE_SUSPENDED)                                                   -> ok
  KVM_RUN(immediate_exit)                                                                    -> -EINTR (immediate_exit)
  KVM_RUN                                                                                    -> -EINTR (signal)
  KVM_GET_MP_STATE                                                                           -> ok = KVM_MP_STATE_SUSPENDED
  KVM_SET_MP_STATE(KVM_MP_STATE_RUNNABLE)                                                    -> ok
  KVM_RUN                                                                                    -> ok = KVM_EXIT_MMIO
`,
  { since: '6.1' },
)

sequence(
  'an interrupt wakes a suspended vcpu, which says so each time and stays suspended until it is told otherwise',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_SET_MP_STATE(KVM_MP_STATE_SUSPENDED)         -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU, level = 1) -> ok
  kvm_run(system_event.data[0] = 0x5555)           -> ok
  KVM_RUN                                          -> ok = KVM_EXIT_SYSTEM_EVENT
  kvm_run(system_event.type)                       -> ok = KVM_SYSTEM_EVENT_WAKEUP
  kvm_run(system_event.ndata)                      -> ok = 0
  kvm_run(system_event.data[0])                    -> ok = 0
  KVM_GET_MP_STATE                                 -> ok = KVM_MP_STATE_SUSPENDED
  KVM_RUN                                          -> ok = KVM_EXIT_SYSTEM_EVENT
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU, level = 0) -> ok
  KVM_RUN                                          -> -EINTR (signal)
  KVM_SET_MP_STATE(KVM_MP_STATE_RUNNABLE)          -> ok
  KVM_RUN                                          -> ok = KVM_EXIT_MMIO
`,
  { since: '6.1' },
)
