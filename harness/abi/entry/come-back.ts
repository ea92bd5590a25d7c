/** What a KVM_RUN that has entered the guest leaves behind. */
import { exitReasons } from '../../names/index.ts'
import { holdsIn } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import { noteGuest } from '../vgic/running.ts'
import type { Entered } from './entered.ts'
import { tellLevels } from './device-levels.ts'
import { forget, write } from './kvm-run.ts'
import { keep, settle, unknownRegisters } from './registers.ts'
import { isStepped } from './step.ts'

const reasonOf = ({ exit, errno }: Entered): number =>
  exit ?? (errno === undefined ? exitReasons.KVM_EXIT_INTR : exitReasons.KVM_EXIT_UNKNOWN)

/** The guest has come back, as `entered` says. */
export const comeBack = (here: Here, entered: Entered): void => {
  const { vcpu, world } = here
  vcpu.entered = true
  keep(here, entered.registers ?? unknownRegisters())
  settle(here)
  delete vcpu.faultAddress
  if (entered.isUnknown) {
    if (!entered.registers) vcpu.mmio = 'unknown'
    if (isStepped(here)) vcpu.stepIsDue = 'unknown'
    forget(vcpu.run)
  } else {
    write(vcpu.run, 'exit_reason', BigInt(reasonOf(entered)))
    write(vcpu.run, 'flags', 0n)
    for (const one of entered.run) if (holdsIn(world.release, one)) write(vcpu.run, one.field, one.value, one.length)
  }
  tellLevels(here)
  for (const effect of entered.effects) effect(here)
  noteGuest(here, entered)
}

/** It was not entered: a timer or the PMU had to be told of. */
export const comeBackBefore = (here: Here): void => {
  write(here.vcpu.run, 'exit_reason', BigInt(exitReasons.KVM_EXIT_INTR))
  write(here.vcpu.run, 'flags', 0n)
  tellLevels(here)
}
