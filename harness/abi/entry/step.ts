/** What userspace is told of a guest that it debugs with KVM_SET_GUEST_DEBUG. */
import { exitReasons, guestDebug, runFlags } from '../../names/index.ts'
import { holdsIn, type Dated } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import type { Entered, RunWrite } from './entered.ts'
import { syndrome } from './syndrome.ts'

/** Userspace wants to hear of each instruction. */
export const isStepped = ({ vcpu: { debug = 0 } }: Here): boolean => (debug & guestDebug.KVM_GUESTDBG_SINGLESTEP) !== 0

/** Userspace debugs it in any way, and is told of its breakpoints. */
export const isDebugged = ({ vcpu: { debug = 0 } }: Here): boolean => debug !== 0

/** Older kernels show that the guest was to be stepped, where it left for an access or a BRK instead. */
const stepIsShown: Dated = { until: '6.1' }
export const leavesStep = (here: Here): boolean => isStepped(here) && holdsIn(here.world.release, stepIsShown)

/** An instruction that KVM emulates is a step too; before, the next one was executed without a word. */
const emulationIsStep: Dated = { since: '6.1' }
export const isEmulationStep = (here: Here): boolean => isStepped(here) && holdsIn(here.world.release, emulationIsStep)

const left = (hsr: bigint): { exit: number; run: readonly RunWrite[] } => ({
  exit: exitReasons.KVM_EXIT_DEBUG,
  run: [
    { field: 'debug.arch.hsr', value: hsr },
    { field: 'debug.arch.hsr_high', value: 0n, since: '5.19' },
    { field: 'flags', value: BigInt(runFlags.KVM_DEBUG_ARCH_HSR_HIGH_VALID), since: '5.19' },
  ],
})

const EC_BREAKPT_LOW = 0x30
const EC_SOFTSTP_LOW = 0x32
const EC_WATCHPT_LOW = 0x34
const EC_BRK64 = 0x3c
/** A debug exception; the syndrome says whether the guest itself executed the instruction. */
const DEBUG_EXCEPTION = 0x22
const EXECUTED = 1 << 24

/** After an instruction, which the guest or KVM executed. */
export const leaveAfterStep = (by: 'guest' | 'kvm'): Partial<Entered> =>
  left(syndrome(EC_SOFTSTP_LOW, DEBUG_EXCEPTION | (by === 'guest' ? EXECUTED : 0)))

/** Userspace is told of the step at the next KVM_RUN that enters the guest, before it does anything. */
export const oweStep = ({ vcpu }: Here): void => {
  vcpu.stepIsDue = true
}
export const leaveWithDueStep: Partial<Entered> = {
  ...leaveAfterStep('kvm'),
  effects: [
    ({ vcpu }) => {
      delete vcpu.stepIsDue
    },
  ],
}

/** A KVM_RUN that does not enter the guest has completed an MMIO: older kernels forget that it was a step. */
const isRemembered: Dated = { since: '6.14' }
export const oweStepOfMmio = (here: Here): void => {
  if (isStepped(here) && holdsIn(here.world.release, isRemembered)) oweStep(here)
}

/** Before the instruction at a breakpoint of userspace's. */
export const leaveBeforeInstruction = left(syndrome(EC_BREAKPT_LOW, DEBUG_EXCEPTION))

const STORES = 1 << 6

/** Before an access that a watchpoint of userspace's catches. */
export const leaveBeforeAccess = (does: 'load' | 'store', address: bigint) => {
  const { exit, run } = left(syndrome(EC_WATCHPT_LOW, DEBUG_EXCEPTION | (does === 'store' ? STORES : 0)))
  const field = 'debug.arch.far' as const
  // 5.10 says there what the guest last had an abort for (until 811154e234db, Populate fault info for watchpoint).
  const far: RunWrite[] = [
    { field, value: undefined, until: '6.1' },
    { field, value: address, since: '6.1' },
  ]
  return { exit, run: [...run, ...far], effects: [] }
}

/** At a BRK with that number. */
export const leaveAtBreakpoint = (comment: number): Partial<Entered> => left(syndrome(EC_BRK64, comment))
