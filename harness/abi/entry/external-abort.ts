/**
 * KVM_SET_VCPU_EVENTS has the guest take an external abort: the answer to an access for which it left, or at any time.
 */
import { holdsIn, type Dated } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import { arm64SysReg, features } from '../../names/index.ts'
import { followed } from '../registers/followed.ts'
import { hasEl2 } from '../registers/core.ts'
import { valueOf } from '../registers/value.ts'
import { takeAbort } from './exception.ts'
import { keep, registersOf, unknownRegisters } from './registers.ts'
import { isStepped } from './step.ts'
import { syndrome } from './syndrome.ts'
import { isUnusual } from './undisturbed.ts'

/** The guest is at its vector when the ioctl returns; otherwise ESR_EL1 and FAR_EL1 alone tell of it until KVM_RUN. */
const atOnce: readonly Dated[] = [{ until: '5.11' }, { since: '6.17' }]
/** The access for which the guest left is not completed any more. */
const endsMmio: Dated = { since: '7.2' }
/** The class of the exception is an int, whose sign fills the upper half of the syndrome. */
const isSigned: Dated = { since: '5.19', until: '6.12' }

const AARCH32 = 1 << features.KVM_ARM_VCPU_EL1_32BIT
const TCR_EL1 = arm64SysReg(3, 0, 2, 0, 2)
/** TTBCR.EAE: the guest's tables have the long format, and so has what it is told of a fault. */
const EAE = 1n << 31n

/** DFSR is the lower half of ESR_EL1, and its upper half stays. */
const hasHalves: Dated = { until: '5.11' }

const EC_DABT_LOW = 0x24
const EC_DABT_CUR = 0x25
const EC_SERROR = 0x2f
const EXTERNAL_ABORT = 0x10
/** The instruction has 32 bits: before, that was said of the one that left the guest last, if any did. */
const IL = 1n << 25n
const saysLength: Dated = { since: '7.2' }

const extended = ({ world }: Here, esr: bigint): bigint =>
  holdsIn(world.release, isSigned) ? BigInt.asUintN(64, BigInt.asIntN(32, esr)) : esr

/** The syndrome of an external abort. */
export const externalAbort = (here: Here): bigint => extended(here, syndrome(EC_DABT_CUR, EXTERNAL_ABORT))

/** EL0, of 64 bits or of 32. */
const isEl0 = (pstate: bigint): boolean => (pstate & 0xfn) === 0n
/** That of one before the first KVM_RUN, which may find the guest at EL0. */
const abortAtFirst = (here: Here, pstate: bigint): bigint => {
  const esr = syndrome(isEl0(pstate) ? EC_DABT_LOW : EC_DABT_CUR, EXTERNAL_ABORT)
  return extended(here, holdsIn(here.world.release, saysLength) ? esr : esr & ~IL)
}

/** A 64-bit guest whose exceptions are those of EL1. */
const isOfEl1 = ({ vcpu }: Here): boolean => (vcpu.features & AARCH32) === 0 && !hasEl2(vcpu)

/** A guest takes an SError at once, of which ESR_EL1 tells; nobody has looked at the rest. */
export const takeSError = (here: Here, more: bigint): void => {
  const { vcpu, world } = here
  const full = syndrome(EC_SERROR, Number(more))
  const atFirst = vcpu.hasRun ? undefined : full & ~IL
  loseGuest(here)
  if (isOfEl1(here)) keep(here, { ...unknownRegisters(), esr: holdsIn(world.release, saysLength) ? full : atFirst })
}

/** Where it takes an exception that nobody has looked at. */
const loseGuest = (here: Here): void => {
  here.vcpu.entered = here.vcpu.isLost = true
  keep(here, unknownRegisters())
}

/** A 32-bit guest is told in the format of its tables; nobody has looked where it goes on. */
const abortAArch32 = (here: Here): void => {
  const ttbcr = valueOf(here, TCR_EL1)
  const before = holdsIn(here.world.release, hasHalves) ? valueOf(here, followed.esr) : 0n
  loseGuest(here)
  if (ttbcr === undefined || before === undefined) return
  const dfsr = (ttbcr & EAE) === 0n ? 0x8n : 0x210n
  keep(here, { ...unknownRegisters(), esr: before - BigInt.asUintN(32, before) + dfsr })
}

/** The guest of `here` takes it, now or at the next KVM_RUN, as the release has it. */
export const abortExternally = (here: Here): void => {
  const { vm, vcpu, world } = here
  const { faultAddress: far } = vcpu
  if ((vcpu.features & AARCH32) !== 0 && !vm.hasMte) return abortAArch32(here)
  if (isUnusual(here) || isStepped(here) || vm.hasMte) {
    const pstate = valueOf(here, followed.pstate)
    const isKnown = !vcpu.hasRun && pstate !== undefined && isOfEl1(here) && !vcpu.isLost
    const esr = isKnown ? abortAtFirst(here, pstate) : undefined
    loseGuest(here)
    return keep(here, { ...unknownRegisters(), esr })
  }
  const registers = registersOf(here)
  vcpu.entered = true
  // Without a fault before, what KVM remembers of the last one is what it says.
  registers.esr =
    far !== undefined ? externalAbort(here) : vcpu.hasRun ? undefined : abortAtFirst(here, registers.pstate!)
  registers.far = far
  if (atOnce.some((one) => holdsIn(world.release, one))) takeAbort(registers)
  else vcpu.abortIsDue = true
  if (holdsIn(world.release, endsMmio)) delete vcpu.mmio
  keep(here, registers)
}
