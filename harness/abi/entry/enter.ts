/** What the guest program does when KVM_RUN enters it, until it leaves to userspace or waits. */
import { coreRegs, exitReasons, features, guestDebug } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { programNamed } from '../programs/index.ts'
import { slotAt } from '../memory/slots.ts'
import { isIntoNothing, isTaken, isUnknownStore, store } from '../memory/store.ts'
import { ENTRY, type GuestProgram } from '../../model/guest-program.ts'
import { PSCI_VERSION } from '../registers/firmware.ts'
import { valueOf } from '../registers/value.ts'
import type { HypercallArgs, HypercallResult } from './hypercall.ts'
import { psci } from './psci.ts'
import { psci01 } from './psci-01.ts'
import { isOther } from './smccc.ts'
import { isDisturbed, isHeldUp } from './undisturbed.ts'

const X = [0, 1, 2, 3].map((n) => coreRegs.get(`regs.regs[${n}]`)!)
const PSCI_0_2 = 1 << features.KVM_ARM_VCPU_PSCI_0_2

type Registers = readonly (bigint | undefined)[]

export interface Entered {
  /** Why KVM_RUN comes back; undefined: it waits until a signal comes. */
  exit?: number
  /** It touches memory that a slot has, and userspace has not. */
  isFault?: true
  /** Nobody has looked what the guest does here. */
  isUnknown?: true
  /** What became of the VM, once KVM_RUN has entered the guest. */
  then(here: Here): void
}

/** The program at the entry of the guest; undefined where there is none to be run. */
export const programOf = ({ vm }: Here): GuestProgram | undefined => {
  const slot = slotAt(vm, ENTRY)
  return slot?.guest === undefined ? undefined : programNamed(slot.guest)
}

const call = (here: Here, args: HypercallArgs): HypercallResult => {
  // A filter denies functions, or sends them to userspace.
  if (here.vm.smcccFilter !== undefined) return undefined
  if (isOther(args.fn)) return {}
  if ((here.vcpu.features & PSCI_0_2) === 0) return psci01(here, args)
  const version = valueOf(here, PSCI_VERSION)
  return version === undefined ? undefined : psci(here, args, version)
}

/** What the guests of the VM do is not known any more. */
export const lose = ({ vm }: Here): void => {
  for (const vcpu of vm.vcpus) vcpu.isLost = true
}
const unknown: Entered = { isUnknown: true, then: lose }
const waits: Entered = { then: () => undefined }

/** Functions are 32 bits wide, whatever else x0 holds. */
const functionIn = (x0: bigint): number => Number(BigInt.asUintN(32, x0))

/** Sets x0 to x3 as a hypercall leaves them. */
const giveBack = ({ vcpu }: Here, gives?: bigint): void => {
  if (gives === undefined) return
  for (const [n, id] of X.entries()) vcpu.regs.set(id, n === 0 ? gives : 0n)
}

/** A store stays inside where memory or a list of coalesced MMIO takes it, else userspace has to make it. */
const runStore = (here: Here, program: GuestProgram, next: number, x: Registers): Entered => {
  const { vm } = here
  if (isUnknownStore(vm)) return unknown
  if (isIntoNothing(vm)) return { isFault: true, then: () => undefined }
  if (isTaken(vm)) return after(runFrom(here, program, next, x), next, (there) => store(there.vm))
  return {
    exit: exitReasons.KVM_EXIT_MMIO,
    then({ vcpu }) {
      vcpu.at = next
      vcpu.mmio = true
    },
  }
}

/** What follows an action that stays inside. */
const after = (rest: Entered, next: number, first: (here: Here) => void): Entered => ({
  ...rest,
  then(here) {
    here.vcpu.at = next
    first(here)
    rest.then(here)
  },
})

/** From the `at`-th action of the program on; `x`: x0 to x3. */
function runFrom(here: Here, program: GuestProgram, at: number, x: Registers): Entered {
  const action = program.actions[at]!
  const next = at + 1 < program.actions.length ? at + 1 : program.again
  if (action.does === 'spin') return waits
  if (action.does === 'store') return runStore(here, program, next, x)
  const fn = action.fn ?? x[0]
  const result = fn === undefined ? undefined : call(here, { fn: functionIn(fn), x: x.slice(1) })
  if (!result) return unknown
  const first = (there: Here): void => {
    giveBack(there, result.gives)
    result.then?.(there)
  }
  if ('exit' in result) return after({ exit: result.exit, then: () => undefined }, next, first)
  if ('waits' in result) return after(waits, next, first)
  const now = result.gives === undefined ? [] : [result.gives, 0n, 0n, 0n]
  return after(runFrom(here, program, next, now), next, first)
}

/** Userspace wants to hear of each instruction. */
const isStepped = ({ vcpu: { debug = 0 } }: Here): boolean => (debug & guestDebug.KVM_GUESTDBG_SINGLESTEP) !== 0

/** What happens on this vcpu once the guest is entered. Changes nothing before `then`. */
export const enter = (here: Here): Entered => {
  if (here.vcpu.off) return waits
  if (isHeldUp(here)) return { ...waits, isUnknown: true, ...(isStepped(here) && { exit: exitReasons.KVM_EXIT_DEBUG }) }
  if (isDisturbed(here)) return unknown
  const program = programOf(here)
  const x = X.map((id) => valueOf(here, id))
  return program ? runFrom(here, program, here.vcpu.at, x) : waits
}
