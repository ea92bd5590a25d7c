/** A KVM_RUN that another thread has begun, while more calls are made. */
import type { Here } from '../../model/world.ts'
import { comeBack } from './come-back.ts'
import { enter } from './enter.ts'
import type { Entered } from './entered.ts'
import { write } from './kvm-run.ts'
import { exitReasons } from '../../names/index.ts'

/**
 * What kvm_run.exit_reason holds before such a call; the kernel writes over it once nothing refuses the call any more.
 */
const NOT_YET = 0xffff_ffffn

const changesNothing = ({ exit, errno, isBefore, isUnknown, run, effects }: Entered): boolean =>
  exit === undefined && !errno && !isBefore && !isUnknown && run.length === 0 && effects.length === 0

/**
 * True where the guest spins or waits as long as nobody disturbs it, and leaves no trace. Of any other nobody can say
 * when it does what it does.
 */
export const staysInGuest = (here: Here): boolean => here.vcpu.mmio === undefined && changesNothing(enter(here))

/** The word that tells is written, over whatever the kernel wanted to find there: it completes no MMIO then. */
export const markNotYet = ({ vcpu }: Here): void => {
  write(vcpu.run, 'exit_reason', NOT_YET)
  if (vcpu.mmio) vcpu.mmio = 'unknown'
}

/** The call is under way from now on. */
export const beginInBackground = (here: Here): void => {
  const { world, vcpu } = here
  vcpu.running = { wasOff: vcpu.off, ...(!staysInGuest(here) && { isUnknown: true }) }
  write(vcpu.run, 'exit_reason', BigInt(exitReasons.KVM_EXIT_UNKNOWN))
  write(vcpu.run, 'flags', 0n)
  world.background ??= new Map()
  for (const [name, one] of world.descriptors) if (one === here) world.background.set(name, here)
}

/** It has come back. */
export const endInBackground = (here: Here): void => {
  const { world, vcpu } = here
  const isKnown = !vcpu.running!.isUnknown && staysInGuest(here)
  const entered = enter(here)
  delete vcpu.running
  for (const [name, one] of world.background!) if (one === here) world.background!.delete(name)
  comeBack(here, isKnown ? entered : { ...entered, isUnknown: true })
}
