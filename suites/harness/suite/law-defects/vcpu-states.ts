/** Defects of what a vcpu is doing, and of the counters and tags of its VM. */
import { namedRegs } from '../../../../harness/names/index.ts'
import { spares, type Defect } from './defect.ts'

const { KVM_REG_ARM_PTIMER_CNT, KVM_REG_ARM_TIMER_CNT } = namedRegs

export const ofVcpuStates: readonly Defect[] = [
  {
    law: 'KVM_GET_MP_STATE gives the last state',
    is: 'what is refused stops the vcpu',
    breaks: (k) =>
      k.leaves('KVM_SET_MP_STATE', 'no such state', ({ vcpu }) => {
        vcpu.off = true
      }),
  },
  {
    law: 'KVM_GET_MP_STATE gives the last state',
    is: 'the state of another architecture is taken',
    breaks: (k) => spares(k, 'KVM_SET_MP_STATE', 'no such state', ({ mp_state }) => mp_state === 3),
  },
  {
    law: 'KVM_SET_GUEST_DEBUG takes',
    is: 'bit 20 is not looked at',
    breaks: (k) => spares(k, 'KVM_SET_GUEST_DEBUG', 'unknown control bits', ({ control }) => control === 1 << 20),
  },
  {
    law: 'the counters of every vcpu are behind',
    is: 'the physical counter is not',
    breaks: (k) =>
      k.grants('KVM_GET_ONE_REG', ({ gives }) => ({
        gives: (here, arg) => (arg.id === KVM_REG_ARM_PTIMER_CNT ? 5n : gives!(here, arg)),
      })),
  },
  {
    law: 'a counter that is set on one vcpu',
    is: 'it is set on this one alone',
    breaks: (k) =>
      k.grants('KVM_GET_ONE_REG', ({ gives }) => ({
        gives: (here, arg) =>
          arg.id === KVM_REG_ARM_TIMER_CNT && here.vcpu !== here.vm.vcpus[0] ? 5n : gives!(here, arg),
      })),
  },
  {
    law: 'KVM_ARM_MTE_COPY_TAGS copies',
    is: 'it says 0',
    host: '6.12-max-vq4-mte-gicv3',
    breaks: (k) => k.grants('KVM_ARM_MTE_COPY_TAGS', () => ({ gives: () => 0n })),
  },
]
