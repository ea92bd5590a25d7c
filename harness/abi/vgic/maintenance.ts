/**
 * The maintenance interrupt, by which the GIC of a vcpu with EL2 speaks to its hypervisor: claimed at its first
 * KVM_RUN.
 */
import { src, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import type { PrivateDevice } from '../../model/vcpu.ts'
import type { Vm } from '../../model/vm.ts'
import type { RunArg } from '../args/run.ts'
import { hasEl2 } from '../registers/core.ts'
import { onlyFour, vgicIsReady } from './readiness.ts'

/** Where KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ chose none. */
const USUAL = 25

const chosen = ({ maintIrq }: Vm): number => maintIrq ?? USUAL

/** Who has claimed private interrupts once the vcpu runs, before its timers do. */
export const ownersAtRun = ({ vm, vcpu }: Here): ReadonlyMap<number, PrivateDevice> | undefined =>
  hasEl2(vcpu) && vm.vgic ? new Map(vcpu.irqOwners).set(chosen(vm), 'maintenance') : vcpu.irqOwners

/** A vcpu with EL2 has run, or tried to: what its GIC has for it is chosen, also where there is none yet. */
export const chooseMaintenance = ({ vm, vcpu }: Here): void => {
  if (hasEl2(vcpu)) vm.maintIrq = chosen(vm)
}

const choose = (here: Here): void => {
  vgicIsReady(here)
  chooseMaintenance(here)
}

const cite = src('arch/arm64/kvm/vgic/vgic-init.c', 'kvm_vgic_vcpu_nv_init')
const none = 'KVM_CAP_ARM_EL2 = 0'

export const unreadyMaintenance: readonly Refusal<RunArg>[] = [
  {
    why: 'EL2 without vgic',
    says: 'A vcpu with EL2 has an in-kernel interrupt controller.',
    cite,
    text: onlyFour,
    since: '6.16',
    errno: 'EAGAIN',
    when: ({ vm, vcpu }) => hasEl2(vcpu) && !vcpu.hasRun && !vm.vgic,
    lacks: () => none,
    leaves: choose,
  },
  {
    why: 'maintenance interrupt taken',
    says: 'The maintenance interrupt, 25 if none was chosen, is not that of the PMU.',
    cite,
    text: onlyFour,
    since: '6.16',
    errno: 'EEXIST',
    when: ({ vm, vcpu }) =>
      hasEl2(vcpu) && !vcpu.hasRun && vm.vgic !== undefined && vcpu.irqOwners?.get(chosen(vm)) === 'pmu',
    lacks: () => none,
    leaves: choose,
  },
]
