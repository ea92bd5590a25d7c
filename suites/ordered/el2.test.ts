/** A vcpu with EL2, of which a guest makes a hypervisor, and the interrupt that its GIC needs for that. */
import { sequence } from '../../harness/suite/sequence.ts'

const PSTATE = 'KVM_REG_ARM_CORE_REG(regs.pstate)'
const MAINT_IRQ = 'KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0'
const since = { since: '7.2' } as const

/** A GICv3 whose addresses are told, and a vcpu with EL2 and other features. */
const withGic = (others = '') => `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x10000) -> ok
  gic: KVM_GET_DEVICE_ATTR(${MAINT_IRQ}, &0) -> ok = 0
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2${others}) -> ok`
const INIT = 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok'

sequence(
  'a vcpu with EL2 begins there, and may be put into EL1',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2) -> ok
  KVM_GET_ONE_REG(${PSTATE})         -> ok = 0x3c9
  KVM_SET_ONE_REG(${PSTATE}, &0x3c5) -> ok
  KVM_GET_ONE_REG(${PSTATE})         -> ok = 0x3c5
  KVM_SET_ONE_REG(${PSTATE}, &0x3c8) -> ok
  KVM_GET_ONE_REG(${PSTATE})         -> ok = 0x3c8
  KVM_SET_ONE_REG(${PSTATE}, &0x3cd) -> -EINVAL (processor mode)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2) -> ok
  KVM_GET_ONE_REG(${PSTATE})         -> ok = 0x3c9`,
  since,
)

sequence(
  'an EL2 without VHE is asked for beside EL2',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2 | KVM_ARM_VCPU_HAS_EL2_E2H0) -> ok
  KVM_GET_ONE_REG(${PSTATE})         -> ok = 0x3c9
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2) -> -EINVAL (changed mind)`,
  since,
)

sequence(
  'an EL2 without VHE is none where EL2 is not asked for',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2_E2H0) -> ok
  KVM_GET_ONE_REG(${PSTATE})         -> ok = 0x3c5
  KVM_SET_ONE_REG(${PSTATE}, &0x3c9) -> -EINVAL (processor mode)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2 | KVM_ARM_VCPU_HAS_EL2_E2H0) -> -EINVAL (changed mind)`,
  since,
)

sequence(
  'all vcpus of a VM have EL2, or none has',
  `
  vcpu0 = KVM_CREATE_VCPU(0) -> ok
  vcpu1 = KVM_CREATE_VCPU(1) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2) -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0) -> -EINVAL (changed mind)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2 | KVM_ARM_VCPU_HAS_EL2_E2H0) -> -EINVAL (changed mind)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2) -> ok`,
  since,
)

sequence(
  'a vcpu with EL2 does not run without a vgic, which it may get later',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_HAS_EL2) -> ok
  KVM_RUN(immediate_exit) -> -EAGAIN (EL2 without vgic)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  gic: KVM_GET_DEVICE_ATTR(${MAINT_IRQ}, &0) -> ok = 25
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x10000) -> ok
  ${INIT}
  KVM_RUN(immediate_exit) -> -EINTR (immediate_exit)`,
  since,
)

sequence(
  'the maintenance interrupt is 25 once a vcpu with EL2 has run, if none was chosen',
  `${withGic()}
  ${INIT}
  gic: KVM_GET_DEVICE_ATTR(${MAINT_IRQ}, &0) -> ok = 0
  KVM_RUN(immediate_exit) -> -EINTR (immediate_exit)
  gic: KVM_GET_DEVICE_ATTR(${MAINT_IRQ}, &0) -> ok = 25
  gic: KVM_SET_DEVICE_ATTR(${MAINT_IRQ}, &24) -> -EBUSY (vgic initialised)`,
  since,
)

sequence(
  'no timer of a vcpu with EL2 has the maintenance interrupt for its own',
  `${withGic()}
  gic: KVM_SET_DEVICE_ATTR(${MAINT_IRQ}, &26) -> ok
  ${INIT}
  KVM_RUN(immediate_exit) -> -EINVAL (interrupts of timers)
  gic: KVM_GET_DEVICE_ATTR(${MAINT_IRQ}, &0) -> ok = 26`,
  since,
)

sequence(
  'nor has its PMU, which claims its interrupt first',
  `${withGic(' | KVM_ARM_VCPU_PMU_V3')}
  ${INIT}
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &25) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)     -> ok
  KVM_RUN(immediate_exit) -> -EEXIST (maintenance interrupt taken)
  KVM_RUN(immediate_exit) -> -EEXIST (maintenance interrupt taken)
  gic: KVM_GET_DEVICE_ATTR(${MAINT_IRQ}, &0) -> ok = 25`,
  since,
)
