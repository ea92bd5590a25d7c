/** Guests without a program of the table: what userspace writes into their memory itself is code like any other. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a guest comes to a slot without memory, and kvm_run has no reason why it is back',
  `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = 0x0)      -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000, memory_size = 0x10000, userspace_addr = &ram) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)            -> ok
  KVM_RUN                                                          -> -EFAULT (no memory behind a slot)
  kvm_run(exit_reason)                                             -> ok = KVM_EXIT_UNKNOWN
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)            -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x18000)         -> ok
  KVM_RUN                                                          -> -EFAULT (no memory behind a slot)
  kvm_run(exit_reason)                                             -> ok = KVM_EXIT_UNKNOWN
`,
)

sequence(
  'a guest comes to a slot without memory beside its own, and not where nothing leads it there',
  `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &ram)    -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x10000, memory_size = 0x10000, userspace_addr = 0x0) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)            -> ok
  KVM_RUN                                                          -> -EINTR (signal)
  kvm_run(exit_reason)                                             -> ok = KVM_EXIT_INTR
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)            -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x10000)         -> ok
  KVM_RUN                                                          -> -EFAULT (no memory behind a slot)
  kvm_run(exit_reason)                                             -> ok = KVM_EXIT_UNKNOWN
`,
)

sequence(
  'what lies in memory where the guest never comes is no code',
  `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &ram)    -> ok
  vcpu0: ram(0x8000 = 0xb9000121d2a20009, 0x14000000)              -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)            -> ok
  KVM_RUN                                                          -> -EINTR (signal)
  kvm_run(exit_reason)                                             -> ok = KVM_EXIT_INTR
`,
)
