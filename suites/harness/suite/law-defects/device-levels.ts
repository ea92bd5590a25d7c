/** Defects of what timers and a PMU raise. */
import type { Defect } from './defect.ts'

const LEVEL_INFO = 7

export const ofDeviceLevels: readonly Defect[] = [
  {
    law: 'without a vgic each change',
    is: 'it is not told that a timer is due no more',
    breaks: (k) => k.forgets('KVM_RUN', 'device interrupt', ({ vcpu }) => vcpu.el1Timers?.vtimer?.ctl !== 1n),
  },
  {
    law: 'without a vgic each change',
    is: 'a timer that is masked is due',
    breaks: (k) => k.refuses('KVM_RUN', 'EINTR', ({ vm, vcpu }) => !vm.vgic && vcpu.el1Timers?.vtimer?.ctl === 3n),
  },
  {
    law: 'with a vgic the line',
    is: 'the line of the physical timer is always low',
    breaks: (k) =>
      k.grants('KVM_GET_DEVICE_ATTR', ({ gives }) => ({
        gives: (here, arg) =>
          arg.group === LEVEL_INFO && here.vm.vcpus[0]?.el1Timers?.ptimer?.ctl === 1n ? 0n : gives!(here, arg),
      })),
  },
  {
    law: 'an overflow of the PMU',
    is: 'it is told though its interrupt is off',
    breaks: (k) => k.refuses('KVM_RUN', 'EINTR', ({ vcpu }) => vcpu.pmu?.interrupts === 0n && vcpu.pmu.pmcr === 1n),
  },
]
