/** The outputs of a vcpu's timers and PMU, which kvm_run tells userspace where there is no vgic to take them. */
import { holdsIn, type Dated } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import { runFlags } from '../../names/index.ts'
import { isDue } from '../registers/timers.ts'
import { isPmuOverflown } from '../registers/value.ts'
import { readBytes, write } from './kvm-run.ts'

const FIELD = 's.regs.device_irq_level'

/** A device, its bit, and whether its output is high; undefined: nobody can tell. */
const devices: readonly (readonly [bit: number, isHigh: (here: Here) => boolean | undefined])[] = [
  [runFlags.KVM_ARM_DEV_EL1_VTIMER, (here) => isDue(here, 'vtimer')],
  [runFlags.KVM_ARM_DEV_EL1_PTIMER, (here) => isDue(here, 'ptimer')],
  [runFlags.KVM_ARM_DEV_PMU, isPmuOverflown],
]
const ALL = BigInt(devices.reduce((all, [bit]) => all | bit, 0))

/** The bits that kvm_run shall have; undefined: nobody can tell. */
const levelsOf = (here: Here): bigint | undefined => {
  let levels = 0n
  for (const [bit, isHigh] of devices) {
    const level = isHigh(here)
    if (level === undefined) return undefined
    if (level) levels |= BigInt(bit)
  }
  return levels
}

/** What kvm_run says: all bits lie in its first byte. */
const toldIn = ({ vcpu }: Here): bigint | undefined => readBytes(vcpu.run, FIELD, 1)

/** Userspace has to hear of a level before the guest runs; undefined: nobody can tell. */
export const isToBeTold = (here: Here): boolean | undefined => {
  if (here.vm.vgic) return false
  const [levels, told] = [levelsOf(here), toldIn(here)]
  return levels === undefined || told === undefined ? undefined : (told & ALL) !== levels
}

/** KVM_RUN comes back, and has told the levels beside what userspace has put there. */
export const tellLevels = (here: Here): void => {
  if (here.vm.vgic) return
  const [levels, told] = [levelsOf(here), toldIn(here)]
  write(here.vcpu.run, FIELD, levels === undefined || told === undefined ? undefined : (told & ~ALL) | levels, 1)
}

/** A timer that is due wakes a vcpu that waits for an interrupt, whoever would take it. */
const timersWake: Dated = { until: '6.1' }
/** The vcpu does not wait for an interrupt that nobody would take; undefined: nobody can tell. */
export const wakes = (here: Here): boolean | undefined => {
  if (!holdsIn(here.world.release, timersWake)) return false
  const due = [isDue(here, 'vtimer'), isDue(here, 'ptimer')]
  return due.includes(true) ? true : due.includes(undefined) ? undefined : false
}
