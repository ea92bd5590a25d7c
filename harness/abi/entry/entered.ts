/** What comes of a guest that is entered. */
import type { Dated } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import type { RunField } from '../args/kvm-run.ts'
import type { GuestRegisters } from './registers.ts'

/** What the kernel writes into kvm_run; `length`: only so many bytes of the field. */
export interface RunWrite extends Dated {
  field: RunField
  value: bigint | undefined
  length?: number
}

export interface Entered {
  /** Why KVM_RUN comes back; undefined: it waits until a signal comes, or fails. */
  exit?: number
  /** KVM_RUN fails. */
  errno?: 'EFAULT' | 'ENOSYS'
  /** It fails with EINTR and has not entered the guest: a timer or the PMU has to be told of first. */
  isBefore?: true
  /** It has asked its interrupt controller for an interrupt, and the table knows which it got. */
  hasInterrupt?: true
  /** Nobody has looked what the guest does here. */
  isUnknown?: true
  /** What its registers hold then; undefined: what they held before. */
  registers?: GuestRegisters
  /** What is in kvm_run besides the reason. */
  run: readonly RunWrite[]
  /** What became of the VM, in the order in which it did. */
  effects: readonly ((here: Here) => void)[]
}
