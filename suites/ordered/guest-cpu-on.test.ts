/** CPU_ON of PSCI: where the other vcpu begins, and with what. */
import { sequence } from '../../harness/suite/sequence.ts'
import { PC, X } from '../../harness/names/index.ts'

const CONTEXT = '0x1122334455667788'

/** vcpu0 has called CPU_ON for vcpu1, which is off and whose x5 userspace has set: entry 0x4 of its own program. */
const switchedOn = `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(hypercalls)) -> ok
  KVM_CREATE_VCPU(0) -> ok
  KVM_CREATE_VCPU(1) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  vcpu1: KVM_SET_MP_STATE(KVM_MP_STATE_STOPPED)  -> ok
  vcpu1: KVM_SET_ONE_REG(${X(5)}, &0x77)         -> ok
  vcpu0: KVM_SET_ONE_REG(${X(0)}, &0xc4000003)   -> ok
  vcpu0: KVM_SET_ONE_REG(${X(1)}, &0x1)          -> ok
  vcpu0: KVM_SET_ONE_REG(${X(2)}, &0x4)          -> ok
  vcpu0: KVM_SET_ONE_REG(${X(3)}, &${CONTEXT})   -> ok
  vcpu0: KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  vcpu0: KVM_GET_ONE_REG(${X(0)})                -> ok = 0
  vcpu1: KVM_GET_MP_STATE                        -> ok = KVM_MP_STATE_RUNNABLE
`

sequence(
  'it begins at the entry point with the context in x0, all else is reset',
  `${switchedOn}
  vcpu1: KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  vcpu1: kvm_run(mmio.data)                      -> ok = 0x55667788
  vcpu1: KVM_GET_ONE_REG(${PC})                  -> ok = 0x8
  vcpu1: KVM_GET_ONE_REG(${X(0)})                -> ok = ${CONTEXT}
  vcpu1: KVM_GET_ONE_REG(${X(5)})                -> ok = 0
`,
)

sequence(
  'whoever reads or writes a register of it reaches those with which it begins',
  `${switchedOn}
  vcpu1: KVM_RUN(immediate_exit)                 -> -EINTR (immediate_exit)
  vcpu1: KVM_SET_ONE_REG(${X(6)}, &0x66)         -> ok
  vcpu1: KVM_GET_ONE_REG(${PC})                  -> ok = 0x4
  vcpu1: KVM_GET_ONE_REG(${X(0)})                -> ok = ${CONTEXT}
  vcpu1: KVM_GET_ONE_REG(${X(5)})                -> ok = 0
  vcpu1: KVM_SET_ONE_REG(${PC}, &0x8)            -> ok
  vcpu1: KVM_SET_ONE_REG(${X(9)}, &0x10000000)   -> ok
  vcpu1: KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  vcpu1: KVM_GET_ONE_REG(${X(6)})                -> ok = 0x66
`,
)

sequence(
  'CPU_ON with 32 bit arguments has 32 bits of entry point and context',
  `${switchedOn.replace('0xc4000003', '0x84000003').replace('&0x4)', '&0x100000004)')}
  vcpu1: KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  vcpu1: KVM_GET_ONE_REG(${PC})                  -> ok = 0x8
  vcpu1: KVM_GET_ONE_REG(${X(0)})                -> ok = 0x55667788
`,
)

sequence(
  'it is switched off by CPU_OFF and begins anew with the next CPU_ON, wherever it was',
  `${switchedOn}
  vcpu1: KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  vcpu1: KVM_SET_ONE_REG(${X(0)}, &0x84000002)   -> ok
  vcpu1: KVM_RUN                                 -> -EINTR (signal)
  vcpu1: KVM_GET_MP_STATE                        -> ok = KVM_MP_STATE_STOPPED
  vcpu0: KVM_SET_ONE_REG(${X(0)}, &0xc4000003)   -> ok
  vcpu0: KVM_SET_ONE_REG(${X(1)}, &0x1)          -> ok
  vcpu0: KVM_SET_ONE_REG(${X(2)}, &0x4)          -> ok
  vcpu0: KVM_SET_ONE_REG(${X(3)}, &0x42)         -> ok
  vcpu0: KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  vcpu1: KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  vcpu1: kvm_run(mmio.data)                      -> ok = 0x42
`,
)

sequence(
  'a KVM_ARM_VCPU_INIT in between does not keep the next KVM_RUN from one more reset, which begins at 0',
  `${switchedOn}
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  vcpu1: KVM_RUN                                 -> ok = KVM_EXIT_MMIO
  vcpu1: kvm_run(mmio.data)                      -> ok = 0xffffffff
  vcpu1: KVM_GET_ONE_REG(${PC})                  -> ok = 0x8
`,
)
