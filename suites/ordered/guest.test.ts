/**
 * A guest that really runs: it stores to an address without memory, asks PSCI to switch the machine off, then spins.
 */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'the guest leaves for an MMIO store, switches itself off, and stays off',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                           -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_MMIO
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_SYSTEM_EVENT
  KVM_RUN                                                                                                         -> -EINTR (signal)
`,
)

sequence(
  'PSCI SYSTEM_OFF needs KVM_ARM_VCPU_PSCI_0_2',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                                                               -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_MMIO
  KVM_RUN                                                                                                         -> -EINTR (signal)
`,
)

sequence(
  'a vcpu that was initialised powered off runs nothing',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_POWER_OFF | KVM_ARM_VCPU_PSCI_0_2)                                  -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_RUN                                                                                                         -> -EINTR (signal)
`,
)

sequence(
  'immediate_exit comes back before the guest does anything',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                           -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_RUN(immediate_exit)                                                                                         -> -EINTR (immediate_exit)
  KVM_RUN(immediate_exit)                                                                                         -> -EINTR (immediate_exit)
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_MMIO
  KVM_RUN(immediate_exit)                                                                                         -> -EINTR (immediate_exit)
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_SYSTEM_EVENT
`,
)

sequence(
  'a guest with SVE runs once SVE is finalized',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2 | KVM_ARM_VCPU_SVE)                                        -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_RUN                                                                                                         -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                                                                         -> ok
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_MMIO
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_SYSTEM_EVENT
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                                                                         -> -EPERM (too late)
`,
)

sequence(
  'memory may come after a KVM_RUN that found none',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                           -> ok
  KVM_RUN(immediate_exit)                                                                                         -> -EINTR (immediate_exit)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_MMIO
`,
)

sequence(
  'two vcpus run the same program, each from its beginning',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                    -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                    -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vcpu0: KVM_RUN                                                                                                  -> ok = KVM_EXIT_MMIO
  vcpu1: KVM_RUN                                                                                                  -> ok = KVM_EXIT_MMIO
`,
)

sequence(
  'KVM_ARM_VCPU_INIT after SYSTEM_OFF starts the guest again',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                           -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_MMIO
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_SYSTEM_EVENT
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                           -> ok
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_MMIO
  KVM_RUN                                                                                                         -> ok = KVM_EXIT_SYSTEM_EVENT
`,
)

sequence(
  'SYSTEM_OFF by one vcpu stops the others',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                    -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                    -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vcpu0: KVM_RUN                                                                                                  -> ok = KVM_EXIT_MMIO
  vcpu0: KVM_RUN                                                                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
  vcpu1: KVM_RUN                                                                                                  -> -EINTR (signal)
`,
)
