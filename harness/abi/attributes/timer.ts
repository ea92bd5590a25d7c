/** KVM_ARM_VCPU_TIMER_CTRL: which private interrupts the timers of a vcpu raise, with an in-kernel vgic. */
import { inReleases } from '../../model/in-releases.ts'
import { doc, src, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import type { PrivateDevice, Timer, Vcpu } from '../../model/vcpu.ts'
import { timerAttrs, vcpuGroups } from '../../names/index.ts'
import type { Attr } from '../args/attr.ts'
import { hasEl2 } from '../registers/core.ts'
import { ownersAtRun } from '../vgic/maintenance.ts'
import { irqOf } from '../vgic/timer-irqs.ts'
import { isPpi, ofGroup, unknown, unreadable, unwritable, VCPU_RST } from './attributes.ts'

const GROUP = vcpuGroups.KVM_ARM_VCPU_TIMER_CTRL
const {
  KVM_ARM_VCPU_TIMER_IRQ_VTIMER: VTIMER,
  KVM_ARM_VCPU_TIMER_IRQ_PTIMER: PTIMER,
  KVM_ARM_VCPU_TIMER_IRQ_HVTIMER: HVTIMER,
  KVM_ARM_VCPU_TIMER_IRQ_HPTIMER: HPTIMER,
} = timerAttrs
const ofTimers = (rows: readonly Refusal<Attr>[]) => ofGroup(GROUP, 'KVM_ARM_VCPU_TIMER_CTRL', rows)

const timers = new Map<bigint, Timer>([
  [BigInt(VTIMER), 'vtimer'],
  [BigInt(PTIMER), 'ptimer'],
  [BigInt(HVTIMER), 'hvtimer'],
  [BigInt(HPTIMER), 'hptimer'],
])
const inTimer = (fn: string) => src('arch/arm64/kvm/arch_timer.c', fn)

/** Those of EL2 came with 6.4. */
const unknownTimer = (since: string | undefined, until: string | undefined, last: number): Refusal<Attr>[] =>
  inReleases(
    { ...(since && { since }), ...(until && { until }), variant: `timer after ${last}` },
    unknown((_, { attr }) => attr > BigInt(last)),
  )
const unknownTimers = [...unknownTimer(undefined, '6.4', PTIMER), ...unknownTimer('6.4', undefined, HPTIMER)]

const fixed: Refusal<Attr> = {
  why: 'timers in use',
  says: 'The interrupts are chosen before the vcpu runs.',
  cite: doc(VCPU_RST, '-EBUSY One or more VCPUs has already run'),
  errno: 'EBUSY',
  when: ({ vcpu }) => vcpu.hasTimers === true,
}

export const setTimer: readonly Refusal<Attr>[] = ofTimers([
  {
    why: 'no vgic',
    says: 'Interrupts of timers are those of an in-kernel interrupt controller.',
    cite: inTimer('kvm_arm_timer_set_attr'),
    errno: 'EINVAL',
    when: ({ vm }) => vm.vgic === undefined,
  },
  unreadable,
  {
    why: 'not a PPI',
    says: 'A timer raises a private interrupt, 16 to 31.',
    cite: doc(VCPU_RST, '-EINVAL Invalid timer interrupt number'),
    errno: 'EINVAL',
    when: (_, { value = 0n }) => !isPpi(Number(value)),
  },
  ...inReleases({ until: '6.4', variant: 'of the vcpu' }, fixed),
  ...inReleases(
    {
      since: '6.4',
      variant: 'of the VM',
      says: 'The interrupts are chosen before a vcpu of the VM runs.',
      when: ({ vm }) => vm.hasFixedTimerIrqs === true,
    },
    fixed,
  ),
  ...unknownTimers,
])

export const getTimer: readonly Refusal<Attr>[] = ofTimers([...unknownTimers, unwritable])
export const hasTimer: readonly Refusal<Attr>[] = ofTimers(unknownTimers)

/** KVM_SET_DEVICE_ATTR: the vcpus that there are get all the interrupts of this one; from 6.12 on later ones, too. */
export const setsTimer = ({ vm, vcpu }: Here, { attr, value = 0n }: Attr): void => {
  const irqs = { ...vcpu.timerIrqs, [timers.get(attr)!]: Number(value) }
  for (const v of vm.vcpus) v.timerIrqs = irqs
}

/** KVM_GET_DEVICE_ATTR. */
export const givesTimer = ({ vcpu }: Here, { attr }: Attr): bigint => BigInt(irqOf(vcpu, timers.get(attr)!))

type Owners = ReadonlyMap<number, PrivateDevice>

/** In the order in which kernels up to 6.1 ask for their interrupts; later ones begin with the physical one. */
const ofEl1: readonly Timer[] = ['vtimer', 'ptimer']
const ofEl2: readonly Timer[] = ['hvtimer', 'hptimer']

const timersOf = (vcpu: Vcpu): readonly Timer[] => [...ofEl1.toReversed(), ...(hasEl2(vcpu) ? ofEl2 : [])]

/** Every timer claims its interrupt, one after the other, up to the first that is another's already. */
const claim = (here: Here, inOrder: readonly Timer[]): { owners: Owners; isValid: boolean } => {
  const { vcpu } = here
  const owners = new Map(ownersAtRun(here))
  for (const timer of inOrder) {
    const irq = irqOf(vcpu, timer)
    if ((owners.get(irq) ?? timer) !== timer) return { owners, isValid: false }
    owners.set(irq, timer)
  }
  return { owners, isValid: true }
}

/** Two devices of the vcpu claim one interrupt. */
export const isClaimedTwice = (here: Here): boolean => !claim(here, timersOf(here.vcpu)).isValid
/** Up to 6.1: a vcpu that was made later has not the interrupts of this one. */
export const isUnlikeOthers = ({ vm, vcpu }: Here): boolean =>
  vm.vcpus.some((v) => ofEl1.some((timer) => irqOf(v, timer) !== irqOf(vcpu, timer)))

/** What was claimed stays so, also where the claim then failed: the virtual timer's first up to 6.1, later last. */
export const claimsVirtualFirst = (here: Here): void => {
  here.vcpu.irqOwners = claim(here, ofEl1).owners
}
export const claimsVirtualLast = (here: Here): void => {
  here.vcpu.irqOwners = claim(here, timersOf(here.vcpu)).owners
}
