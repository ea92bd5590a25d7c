/** KVM_REGISTER_COALESCED_MMIO: zones that come and go, and a guest whose store does not leave it. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a zone is memory or ports, of any size, and may be there twice; what is not there is no error to take away',
  `KVM_REGISTER_COALESCED_MMIO(addr = 0x10000000, size = 0x1000)                  -> ok
   KVM_REGISTER_COALESCED_MMIO(addr = 0x10000000, size = 0x1000)                  -> ok
   KVM_REGISTER_COALESCED_MMIO(addr = 0, size = 0)                                -> ok
   KVM_REGISTER_COALESCED_MMIO(addr = 0xffffffffffffffff, size = 0xffffffff)      -> ok
   KVM_REGISTER_COALESCED_MMIO(addr = 0x3f8, size = 8, pio = 1)                   -> ok
   KVM_REGISTER_COALESCED_MMIO(addr = 0x3f8, size = 8, pio = 2)                   -> -EINVAL (neither memory nor ports)
   KVM_REGISTER_COALESCED_MMIO(&short(15), addr = 0x3f8, size = 8, pio = 2)       -> -EFAULT (bad pointer)
   KVM_REGISTER_COALESCED_MMIO(&readonly, addr = 0, size = 8)                     -> ok
   KVM_UNREGISTER_COALESCED_MMIO(addr = 0x10000000, size = 0x1000)                -> ok
   KVM_UNREGISTER_COALESCED_MMIO(addr = 0x10000000, size = 0x1000)                -> ok
   KVM_UNREGISTER_COALESCED_MMIO(addr = 0, size = 0, pio = 0x80000000)            -> -EINVAL (neither memory nor ports)
   KVM_UNREGISTER_COALESCED_MMIO(&unmapped, addr = 0, size = 0, pio = 2)          -> -EFAULT (bad pointer)
   vcpu0: KVM_REGISTER_COALESCED_MMIO(addr = 0, size = 0)                         -> -EINVAL (unknown ioctl)`,
)

sequence(
  'a store that lies in a zone does not leave the guest',
  `KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                       -> ok
   vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest) -> ok
   KVM_RUN                                                                                  -> ok = KVM_EXIT_MMIO
   KVM_RUN                                                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
   vm: KVM_REGISTER_COALESCED_MMIO(addr = 0x10000000, size = 4)                             -> ok
   KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                    -> ok
   KVM_RUN                                                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
   vm: KVM_UNREGISTER_COALESCED_MMIO(addr = 0x10000003, size = 1, pio = 1)                  -> ok
   KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                    -> ok
   KVM_RUN                                                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
   vm: KVM_UNREGISTER_COALESCED_MMIO(addr = 0x10000000, size = 5)                           -> ok
   vm: KVM_UNREGISTER_COALESCED_MMIO(addr = 0xfffffff, size = 2)                            -> ok
   vm: KVM_UNREGISTER_COALESCED_MMIO(addr = 0x10000004, size = 1)                           -> ok
   KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                    -> ok
   KVM_RUN                                                                                  -> ok = KVM_EXIT_SYSTEM_EVENT
   vm: KVM_UNREGISTER_COALESCED_MMIO(addr = 0x10000003, size = 1)                           -> ok
   KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                    -> ok
   KVM_RUN                                                                                  -> ok = KVM_EXIT_MMIO`,
)

const leaving = (zone: string, exit: string) =>
  `KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                 -> ok
   vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest)   -> ok
   vm: KVM_REGISTER_COALESCED_MMIO(${zone})                                                              -> ok
   KVM_RUN                                                                                               -> ok = ${exit}`

sequence('a store leaves where a zone is for ports', leaving('addr = 0x10000000, size = 4, pio = 1', 'KVM_EXIT_MMIO'))
sequence('a store leaves where a zone has not all of it', leaving('addr = 0x10000000, size = 3', 'KVM_EXIT_MMIO'))
sequence('a store leaves where a zone is empty', leaving('addr = 0x10000000, size = 0', 'KVM_EXIT_MMIO'))
sequence(
  'a store leaves where a zone has 2^32 - 1 bytes, which the kernel takes for -1',
  leaving('addr = 0x10000000, size = 0xffffffff', 'KVM_EXIT_MMIO'),
)
sequence(
  'a store stays where the end of such a zone is below 0, which the kernel takes for a large number',
  leaving('addr = 0, size = 0x80000000', 'KVM_EXIT_SYSTEM_EVENT'),
)
sequence(
  'zones of 2^31 bytes are not taken away by their own size, but by any part of them',
  `KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                -> ok
   vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest)  -> ok
   vm: KVM_REGISTER_COALESCED_MMIO(addr = 0, size = 0x80000000)                                         -> ok
   vm: KVM_UNREGISTER_COALESCED_MMIO(addr = 0, size = 0x80000000)                                       -> ok
   KVM_RUN                                                                                              -> ok = KVM_EXIT_SYSTEM_EVENT
   vm: KVM_UNREGISTER_COALESCED_MMIO(addr = 0, size = 0x7fffffff)                                       -> ok
   KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                -> ok
   KVM_RUN                                                                                              -> ok = KVM_EXIT_MMIO`,
)
