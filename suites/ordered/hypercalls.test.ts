/** Hypercalls that a guest makes, with the function in x0 and arguments in x1 to x3; what came back is in x0 to x3. */
import { sequence } from '../../harness/suite/sequence.ts'
import { X } from '../../harness/names/index.ts'
import { call, gives, guestWith, INVALID_PARAMETERS, NOT_SUPPORTED } from './guest-calls.ts'

const PSCI_0_2 = guestWith('KVM_ARM_VCPU_PSCI_0_2')

/** The same, where there are other vcpus. */
const onVcpu0 = (trace: string): string => trace.replaceAll(/^( *)KVM_/gm, '$1vcpu0: KVM_')

const ALREADY_ON = '0xfffffffffffffffc'
const INTERNAL_FAILURE = '0xfffffffffffffffa'

sequence(
  'PSCI_VERSION is what KVM_REG_ARM_PSCI_VERSION was set to',
  `${PSCI_0_2}
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10000) -> ok
  ${gives('0x10000', '0x84000000')}
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x2) -> ok
  ${gives('0x2', '0x84000000')}
`,
)

sequence(
  'only the lower half of x0 is the function',
  `${PSCI_0_2}
  ${gives('2', '0x5555555584000006', '0x11', '0x22', '0x33')}
  ${gives(NOT_SUPPORTED, '0xffffffff84000005', '0x11', '0x22', '0x33')}
`,
)

sequence(
  'PSCI 0.2 has no PSCI_FEATURES, PSCI 1.0 has',
  `${PSCI_0_2}
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x2) -> ok
  ${gives(NOT_SUPPORTED, '0x8400000a', '0x84000000')}
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10000) -> ok
  ${gives('0', '0x8400000a', '0x84000000')}
  ${gives('0', '0x8400000a', '0xc4000003')}
  ${gives('0', '0x8400000a', '0x80000000')}
  ${gives(NOT_SUPPORTED, '0x8400000a', '0x84000005')}
  ${gives(NOT_SUPPORTED, '0x8400000a', '0xc4000008')}
`,
)

sequence(
  'SYSTEM_RESET2 comes with PSCI 1.1, SYSTEM_OFF2 with 1.3',
  `${PSCI_0_2}
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10000) -> ok
  ${gives(NOT_SUPPORTED, '0x8400000a', '0x84000012')}
  ${gives(NOT_SUPPORTED, '0x84000012', '0x1')}
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10001) -> ok
  ${gives('0', '0x8400000a', '0xc4000012')}
  ${gives(INVALID_PARAMETERS, '0x84000012', '0x1')}
  ${gives(INVALID_PARAMETERS, '0xc4000012', '0x7fffffff')}
  ${gives(NOT_SUPPORTED, '0x84000015', '0x5')}
  ${call('0x84000012', '0x80000000')} -> ok = KVM_EXIT_SYSTEM_EVENT
  KVM_GET_ONE_REG(${X(0)}) -> ok = ${INTERNAL_FAILURE}
`,
  { since: '6.1' },
)

sequence(
  'SYSTEM_OFF2 takes no second argument, and hibernates where the first is 0 or 1',
  `${PSCI_0_2}
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x10003) -> ok
  ${gives('1', '0x8400000a', '0x84000015')}
  ${gives(INVALID_PARAMETERS, '0x84000015', '0x2', '0x0')}
  ${gives(INVALID_PARAMETERS, '0xc4000015', '0x1', '0x100000000')}
  ${call('0x84000015', '0x1', '0x100000000')} -> ok = KVM_EXIT_SYSTEM_EVENT
  KVM_GET_ONE_REG(${X(0)}) -> ok = ${INTERNAL_FAILURE}
  KVM_RUN -> -EINTR (signal)
`,
  { since: '7.2' },
)

sequence(
  'CPU_ON finds a vcpu by its affinity, and only one that is off',
  onVcpu0(`${PSCI_0_2}
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2 | KVM_ARM_VCPU_POWER_OFF) -> ok
  ${gives(ALREADY_ON, '0x84000003', '0x0')}
  ${gives(INVALID_PARAMETERS, '0xc4000003', '0x2')}
  ${gives(INVALID_PARAMETERS, '0xc4000003', '0x100')}
  ${gives('1', '0x84000004', '0x1', '0x0')}
  ${gives('0', '0xc4000003', '0x1', '0x0', '0x7')}
  ${gives('0', '0x84000004', '0x1', '0x0')}
  ${gives(ALREADY_ON, '0x84000003', '0x1')}
`),
)

/** Bit 31, which an MPIDR_EL1 has and an affinity has not; and one above them all. */
const reservedBits = (cpuOn: string, affinityInfo: string): string =>
  onVcpu0(`${PSCI_0_2}
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2 | KVM_ARM_VCPU_POWER_OFF) -> ok
  ${gives(affinityInfo, '0xc4000004', '0x80000001', '0')}
  ${gives(affinityInfo, '0xc4000004', '0x8000000000000001', '0')}
  ${gives(cpuOn, '0xc4000003', '0x80000001', '0', '0')}
`)

sequence(
  'CPU_ON and AFFINITY_INFO know no vcpu by bits that are no affinity',
  reservedBits(INVALID_PARAMETERS, INVALID_PARAMETERS),
  { since: '6.1' },
)
sequence('5.10 ignores bits that are no affinity', reservedBits('0', '1'), { until: '6.1' })

sequence(
  'CPU_ON and AFFINITY_INFO take a suspended vcpu for one that is on',
  onVcpu0(`${PSCI_0_2}
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  vcpu1: KVM_SET_MP_STATE(KVM_MP_STATE_SUSPENDED) -> ok
  ${gives('0', '0x84000004', '0x1', '0x0')}
  ${gives(ALREADY_ON, '0xc4000003', '0x1', '0x0', '0x7')}
  vcpu1: KVM_GET_MP_STATE -> ok = KVM_MP_STATE_SUSPENDED
`),
  { since: '6.1' },
)

sequence(
  'AFFINITY_INFO looks at all vcpus below a level, of which there are four',
  onVcpu0(`${PSCI_0_2}
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2 | KVM_ARM_VCPU_POWER_OFF) -> ok
  ${gives('1', '0x84000004', '0x1', '0x0')}
  ${gives('0', '0x84000004', '0x1', '0x1')}
  ${gives(INVALID_PARAMETERS, '0xc4000004', '0x100', '0x1')}
  ${gives('0', '0xc4000004', '0x100', '0x2')}
  ${gives('0', '0xc4000004', '0x10000', '0x3')}
  ${gives(INVALID_PARAMETERS, '0xc4000004', '0x0', '0x4')}
  ${gives('0', '0x84000004', '0x0', '0x100000000')}
  ${gives(INVALID_PARAMETERS, '0xc4000004', '0x0', '0x100000000')}
`),
)

sequence(
  'a vcpu that has switched itself off runs no more, and SYSTEM_RESET switches all off',
  onVcpu0(`${PSCI_0_2}
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  ${call('0x84000002')} -> -EINTR (signal)
  vcpu0: KVM_GET_ONE_REG(${X(0)}) -> ok = 0
  vcpu0: KVM_RUN -> -EINTR (signal)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  ${call('0x84000009')} -> ok = KVM_EXIT_SYSTEM_EVENT
  vcpu1: KVM_RUN -> -EINTR (signal)
  vcpu0: KVM_RUN -> -EINTR (signal)
`),
)

sequence(
  'CPU_SUSPEND waits for an interrupt, and a signal ends it',
  `${PSCI_0_2}
  ${call('0x84000001', '0x11')} -> -EINTR (signal)
  KVM_GET_ONE_REG(${X(0)}) -> ok = 0
  KVM_RUN -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${X(1)}) -> ok = 0
`,
)

sequence(
  'without KVM_ARM_VCPU_PSCI_0_2 there is PSCI 0.1 with numbers of its own',
  `${guestWith('0')}
  ${gives(NOT_SUPPORTED, '0x84000000', '0x11')}
  ${gives(NOT_SUPPORTED, '0xc4000003', '0x11')}
  ${gives(NOT_SUPPORTED, '0x84000008', '0x11')}
  ${gives(NOT_SUPPORTED, '0x95c1ba5e', '0x11')}
  ${gives(INVALID_PARAMETERS, '0x95c1ba60', '0x0')}
  ${gives(INVALID_PARAMETERS, '0x95c1ba60', '0x1')}
  ${gives(NOT_SUPPORTED, '0x95c1ba61', '0x11')}
  ${call('0x95c1ba5f')} -> -EINTR (signal)
  KVM_RUN -> -EINTR (signal)
`,
)

const filter = (base: string, action: string, n = 1): string =>
  `vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = ${base}, nr_functions = ${n}, action = ${action})) -> ok`

sequence(
  'a function that nobody has is not supported, with PSCI 0.2 and without',
  `${PSCI_0_2}
  ${gives(NOT_SUPPORTED, '0x2', '0x11', '0x22', '0x33')}
  ${gives(NOT_SUPPORTED, '0x84000020', '0x11')}
  ${gives(NOT_SUPPORTED, '0xc5000040', '0x11')}
  ${gives(NOT_SUPPORTED, '0xffffffffffffffff', '0x11')}
  vm1 = KVM_CREATE_VM(0) -> ok
  vm1: vm1.vcpu0 = KVM_CREATE_VCPU(0) -> ok
  vm1: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(hypercalls) + 0x10000) -> ok
  vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vm1.vcpu0: KVM_SET_ONE_REG(${X(0)}, &0x95c1ba62) -> ok
  vm1.vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO
  vm1.vcpu0: KVM_GET_ONE_REG(${X(0)}) -> ok = ${NOT_SUPPORTED}
`.replaceAll(/^( *)KVM_(SET_ONE|GET_ONE|RUN|ARM)/gm, '$1vcpu0: KVM_$2'),
)

sequence(
  'a filter denies functions, and sends others to userspace with all their registers',
  `${PSCI_0_2}
  ${filter('0x84000000', 'KVM_SMCCC_FILTER_DENY')}
  ${filter('0x86000000', 'KVM_SMCCC_FILTER_FWD_TO_USER', 0x100)}
  ${filter('0x84000004', 'KVM_SMCCC_FILTER_HANDLE')}
  ${gives(NOT_SUPPORTED, '0x84000000', '0x11')}
  ${gives('2', '0x84000006', '0x11')}
  kvm_run(system_event.data[0] = 0x5555) -> ok
  kvm_run(hypercall.flags = 0x5555)      -> ok
  ${call('0x5555555586000001', '0x1111111111111111')} -> ok = KVM_EXIT_HYPERCALL
  kvm_run(hypercall.nr)                  -> ok = 0x86000001
  kvm_run(hypercall.flags)               -> ok = 0
  kvm_run(system_event.data[0])          -> ok = 0
  KVM_GET_ONE_REG(${X(0)})               -> ok = 0x5555555586000001
  KVM_GET_ONE_REG(${X(1)})               -> ok = 0x1111111111111111
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc)) -> ok = 0x4
  KVM_SET_ONE_REG(${X(0)}, &0x77)        -> ok
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.data)                     -> ok = 0x77
`,
  { since: '6.12' },
)

sequence(
  'SYSTEM_SUSPEND is there where the VM asks for it, and leaves to userspace with its arguments',
  `${PSCI_0_2}
  ${gives(NOT_SUPPORTED, '0x8400000a', '0xc400000e')}
  ${gives(NOT_SUPPORTED, '0xc400000e', '0x1111')}
  vm: KVM_ENABLE_CAP(KVM_CAP_ARM_SYSTEM_SUSPEND) -> ok
  ${gives('0', '0x8400000a', '0xc400000e')}
  kvm_run(system_event.data[0] = 0x5555) -> ok
  ${call('0xc400000e', '0x1111111111111111', '0x2222222222222222')} -> ok = KVM_EXIT_SYSTEM_EVENT
  kvm_run(system_event.type)             -> ok = KVM_SYSTEM_EVENT_SUSPEND
  kvm_run(system_event.ndata)            -> ok = 0
  kvm_run(system_event.data[0])          -> ok = 0
  KVM_GET_ONE_REG(${X(0)})               -> ok = 0xc400000e
  KVM_GET_ONE_REG(${X(1)})               -> ok = 0x1111111111111111
  KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc)) -> ok = 0x4
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  ${call('0x8400000e', '0x1111111111111111', '0x2222222222222222')} -> ok = KVM_EXIT_SYSTEM_EVENT
  KVM_GET_ONE_REG(${X(1)})               -> ok = 0x11111111
  KVM_GET_ONE_REG(${X(2)})               -> ok = 0x22222222
  KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &0x2) -> ok
  KVM_RUN                                -> ok = KVM_EXIT_MMIO
  ${gives(NOT_SUPPORTED, '0x8400000e', '0x1111')}
`,
  { since: '6.1' },
)
