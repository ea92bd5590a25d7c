/** Defects of what a vcpu is doing, and of the counters and tags of its VM. */
import { baseOf } from '../../../../harness/abi/registers/table.ts'
import { arm64SysReg, namedRegs } from '../../../../harness/names/index.ts'
import { sees, spares, takes, type Defect } from './defect.ts'

const { KVM_REG_ARM_PTIMER_CNT, KVM_REG_ARM_TIMER_CNT, KVM_REG_ARM_TIMER_CTL } = namedRegs

const ID_PFR1_EL1 = arm64SysReg(3, 0, 0, 1, 1)
const ESR_EL1 = arm64SysReg(3, 0, 5, 2, 0)
const MIDR_EL1 = arm64SysReg(3, 0, 0, 0, 0)
const MPIDR_EL1 = arm64SysReg(3, 0, 0, 0, 5)

export const ofVcpuStates: readonly Defect[] = [
  {
    law: 'the status of a timer says',
    is: 'what is written of it stays',
    breaks(k) {
      const written = new WeakMap<object, bigint>()
      k.grants('KVM_SET_ONE_REG', ({ then: sets }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then(here, arg, into) {
          sets!(here, arg, into)
          if (arg.id === KVM_REG_ARM_TIMER_CTL) written.set(here.vcpu, arg.value & 4n)
        },
      }))
      k.grants('KVM_GET_ONE_REG', ({ gives }) => ({
        gives: (here, arg) =>
          arg.id === KVM_REG_ARM_TIMER_CTL ? gives!(here, arg)! | (written.get(here.vcpu) ?? 0n) : gives!(here, arg),
      }))
    },
  },
  {
    law: 'a system register that takes no value but',
    is: 'of MIDR_EL1 the lower half is looked at alone',
    breaks: (k) =>
      k.when('KVM_SET_ONE_REG', 'value', (when) => (here, arg, call) => {
        const isLower = arg.id === MIDR_EL1 && ((arg.value ^ baseOf(here.host, MIDR_EL1)) & 0xffff_ffffn) === 0n
        return !isLower && when(here, arg, call)
      }),
  },
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
    law: 'a vcpu has its id in MPIDR_EL1',
    is: 'all vcpus are in the first cluster',
    breaks: (k) =>
      k.grants('KVM_GET_ONE_REG', ({ gives }) => ({
        gives: (here, arg) => (arg.id === MPIDR_EL1 ? gives!(here, arg)! & ~0xff00n : gives!(here, arg)),
      })),
  },
  {
    law: 'a vcpu that has run without a GICv3',
    is: 'ID_PFR1_EL1 tells of the host',
    breaks: (k) =>
      k.grants('KVM_GET_ONE_REG', ({ gives }) => ({
        gives: (here, arg) => (arg.id === ID_PFR1_EL1 ? baseOf(here.host, ID_PFR1_EL1) : gives!(here, arg)),
      })),
  },
  {
    law: 'an external abort tells a 32-bit guest',
    is: 'it is always told in the short format',
    breaks: (k) =>
      k.grants('KVM_SET_VCPU_EVENTS', ({ then: abort }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then: (here, arg, into) => {
          abort!(here, arg, into)
          if (here.vcpu.regs.get(ESR_EL1) === 0x210n) here.vcpu.regs.set(ESR_EL1, 0x8n)
        },
      })),
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
  {
    law: 'an external abort tells a 64-bit guest',
    is: 'it is always one from the same exception level',
    breaks: (k) =>
      k.grants('KVM_GET_ONE_REG', ({ gives }) => ({
        gives: (here, arg) => (arg.id === ESR_EL1 ? (gives!(here, arg) ?? 0n) | (1n << 26n) : gives!(here, arg)),
      })),
  },
  {
    law: 'a guest is debugged if and only if',
    is: 'it is whatever bit is set',
    breaks: (k) =>
      takes(k, 'KVM_SET_GUEST_DEBUG', (arg) => (arg.control === 0 ? arg : { ...arg, control: arg.control | 1 })),
  },
  {
    law: 'a number that chooses what a call is about',
    is: 'the lower byte of a state is looked at',
    breaks: (k) => sees(k, 'KVM_SET_MP_STATE', 'no such state', (arg) => ({ ...arg, mp_state: arg.mp_state & 0xff })),
  },
  {
    law: 'of a field that has to be 0',
    is: 'the last byte of exception.pad is not looked at',
    breaks: (k) =>
      spares(
        k,
        'KVM_SET_VCPU_EVENTS',
        'reserved fields',
        (arg) => arg.reserved === 0n && arg['exception.pad'] >> 32n !== 0n,
      ),
  },
]
