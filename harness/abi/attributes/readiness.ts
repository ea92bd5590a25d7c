/** What the first KVM_RUN of a vcpu finds wrong with its timers and its PMU, once the vgic is in order. */
import { inReleases } from '../../model/in-releases.ts'
import { doc, src, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { features } from '../../names/index.ts'
import type { RunArg } from '../args/run.ts'
import { noteGic } from '../registers/value.ts'
import { chooseMaintenance } from '../vgic/maintenance.ts'
import { onlyEintr, onlyFour, vgicIsReady } from '../vgic/readiness.ts'
import { VCPU_RST } from './attributes.ts'
import { claimsVirtualFirst, claimsVirtualLast, isClaimedTwice, isUnlikeOthers } from './timer.ts'

const PMU = 1 << features.KVM_ARM_VCPU_PMU_V3

/** The vgic was in order. */
const pastVgic = (here: Here): void => {
  vgicIsReady(here)
  noteGic(here)
  chooseMaintenance(here)
}

/** So were the timers, which keep their interrupts from now on. */
export const pastTimers = (here: Here): void => {
  pastVgic(here)
  if (here.vcpu.hasTimers) return
  here.vcpu.hasTimers = true
  if (!here.vm.vgic) return
  claimsVirtualLast(here)
  here.vm.hasFixedTimerIrqs = true
}

/** 5.10 looks only once: the next KVM_RUN enters the guest as it is. */
const looksOnce = (here: Here): void => {
  pastVgic(here)
  here.vcpu.hasRun = true
}

const notChecked = ({ vm, vcpu }: Here): boolean => vm.vgic !== undefined && !vcpu.hasRun && !vcpu.hasTimers

const clash: Refusal<RunArg> = {
  why: 'interrupts of timers',
  says: 'With a vgic each timer of a vcpu has an interrupt of its own, which is not that of the PMU.',
  cite: doc(VCPU_RST, 'Setting the same PPI for different timers will prevent the VCPUs from running'),
  errno: 'EINVAL',
  when: (here) => notChecked(here) && isClaimedTwice(here),
}
const clashOrUnlike: Refusal<RunArg> = {
  ...clash,
  says:
    'With a vgic each timer of a vcpu has an interrupt of its own, which is not that of the PMU, and all vcpus have '
    + 'the same, also those that were made after the interrupts were told.',
  when: (here) => notChecked(here) && (isClaimedTwice(here) || isUnlikeOthers(here)),
}

export const unreadyTimers: readonly Refusal<RunArg>[] = [
  ...inReleases(
    {
      until: '5.17',
      variant: 'looked at once',
      text: onlyEintr,
      leaves: (here) => {
        looksOnce(here)
        claimsVirtualFirst(here)
      },
    },
    clashOrUnlike,
  ),
  ...inReleases(
    {
      since: '5.17',
      until: '6.4',
      variant: 'of each vcpu',
      text: onlyFour,
      leaves: (here) => {
        pastVgic(here)
        claimsVirtualFirst(here)
      },
    },
    clashOrUnlike,
  ),
  ...inReleases(
    {
      since: '6.4',
      variant: 'of the VM',
      text: onlyFour,
      leaves: (here) => {
        pastVgic(here)
        claimsVirtualLast(here)
      },
    },
    clash,
  ),
]

const noInterrupt: Refusal<RunArg> = {
  why: 'PMU without interrupt',
  says: 'A PMU that was initialised before there was a vgic has no interrupt, and can get none.',
  cite: src('arch/arm64/kvm/pmu-emul.c', 'kvm_arm_pmu_v3_enable'),
  errno: 'EINVAL',
  when: ({ vm, vcpu }) =>
    !vcpu.hasRun && vm.vgic !== undefined && vcpu.hasPmuInit === true && vcpu.pmuIrq === undefined,
}

export const unreadyPmu: readonly Refusal<RunArg>[] = [
  {
    why: 'PMU not set up',
    says: 'A vcpu with KVM_ARM_VCPU_PMU_V3 runs once KVM_ARM_VCPU_PMU_V3_INIT was called.',
    cite: src('arch/arm64/kvm/pmu-emul.c', 'kvm_arm_pmu_v3_enable'),
    text: onlyFour,
    since: '5.11',
    errno: 'EINVAL',
    when: ({ vcpu }) => !vcpu.hasRun && (vcpu.features & PMU) !== 0 && !vcpu.hasPmuInit,
    leaves: pastTimers,
  },
  ...inReleases(
    {
      until: '5.17',
      variant: 'looked at once',
      text: onlyEintr,
      leaves: (here) => {
        pastTimers(here)
        here.vcpu.hasRun = true
      },
    },
    noInterrupt,
  ),
  ...inReleases(
    {
      since: '5.17',
      variant: 'looked at again',
      text: onlyFour,
      leaves: pastTimers,
      when: (here, run, by) => (here.vcpu.features & PMU) !== 0 && noInterrupt.when(here, run, by),
    },
    noInterrupt,
  ),
]
