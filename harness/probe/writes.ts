/**
 * How each register takes a write: tried on a fresh vcpu with the first value, 0, all ones, and single bits flipped;
 * where some of these are refused, by field.
 */
import { isFirmware } from '../abi/registers/firmware.ts'
import { allOnes, groupOf, sizeOf } from '../abi/registers/table.ts'
import type { Reg, Write } from '../model/host.ts'
import { regs } from '../names/index.ts'
import { isOtherwise, oneFieldAtATime, severalFields, takenAlone, writeOf } from './fields.ts'
import type { Draft } from './merge.ts'
import type { ProbeSession } from './player.ts'
import { lingers, tryAll, type ProbedMachine, type Tried } from './tries.ts'

/** Bytes of the longest register that there is; ids can claim more. */
const BIGGEST = 256

/** Of registers longer than this only some bits are tried. */
const LONG = 64
const SOME_BITS = [0, 1, 63, 64, 127, 128, 255, 256, 511, 512, 1023, 1024, 2047]

const hex = (value: bigint): string => value.toString(16)

const classify = (reset: bigint, tried: readonly Tried[], ones: bigint): Write => {
  const accepted = tried.filter((t) => t.accepted)
  if (accepted.length < tried.length) return accepted.every((t) => t.value === reset) ? 'same' : 'some'
  if (tried.every((t) => t.then === t.value)) return 'any'
  if (tried.every((t) => t.then === reset)) return 'ignored'
  const zero = tried.find((t) => t.value === 0n)!.then
  const kept = tried.find((t) => t.value === ones)!.then ^ zero
  return kept !== 0n && tried.every((t) => t.then === ((t.value & kept) | zero))
    ? { keeps: hex(kept), sets: hex(zero) }
    : 'loose'
}

/** Registers that are made of fields: system registers, caches and bitmaps. Of the others, rules say what they take. */
const isMadeOfFields = (id: bigint): boolean =>
  sizeOf(id) * 8 <= LONG
  && !isFirmware(id)
  && groupOf(id) !== regs.KVM_REG_ARM_CORE
  && groupOf(id) !== regs.KVM_REG_ARM64_SVE

/** Tries every value of every field, then several fields at once. */
const tryFields = async (
  session: ProbeSession,
  machine: ProbedMachine,
  draft: Draft,
  reset: bigint,
): Promise<{ write: Write; tried: readonly Tried[] }> => {
  const alone = await tryAll(session, machine, draft, oneFieldAtATime(draft.id, reset))
  if (!alone) return { write: 'untried', tried: [] }
  const { taken, isJoint } = takenAlone(draft.id, reset, alone)
  if (taken.size === 0) return { write: 'same', tried: alone }
  const joints = severalFields(draft.id, reset, taken)
  const together = await tryAll(
    session,
    machine,
    draft,
    joints.map(({ value }) => value),
  )
  if (!together) return { write: 'untried', tried: [] }
  return { write: writeOf(taken, isJoint || isOtherwise(joints, together)), tried: alone }
}

/**
 * Tries the register's value, 0, all ones, and the value with single bits flipped; then by field, where it is made of
 * such.
 */
export const probeWrite = async (
  session: ProbeSession,
  machine: ProbedMachine,
  draft: Draft,
): Promise<Pick<Reg, 'write' | 'survives' | 'shared'>> => {
  const { id, reset = 0n } = draft
  if (sizeOf(id) > BIGGEST || session.stuck.has(id)) return { write: 'untried' }
  const width = sizeOf(id) * 8
  const ones = allOnes(width / 8)
  const bits = width <= LONG ? [...Array(width).keys()] : SOME_BITS.filter((bit) => bit < width)
  const values = [reset, 0n, ones, ...bits.map((bit) => reset ^ (1n << BigInt(bit)))]
  const first = await tryAll(session, machine, draft, values)
  if (!first) return { write: 'untried' }
  const kind = classify(reset, first, ones)
  const isByField = (kind === 'same' || kind === 'some') && isMadeOfFields(id)
  const { write, tried } = isByField ? await tryFields(session, machine, draft, reset) : { write: kind, tried: first }
  const changed = tried.find((t) => t.accepted && t.then !== draft.reset)
  return {
    write,
    ...(changed && draft.reset !== undefined && (await lingers(session, machine, draft, changed.value))),
  }
}
