/** kvm_run(FIELD): what KVM_RUN tells userspace, and what userspace answers. */
import { sequence } from '../../harness/suite/sequence.ts'
import { X } from '../../harness/names/index.ts'

const guest = (name: string, features = '0') => `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(${name})) -> ok
  KVM_ARM_VCPU_INIT(features[] = ${features}) -> ok
`

sequence(
  'only a vcpu has a kvm_run, which is there before KVM_ARM_VCPU_INIT and whatever becomes of the VM',
  `
  vm = KVM_CREATE_VM(0)              -> ok
  vm: KVM_CREATE_VCPU(0)             -> ok
  vcpu0: kvm_run(exit_reason)        -> ok = KVM_EXIT_UNKNOWN
  vcpu0: kvm_run(mmio.data = 0x1234) -> ok
  vcpu0: kvm_run(mmio.data)          -> ok = 0x1234
  vcpu0: kvm_run(arm_nisv.fault_ipa) -> ok = 0x1234
  vm: kvm_run(exit_reason)           -> -ENODEV (no vcpu)
  kvm: kvm_run(flags)                -> -ENODEV (no vcpu)
  vcpu0: KVM_RUN(immediate_exit)     -> -ENOEXEC (not initialised)
  vcpu0: kvm_run(mmio.data)          -> ok = 0x1234
  vcpu0: close                       -> ok
  vcpu0: kvm_run(mmio.data)          -> -EBADF (no descriptor)
`,
)

sequence(
  'an MMIO store says where, how long and what; the data of a store is not looked at again',
  `${guest('store-then-off', 'KVM_ARM_VCPU_PSCI_0_2')}
  kvm_run(mmio.data = 0xffffffffffffffff) -> ok
  KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  kvm_run(exit_reason)                    -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.phys_addr)                 -> ok = 0x10000000
  kvm_run(mmio.len)                       -> ok = 4
  kvm_run(mmio.is_write)                  -> ok = 1
  kvm_run(mmio.data)                      -> ok = 0xffffffff0000002a
  kvm_run(mmio.is_write = 0)              -> ok
  kvm_run(mmio.data = 0x7)                -> ok
  KVM_RUN(immediate_exit)                 -> -EINTR (immediate_exit)
  kvm_run(exit_reason)                    -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc)) -> ok = 0xc
  KVM_GET_ONE_REG(${X(2)})                -> ok = 0x2a
  KVM_RUN                                 -> ok = KVM_EXIT_SYSTEM_EVENT
  kvm_run(exit_reason)                    -> ok = KVM_EXIT_SYSTEM_EVENT
  kvm_run(system_event.type)              -> ok = KVM_SYSTEM_EVENT_SHUTDOWN
  kvm_run(system_event.data[0])           -> ok = 0
  KVM_RUN                                 -> -EINTR (signal)
  kvm_run(exit_reason)                    -> ok = KVM_EXIT_INTR
  kvm_run(system_event.type)              -> ok = KVM_SYSTEM_EVENT_SHUTDOWN
`,
)

sequence(
  'system events have data words since 6.1, and clear all of them; before, what lay behind the flags stays',
  `${guest('store-then-off', 'KVM_ARM_VCPU_PSCI_0_2')}
  kvm_run(hypercall.flags = 0x55)         -> ok
  KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  KVM_RUN                                 -> ok = KVM_EXIT_SYSTEM_EVENT
  kvm_run(system_event.ndata)             -> ok = 1
  kvm_run(mmio.len)                       -> ok = 0
  kvm_run(hypercall.flags)                -> ok = 0
`,
  { since: '6.1' },
)

sequence(
  'in 5.10 a system event has flags alone',
  `${guest('store-then-off', 'KVM_ARM_VCPU_PSCI_0_2')}
  kvm_run(hypercall.flags = 0x55)         -> ok
  KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  KVM_RUN                                 -> ok = KVM_EXIT_SYSTEM_EVENT
  kvm_run(system_event.ndata)             -> ok = 0
  kvm_run(mmio.len)                       -> ok = 4
  kvm_run(hypercall.flags)                -> ok = 0x55
`,
  { until: '6.1' },
)

sequence(
  'a RESET2 is told from a RESET by its flag',
  `${guest('hypercalls', 'KVM_ARM_VCPU_PSCI_0_2')}
  KVM_SET_ONE_REG(${X(0)}, &0x84000012)   -> ok
  KVM_SET_ONE_REG(${X(1)}, &0x0)          -> ok
  KVM_RUN                                 -> ok = KVM_EXIT_SYSTEM_EVENT
  kvm_run(system_event.type)              -> ok = KVM_SYSTEM_EVENT_RESET
  kvm_run(system_event.data[0])           -> ok = 1
`,
  { since: '6.1' },
)

sequence(
  'x4 to x30 come through a hypercall and an MMIO as they were',
  `${guest('hypercalls', 'KVM_ARM_VCPU_PSCI_0_2')}
  KVM_SET_ONE_REG(${X(0)}, &0x84000000)   -> ok
  KVM_SET_ONE_REG(${X(4)}, &0x4444444444444444)   -> ok
  KVM_SET_ONE_REG(${X(8)}, &0x8888888888888888)   -> ok
  KVM_SET_ONE_REG(${X(9)}, &0x9999999999999999)   -> ok
  KVM_SET_ONE_REG(${X(17)}, &0x1717171717171717)   -> ok
  KVM_SET_ONE_REG(${X(30)}, &0x3030303030303030)   -> ok
  KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${X(4)})                -> ok = 0x4444444444444444
  KVM_GET_ONE_REG(${X(8)})                -> ok = 0x8888888888888888
  KVM_GET_ONE_REG(${X(9)})                -> ok = 0x10000000
  KVM_GET_ONE_REG(${X(17)})               -> ok = 0x1717171717171717
  KVM_GET_ONE_REG(${X(30)})               -> ok = 0x3030303030303030
`,
)
