/** SMC of a guest: a call like HVC where KVM takes it for one, and else an answer that there is nobody. */
import { X } from '../../harness/names/index.ts'
import { sequence } from '../../harness/suite/sequence.ts'
import { call, NOT_SUPPORTED } from './guest-calls.ts'

const guest = `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(monitor-calls)) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok`
const filter = (base: string, action: string) =>
  `vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = ${base}, nr_functions = 1, action = ${action})) -> ok`
const pcIs = (at: string) => `KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc)) -> ok = ${at}`
/** What an SMC leaves that KVM takes for none of its calls. */
const nobody = `
  KVM_GET_ONE_REG(${X(0)}) -> ok = ${NOT_SUPPORTED}
  KVM_GET_ONE_REG(${X(1)}) -> ok = 0x1111111111111111
  KVM_GET_ONE_REG(${X(2)}) -> ok = 0x2222222222222222
  KVM_GET_ONE_REG(${X(3)}) -> ok = 0x3333333333333333`
const registers = ['0x1111111111111111', '0x2222222222222222', '0x3333333333333333']

sequence(
  'before 6.12 every SMC is told that there is nobody, and changes x0 alone',
  `${guest}
  ${call('0x84000000', ...registers)} -> ok = KVM_EXIT_MMIO
  ${nobody}
  ${pcIs('0x8')}
  ${call('0x84000000', ...registers)} -> ok = KVM_EXIT_MMIO
  ${nobody}
  ${pcIs('0x10')}`,
  { until: '6.12' },
)

sequence(
  'an SMC is a call like an HVC, and one with another immediate is told that there is nobody',
  `${guest}
  ${call('0x84000006', ...registers)} -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${X(0)}) -> ok = 2
  KVM_GET_ONE_REG(${X(1)}) -> ok = 0
  ${pcIs('0x8')}
  ${call('0x84000006', ...registers)} -> ok = KVM_EXIT_MMIO
  ${nobody}
  ${pcIs('0x10')}
  ${call('0x84000008')} -> ok = KVM_EXIT_SYSTEM_EVENT
  ${pcIs('0x4')}`,
  { since: '6.12' },
)

sequence(
  'an SMC that is sent to userspace says that it is one, and the guest goes on behind it',
  `${guest}
  ${filter('0x84000000', 'KVM_SMCCC_FILTER_FWD_TO_USER')}
  ${filter('0x84000006', 'KVM_SMCCC_FILTER_DENY')}
  kvm_run(hypercall.flags = 0x5555) -> ok
  ${call('0x84000000', ...registers)} -> ok = KVM_EXIT_HYPERCALL
  kvm_run(hypercall.nr)    -> ok = 0x84000000
  kvm_run(hypercall.flags) -> ok = 1
  KVM_GET_ONE_REG(${X(0)}) -> ok = 0x84000000
  KVM_GET_ONE_REG(${X(3)}) -> ok = 0x3333333333333333
  ${pcIs('0x4')}
  KVM_SET_ONE_REG(${X(0)}, &0x77) -> ok
  KVM_RUN                  -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.data)       -> ok = 0x77
  ${call('0x84000000', ...registers)} -> ok = KVM_EXIT_MMIO
  ${nobody}
  ${call('0x84000006', ...registers)} -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${X(0)}) -> ok = ${NOT_SUPPORTED}
  KVM_GET_ONE_REG(${X(1)}) -> ok = 0`,
  { since: '6.12' },
)
