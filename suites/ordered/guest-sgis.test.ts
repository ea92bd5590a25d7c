/** Interrupts that a guest sends to vcpus by ICC_SGI1R_EL1, ICC_ASGI1R_EL1 and ICC_SGI0R_EL1. */
import { sequence } from '../../harness/suite/sequence.ts'

const REDIST = 'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS'
const x = (n: number, value: string) => `vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[${n}]), &${value}) -> ok`
const RUN = 'vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO'
const pending = (vcpu: number, value: string) =>
  `gic: KVM_GET_DEVICE_ATTR(${REDIST}, 0x${vcpu}00010200, &0x0) -> ok = ${value}`

/** Two vcpus whose own interrupts are not enabled, so that none is taken. */
const machine = `
  vm: KVM_CREATE_VCPU(0) -> ok
  vm: KVM_CREATE_VCPU(1) -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(send-sgis)) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  gic: KVM_SET_DEVICE_ATTR(${REDIST}, 0x10180, &0xffffffff)       -> ok
  gic: KVM_SET_DEVICE_ATTR(${REDIST}, 0x100010180, &0xffffffff)   -> ok
`

sequence(
  'an SGI of group 1 is sent by ICC_SGI1R_EL1, to those that are named or to all others',
  `${machine}
  ${x(0, '0x3000002')}
  ${x(1, '0x4000003')}
  ${x(2, '0x5000003')}
  ${RUN}
  ${pending(0, '0x0')}
  ${pending(1, '0x8')}
  ${x(0, '0x1000f000000')}
  ${RUN}
  ${pending(0, '0x0')}
  ${pending(1, '0x8008')}
  ${x(0, '0x2010001')}
  ${RUN}
  ${pending(0, '0x0')}
`,
)

sequence(
  'an SGI of group 0 is sent by each of the three registers',
  `${machine}
  gic: KVM_SET_DEVICE_ATTR(${REDIST}, 0x10080, &0xffffffef) -> ok
  ${x(0, '0x3000001')}
  ${x(1, '0x4000003')}
  ${x(2, '0x5000003')}
  ${RUN}
  ${pending(0, '0x18')}
  ${pending(1, '0x0')}
`,
)
