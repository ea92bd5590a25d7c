/** Timers that are due or are not: what userspace reads of them, and who is told. */
import { init } from '../lines/vcpu-init.ts'
import { programSlot } from '../lines/memory-region.ts'
import type { Picker } from '../pick.ts'
import { onVcpu, type Bias } from './bias.ts'

const program = programSlot('mmio-stores')
const timers = ['TIMER', 'TIMER', 'PTIMER']
const controls = ['0x0', '0x1', '0x1', '0x1', '0x2', '0x3', '0x5', '0xffffffffffffffff']
/** Times that have come, that never will, and that of a counter that userspace sets. */
const times = ['0x0', '0x0', '0x7fffffffffffffff', '0xffffffffffffffff', '0x100000000000000']
const counters = ['0x0', '0x100000000000000', '0x100000000000001', '0xffffffffffffff00']

const set = (vcpu: string, pick: Picker): string => {
  const timer = pick.of(timers)
  if (pick.once(6)) return `${vcpu}: KVM_SET_ONE_REG(KVM_REG_ARM_${timer}_CNT, &${pick.of(counters)})`
  return pick.once(3)
    ? `${vcpu}: KVM_SET_ONE_REG(KVM_REG_ARM_${timer}_CVAL, &${pick.of(times)})`
    : `${vcpu}: KVM_SET_ONE_REG(KVM_REG_ARM_${timer}_CTL, &${pick.of(controls)})`
}
const read = (vcpu: string, pick: Picker): string =>
  `${vcpu}: KVM_GET_ONE_REG(KVM_REG_ARM_${pick.of(timers)}_${pick.of(['CTL', 'CTL', 'CVAL'])})`

const between = (vcpu: string, pick: Picker): string[] =>
  pick.of([
    [],
    [],
    [init(vcpu, '0')],
    [`${vcpu}: kvm_run(s.regs.device_irq_level = ${pick.of(['0x0', '0x1', '0x7', '0xf2'])})`],
    [`vm: KVM_ARM_SET_COUNTER_OFFSET(${pick.of(['0x0', '0x1', '0x8000000000000000'])})`],
    [`gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0, &${pick.of(['0x0', '0x48000000', '0xffff0000'])})`],
  ])

/** The vcpu is told of them, or the lines of its interrupts rise and fall. */
export const ofTimers: Bias = {
  name: 'timers that are due',
  weight: 2,
  lines: onVcpu((vcpu, pick, { gic }) => {
    const look = () => [
      gic === 'v3' && pick.once(2)
        ? 'gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0, &0x0)'
        : `${vcpu}: kvm_run(s.regs.device_irq_level)`,
      read(vcpu, pick),
    ]
    const run = () => [
      set(vcpu, pick),
      `${vcpu}: KVM_RUN${pick.once(5) ? '(immediate_exit)' : ''}`,
      ...look(),
      ...(pick.once(2) ? [`${vcpu}: KVM_RUN`, ...look()] : []),
    ]
    return [
      program,
      ...(pick.once(3) ? [] : [init(vcpu, '0')]),
      ...run(),
      ...between(vcpu, pick),
      ...run(),
      ...(pick.once(2) ? run() : []),
    ]
  }),
}
