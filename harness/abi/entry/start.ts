/** A vcpu that CPU_ON of another one has switched on is reset later: by its next KVM_RUN, or before. */
import { faults } from '../../model/pointer.ts'
import { ENTRY } from '../../model/guest-program.ts'
import type { Here } from '../../model/world.ts'
import { followed, X_IDS } from '../registers/followed.ts'
import { toRead, type OneReg } from '../registers/one-reg.ts'
import { forgetValues } from '../registers/value.ts'

/** The vcpu stands where CPU_ON said, and an exception that was due is so no more. */
const stand = ({ vcpu }: Here): void => {
  const { pc, x0 } = vcpu.start!
  vcpu.regs.set(followed.pc, pc).set(X_IDS[0]!, x0)
  delete vcpu.abortIsDue
}

/** KVM_ARM_VCPU_INIT has come first: it begins there, too, but is reset once more all the same. */
export const standEarly = (here: Here): void => {
  stand(here)
  here.vcpu.start = { pc: ENTRY, x0: 0n }
}

/** Resets the vcpu, which begins where CPU_ON said. */
const begin = (here: Here): void => {
  forgetValues(here)
  stand(here)
  delete here.vcpu.start
  delete here.vcpu.isLost
}

/** The same for a KVM_RUN, which has completed an MMIO first. */
export const beginRun = (here: Here): void => {
  const { vcpu } = here
  if (!vcpu.start || vcpu.off) return
  if (!vcpu.abortIsDue) delete vcpu.mmio
  begin(here)
}

/** The vcpu as KVM_RUN enters its guest. Changes nothing. */
export const asItBegins = (here: Here): Here => {
  const there = { ...here, vcpu: { ...here.vcpu, regs: new Map(here.vcpu.regs) } }
  beginRun(there)
  return there
}

/** A vcpu that CPU_ON has switched on is reset before userspace can read or write what it will begin with. */
export const owedReset = (here: Here, { at }: OneReg): void => {
  const { kind, vcpu } = here
  if (kind === 'vcpu' && vcpu.start && vcpu.initialised && !faults(at, toRead.pointsTo!.size, false)) begin(here)
}
