/** Defects of the attributes of vcpus and VMs. */
import { pmuAttrs, vcpuGroups } from '../../../../harness/names/index.ts'
import { spares, type Defect } from './defect.ts'

const { KVM_ARM_VCPU_PMU_V3_FILTER: FILTER, KVM_ARM_VCPU_PMU_V3_SET_PMU: SET_PMU } = pmuAttrs

const SET = 'KVM_SET_DEVICE_ATTR',
  GET = 'KVM_GET_DEVICE_ATTR'
const ofTimer = ({ on, group }: { on?: string; group: number }) => on === 'vcpu' && group === 1

export const ofAttributes: readonly Defect[] = [
  {
    law: 'the interrupt of a timer is one of',
    is: 'the first shared one will do',
    breaks: (k) => spares(k, SET, 'not a PPI', ({ value }) => value === 32n),
  },
  {
    law: 'the interrupt of a timer is one of',
    is: 'a vcpu reads what another was told',
    breaks: (k) => k.grants(GET, ({ gives }) => ({ gives: (here, arg) => (ofTimer(arg) ? 27n : gives!(here, arg)) })),
  },
  {
    law: 'a vcpu with a vgic runs if and only if',
    is: 'two timers may raise one interrupt',
    breaks: (k) => k.forgets('KVM_RUN', 'interrupts of timers'),
  },
  {
    law: 'KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS takes',
    is: 'one more is taken',
    host: '7.2-max-gicv3',
    breaks: (k) => spares(k, SET, 'too many counters', ({ value }) => value < 8n),
  },
  {
    law: 'the PMUs of a VM',
    is: 'an SPI is compared with that of the first vcpu alone',
    breaks: (k) =>
      k.when(SET, 'interrupt of other vcpus', (when) => (here, arg, by) => {
        const [first] = here.vm.vcpus
        return when(arg.value! < 32n ? here : { ...here, vm: { ...here.vm, vcpus: [first!] } }, arg, by)
      }),
  },
  {
    law: 'the events of a filter',
    is: 'the last of them is refused',
    breaks: (k) =>
      k.refuses(SET, 'EINVAL', (_, { on, group, attr, value = 0n }) => {
        const isFilter = on === 'vcpu' && group === vcpuGroups.KVM_ARM_VCPU_PMU_V3_CTRL && attr === BigInt(FILTER)
        return isFilter && (value & 0xffff_ffffn) === 0x1_ffffn
      }),
  },
  {
    law: 'KVM_ARM_VCPU_PMU_V3_SET_PMU takes',
    is: 'there is a PMU of type 0',
    breaks: (k) => spares(k, SET, 'no such PMU', ({ value }) => value === 0n),
  },
  {
    law: 'KVM_ARM_VCPU_PMU_V3_SET_PMU takes',
    is: 'it takes none after a filter',
    breaks(k) {
      const filtered = new WeakSet<object>()
      k.refuses(SET, 'EBUSY', ({ vm }, { on, group, attr }) => {
        const isOfPmu = on === 'vcpu' && group === vcpuGroups.KVM_ARM_VCPU_PMU_V3_CTRL
        if (isOfPmu && attr === BigInt(FILTER)) filtered.add(vm)
        return isOfPmu && attr === BigInt(SET_PMU) && filtered.has(vm)
      })
    },
  },
  {
    law: 'stolen time is told once',
    is: 'it may be told again',
    breaks: (k) => k.forgets(SET, 'already set'),
  },
  {
    law: 'stolen time is told once',
    is: 'the last 64 bytes of a slot are out of reach',
    breaks: (k) =>
      k.when(SET, 'no memory', (when) => (here, arg, by) => when(here, { ...arg, value: arg.value + 64n }, by)),
  },
  {
    law: 'ranges of the SMCCC filter',
    is: 'the last function of a range is free',
    breaks: (k) =>
      k.grants(SET, ({ then: sets }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- as in defect.ts
        then(here, arg, into) {
          sets!(here, arg, into)
          if (arg.on === 'vm') here.vm.smcccFilter = here.vm.smcccFilter!.map((one) => ({ ...one, last: one.last - 1 }))
        },
      })),
  },
]
