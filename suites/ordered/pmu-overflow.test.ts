/** A PMU that has overflown raises its interrupt: to userspace where there is no vgic, else the line of its private interrupt. */
import { sequence } from '../../harness/suite/sequence.ts'
import { CNTENCLR, CNTENSET, INTENCLR, INTENSET, OVSCLR, OVSSET, PMCR } from '../pmu-registers.ts'

/** The counter of cycles, which every PMU has. */
const CYCLES = '0x80000000'

const set = (register: string, value: string) => `vcpu0: KVM_SET_ONE_REG(${register}, &${value}) -> ok`
const get = (register: string, value: string) => `vcpu0: KVM_GET_ONE_REG(${register}) -> ok = ${value}`
/** Whether a kernel takes what is written for the bits to be cleared, or for what is left: none is. */
const none = (setsIt: string, clearsIt: string) => `${set(clearsIt, '0xffffffff')}\n  ${set(setsIt, '0')}`
const NOTHING = [none(OVSSET, OVSCLR), none(INTENSET, INTENCLR), none(CNTENSET, CNTENCLR)].join('\n  ')

const guest = (irq = '') => `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(mmio-stores)) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3) -> ok
  ${irq}
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> ok
  ${NOTHING}
`
const runs = (levels: string) => `
  vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO
  vcpu0: kvm_run(s.regs.device_irq_level) -> ok = ${levels}
`
const told = (levels: string) => `
  vcpu0: KVM_RUN -> -EINTR (device interrupt)
  vcpu0: kvm_run(s.regs.device_irq_level) -> ok = ${levels}
  ${runs(levels)}
`

sequence(
  'an overflow is told if its interrupt is enabled and the PMU is, until userspace clears it',
  `${guest()}
  ${set(PMCR, '0x1')}
  ${runs('0')}
  ${set(OVSSET, CYCLES)}
  ${runs('0')}
  ${set(CNTENSET, CYCLES)}
  ${set(INTENSET, CYCLES)}
  ${told('0x4')}
  ${get(INTENSET, CYCLES)}
  ${get(INTENCLR, CYCLES)}
  ${set(PMCR, '0x0')}
  ${told('0')}
  ${set(PMCR, '0x1')}
  ${told('0x4')}
  ${none(CNTENSET, CNTENCLR)}
  ${none(OVSSET, OVSCLR)}
  ${told('0')}
`,
)

const withoutCounting = (answer: string) => `${guest()}
  ${set(OVSSET, CYCLES)}
  ${set(INTENSET, CYCLES)}
  ${set(PMCR, '0x1')}
  ${answer}
  ${get(OVSSET, CYCLES)}
  ${get(OVSCLR, CYCLES)}
  ${get(CNTENSET, '0')}
`
sequence('a counter that is stopped tells of its overflow all the same', withoutCounting(told('0x4')), {
  since: '6.1',
})

sequence(
  'in 5.10 a counter that is stopped tells nothing',
  `${withoutCounting('')}
  ${set(CNTENSET, CYCLES)}
  ${told('0x4')}
`,
  { until: '6.1' },
)

sequence(
  'an overflow and a timer are told together',
  `${guest()}
  ${set(OVSSET, CYCLES)}
  ${set(INTENSET, CYCLES)}
  ${set(CNTENSET, CYCLES)}
  ${set(PMCR, '0x1')}
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CTL, &0x1) -> ok
  ${told('0x5')}
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CTL, &0x0) -> ok
  ${told('0x4')}
`,
)

const level = (value: string) => `gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0, &0) -> ok = ${value}`
const RUN = 'vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO'
const IRQ = 'vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &23) -> ok'

sequence(
  'with a GICv3 the line of the interrupt that was chosen is high, from the KVM_RUN that enters the guest on',
  `
  vm: KVM_CREATE_VCPU(0) -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  ${guest(IRQ)}
  ${set(OVSSET, CYCLES)}
  ${set(INTENSET, CYCLES)}
  ${set(CNTENSET, CYCLES)}
  ${set(PMCR, '0x1')}
  vcpu0: KVM_RUN(immediate_exit) -> -EINTR (immediate_exit)
  ${level('0')}
  ${RUN}
  ${level('0x800000')}
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CTL, &0x1) -> ok
  ${RUN}
  ${level('0x8800000')}
  ${set(PMCR, '0x0')}
  ${level('0x8800000')}
  ${RUN}
  ${level('0x8000000')}
`,
)
