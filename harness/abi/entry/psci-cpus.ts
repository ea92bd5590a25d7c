/** PSCI's functions about single cpus, as arch/arm64/kvm/psci.c has them. */
import { holdsIn, type Dated } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import type { Vcpu } from '../../model/vcpu.ts'
import { MPIDR_EL1, resetMpidr } from '../registers/mpidr.ts'
import { ALREADY_ON, INVALID_PARAMETERS, returns, SUCCESS, type HypercallResult } from './hypercall.ts'

/** Affinity levels 3, 2, 1 and 0 of an MPIDR_EL1. */
const HWID = 0xff_00ff_ffffn
/** The bits that a level and those above it have. */
const atLeast = [HWID, 0xff_00ff_ff00n, 0xff_00ff_0000n, 0xff_0000_0000n]

/** By what PSCI calls a vcpu; unknown where userspace has set it. */
const idOf = ({ id, regs }: Vcpu): bigint | undefined => (regs.has(MPIDR_EL1) ? undefined : resetMpidr(id) & HWID)

/** The affinities of the VM's vcpus; undefined where the table does not know them all. */
const idsOf = ({ vm }: Here): bigint[] | undefined => {
  const ids = vm.vcpus.flatMap((vcpu) => idOf(vcpu) ?? [])
  return ids.length === vm.vcpus.length ? ids : undefined
}

/**
 * Bits that are no affinity have to be 0; before, nobody looked at them (until e10ecb4d6c07, Enforce reserved bits).
 */
const reservedCount: Dated = { since: '5.15' }
const isRefused = ({ world }: Here, mpidr: bigint): boolean =>
  (mpidr & ~HWID) !== 0n && holdsIn(world.release, reservedCount)

/** CPU_OFF: the vcpu that calls runs no more. */
export const cpuOff: HypercallResult = {
  gives: SUCCESS,
  waits: true,
  then: ({ vcpu }) => {
    vcpu.off = true
  },
}

/** CPU_ON(mpidr, entry point, context): the other vcpu begins there at its next KVM_RUN, reset but for x0. */
export const cpuOn = (
  here: Here,
  [mpidr, pc, x0]: readonly (bigint | undefined)[],
  isOfPsci01: boolean,
): HypercallResult => {
  if (mpidr === undefined) return undefined
  if (isRefused(here, mpidr)) return returns(INVALID_PARAMETERS)
  const ids = idsOf(here)
  if (!ids) return undefined
  const other = here.vm.vcpus[ids.indexOf(mpidr & HWID)]
  if (!other) return returns(INVALID_PARAMETERS)
  if (!other.off) return returns(isOfPsci01 ? INVALID_PARAMETERS : ALREADY_ON)
  return {
    gives: SUCCESS,
    then: () => {
      other.off = other.isSuspended = false
      other.start = { pc, x0 }
    },
  }
}

const [ON, OFF] = [0n, 1n]

/** AFFINITY_INFO(mpidr, lowest level): ON where a vcpu of those that the level covers is. */
export const affinityInfo = (here: Here, [mpidr, level]: readonly (bigint | undefined)[]): HypercallResult => {
  if (mpidr === undefined || level === undefined) return undefined
  if (isRefused(here, mpidr)) return returns(INVALID_PARAMETERS)
  const mask = level < 4n ? atLeast[Number(level)]! : undefined
  if (mask === undefined) return returns(INVALID_PARAMETERS)
  const ids = idsOf(here)
  if (!ids) return undefined
  const covered = here.vm.vcpus.filter((_, i) => (ids[i]! & mask) === (mpidr & mask))
  if (covered.length === 0) return returns(INVALID_PARAMETERS)
  return returns(covered.some(({ off }) => !off) ? ON : OFF)
}
