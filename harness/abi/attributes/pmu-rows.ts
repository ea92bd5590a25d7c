/** KVM_ARM_VCPU_PMU_V3_CTRL, attribute by attribute: what a vcpu with a PMU may be told of it, and when. */
import { inReleases } from '../../model/in-releases.ts'
import { doc, src, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { pmuAttrs, vcpuGroups } from '../../names/index.ts'
import { readStruct } from '../args/attr-struct.ts'
import type { Attr } from '../args/attr.ts'
import { isPpi, isSpi, ofAttr, unreadable, VCPU_RST } from './attributes.ts'
import { awaitsPmu, counters, events, isPmu } from './pmu-host.ts'

export const inPmu = (fn: string) => src('arch/arm64/kvm/pmu-emul.c', fn)
export const setAttr = inPmu('kvm_arm_pmu_v3_set_attr')

const since = (release: string, rows: readonly Refusal<Attr>[]) => inReleases({ since: release }, ...rows)

/** Without a vgic there are no interrupts. */
export const noVgic: Refusal<Attr> = {
  why: 'no vgic',
  says: 'The interrupt is one of an in-kernel interrupt controller.',
  cite: doc(VCPU_RST, 'trying to set the IRQ number without using an in-kernel irqchip'),
  errno: 'EINVAL',
  when: ({ vm }) => vm.vgic === undefined,
}

const notChosen = {
  why: 'no PMU chosen',
  says: 'With KVM_ARM_VCPU_PMU_V3_STRICT there is no PMU before KVM_ARM_VCPU_PMU_V3_SET_PMU.',
  since: '7.3',
  when: awaitsPmu,
} as const

/** Of private interrupts all vcpus have the same, of shared ones each has its own. */
const isOfOthers = ({ vm }: Here, irq: number): boolean =>
  vm.vcpus.some(({ pmuIrq }) => pmuIrq !== undefined && (isPpi(irq) ? pmuIrq !== irq : pmuIrq === irq))

const setIrq: readonly Refusal<Attr>[] = [
  noVgic,
  unreadable,
  {
    why: 'no such interrupt',
    says: 'The interrupt is private or shared, 16 to 1019, whether or not the vgic has so many.',
    cite: doc(VCPU_RST, '-EINVAL Invalid PMU overflow interrupt number supplied'),
    errno: 'EINVAL',
    when: (_, { value = 0n }) => !isPpi(Number(value)) && !isSpi(Number(value)),
  },
  {
    why: 'interrupt of other vcpus',
    says: 'A private interrupt is the same on all vcpus, a shared one is of no other.',
    cite: doc(VCPU_RST, 'while as an SPI it must be a separate number per vcpu'),
    errno: 'EINVAL',
    when: (here, { value = 0n }) => isOfOthers(here, Number(value)),
  },
  {
    why: 'already set',
    says: 'The interrupt is told once.',
    cite: doc(VCPU_RST, '-EBUSY The PMU overflow interrupt is already set'),
    errno: 'EBUSY',
    when: ({ vcpu }) => vcpu.pmuIrq !== undefined,
  },
]

const setFilter: readonly Refusal<Attr>[] = [
  { ...unreadable, cite: setAttr },
  {
    why: 'range or action',
    says: 'The events are those of the host: 10 bits where its PMU is that of Armv8.0, 16 bits later. No event is none.',
    cite: doc(VCPU_RST, '-EINVAL Invalid filter range'),
    text: [
      {
        says: 'A vgic is initialised before.',
        cite: doc(VCPU_RST, '-ENXIO PMUv3 not properly configured or in-kernel irqchip not configured as required'),
      },
    ],
    errno: 'EINVAL',
    when: ({ host }, { value = 0n }) => {
      const { base_event, nevents, action } = readStruct('kvm_pmu_event_filter', value) as Record<string, bigint>
      return base_event! + nevents! > BigInt(events(host)) || action! > 1n
    },
  },
  ...since('5.18', [
    {
      why: 'has run',
      says: 'Events are chosen before a vcpu of the VM runs.',
      cite: doc(VCPU_RST, '-EBUSY PMUv3 already initialized or a VCPU has already run', { since: '6.1' }),
      errno: 'EBUSY',
      when: ({ vm }) => vm.hasRun,
    },
  ]),
  { ...notChosen, cite: setAttr, errno: 'ENXIO' },
]

const setPmu: readonly Refusal<Attr>[] = since('5.18', [
  { ...unreadable, cite: doc(VCPU_RST, '-EFAULT Error accessing the PMU identifier', { since: '6.1' }) },
  {
    why: 'no such PMU',
    says: 'The number is the type of a PMU of the host.',
    cite: doc(VCPU_RST, '-ENXIO PMU not found', { since: '6.1' }),
    errno: 'ENXIO',
    when: ({ host }, { value = 0n }) => !isPmu(host, Number(value)),
    lacks: () => 'no PMU of that type',
  },
  {
    why: 'has run',
    says: 'The PMU is chosen before a vcpu of the VM runs.',
    cite: doc(VCPU_RST, '-EBUSY PMUv3 already initialized, a VCPU has already run or', { since: '6.1' }),
    text: [
      {
        says: 'The PMU is chosen before there is a filter of events.',
        cite: doc(VCPU_RST, 'possible to set a PMU if a PMU event filter is already present', { since: '6.1' }),
      },
    ],
    errno: 'EBUSY',
    when: ({ vm }) => vm.hasRun,
  },
])

const setNrCounters: readonly Refusal<Attr>[] = since('6.16', [
  { ...unreadable, cite: doc(VCPU_RST, '-EFAULT Error accessing the value pointed to by addr', { since: '7.2' }) },
  {
    ...notChosen,
    cite: doc(VCPU_RST, 'and will fail when no PMU has been explicitly selected', { since: '7.2' }),
    errno: 'EINVAL',
  },
  {
    why: 'too many counters',
    says: 'The number is at most that of the counters of the PMU, which is the default one where none was chosen.',
    cite: doc(VCPU_RST, '-EINVAL No PMUv3 explicitly selected, or value of N out of', { since: '7.2' }),
    text: [
      {
        says: 'It fails where no PMU was chosen.',
        cite: doc(VCPU_RST, 'and will fail when no PMU has been explicitly selected', { since: '7.2' }),
      },
      {
        says: 'It fails once a vcpu has run, or there is a filter of events.',
        cite: doc(VCPU_RST, '-EBUSY PMUv3 already initialized, a VCPU has already run or', { since: '7.2' }),
      },
    ],
    errno: 'EINVAL',
    when: ({ host }, { value = 0n }) => Number(value) > counters(host),
  },
])

/** Whether the shared interrupts of the vgic, as it was initialised, end before this one. */
const isBeyond = ({ vm, vcpu }: Here): boolean => vcpu.pmuIrq! >= 32 && vcpu.pmuIrq! >= vm.vgic!.nrIrqs
const initialise: readonly Refusal<Attr>[] = [
  { ...notChosen, cite: inPmu('kvm_arm_pmu_v3_init'), errno: 'ENXIO' },
  {
    why: 'vgic not initialised',
    says: 'Where there is a vgic, it is initialised before.',
    cite: doc(VCPU_RST, '-ENODEV PMUv3 not supported or GIC not initialized'),
    errno: 'ENODEV',
    when: ({ vm }) => vm.vgic?.initialised === false,
  },
  {
    why: 'no interrupt',
    says: 'Where there is a vgic, KVM_ARM_VCPU_PMU_V3_IRQ comes before.',
    cite: doc(VCPU_RST, 'number not set'),
    errno: 'ENXIO',
    when: ({ vm, vcpu }) => vm.vgic !== undefined && vcpu.pmuIrq === undefined,
  },
  {
    why: 'interrupt beyond the vgic',
    says: 'The vgic has the interrupt.',
    cite: src('arch/arm64/kvm/vgic/vgic.c', 'kvm_vgic_set_owner'),
    errno: 'EINVAL',
    when: (here) => here.vm.vgic !== undefined && here.vcpu.pmuIrq !== undefined && isBeyond(here),
  },
  {
    why: 'interrupt of a timer',
    says: 'No timer of the vcpu raises the interrupt.',
    cite: doc(VCPU_RST, '-EEXIST Interrupt number already used'),
    errno: 'EEXIST',
    when: ({ vm, vcpu }) => vm.vgic !== undefined && vcpu.irqOwners?.has(vcpu.pmuIrq!) === true,
  },
]

const about = (name: keyof typeof pmuAttrs, rows: readonly Refusal<Attr>[]) =>
  ofAttr(vcpuGroups.KVM_ARM_VCPU_PMU_V3_CTRL, pmuAttrs[name], name, rows)

/** What KVM_SET_DEVICE_ATTR finds wrong with each, on a vcpu whose PMU is there and not initialised. */
export const ofEachAttr: readonly Refusal<Attr>[] = [
  ...about('KVM_ARM_VCPU_PMU_V3_IRQ', setIrq),
  ...about('KVM_ARM_VCPU_PMU_V3_FILTER', setFilter),
  ...about('KVM_ARM_VCPU_PMU_V3_SET_PMU', setPmu),
  ...about('KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS', setNrCounters),
  ...about('KVM_ARM_VCPU_PMU_V3_INIT', initialise),
]
