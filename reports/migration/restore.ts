/** Restoring: the calls that write a saved VM on another host, and what the table and the host answer to each. */
import { ioctlsOf } from '../../harness/dialects/index.ts'
import type { Answer, Call } from '../../harness/model/call.ts'
import { namedRegs, errnoName } from '../../harness/names/index.ts'
import { applying } from '../../harness/oracle/oracle.ts'
import { turns } from '../../harness/oracle/turns.ts'
import { printReply } from '../../harness/table/notation.ts'
import { rowOf, type Row } from '../../harness/table/rows.ts'
import { boot, type RuledWorld } from '../../harness/table/rules.ts'
import type { Refusal } from '../../harness/model/rule.ts'
import type { Side } from '../diff/side.ts'
import { saveAnewLines } from './its-state.ts'
import { callsOf, playAfter } from './play.ts'
import type { Saved } from './save.ts'
import { registerPiece, type StatePiece } from './state.ts'
import { setUpLines, SVE, VCPUS, type MigratedVm } from './vm.ts'

/** The rule that refuses. */
export interface RefusingRule {
  id: string
  why: string
  says: string
  /** The documentation or the code it is from. */
  from: string
  releases: Pick<Row, 'since' | 'until'>
}

/** What a call is answered. */
export interface Told {
  /** As a trace shows it: `-EINVAL (value)`, or ok. */
  reply: string
  isGranted: boolean
  /** What is read, where the call reads. */
  value?: bigint
  rule?: RefusingRule
  /** Nobody has looked what kernels answer. */
  isUnknown?: true
  /** Nobody has looked what is read then, where the call reads at all. */
  isVague?: true
}

const ruleOf = (world: RuledWorld, call: Call, refusal: Refusal<any>): RefusingRule => {
  const { since, until, id = call.ioctl.name } = rowOf(call.ioctl, refusal, ioctlsOf(world.host)) ?? {}
  return {
    id,
    why: refusal.why,
    says: refusal.says.trim(),
    from: refusal.cite.at,
    releases: { ...(since !== undefined && { since }), ...(until !== undefined && { until }) },
  }
}

/** What the table answers to `calls` on such a host; with `answers`, what it thinks of them. */
const told = (side: Side, calls: readonly Call[], answers?: readonly Answer[]): Told[] => {
  const world = boot(side.host, side.release)
  return [...turnsTold(world, calls, answers)]
}

function* turnsTold(world: RuledWorld, calls: readonly Call[], answers?: readonly Answer[]): Generator<Told> {
  for (const { call, table, answer } of turns(world, calls, answers)) {
    const isGranted = answer.ret >= 0
    const isAsTable = isGranted ? table.errno === undefined : table.errno === errnoName(-answer.ret)
    const refusal = isGranted
      ? undefined
      : isAsTable
        ? table.refusal
        : applying(world, call).find(({ errno }) => errno === errnoName(-answer.ret))
    const { value } = answer
    const isRead = call.ioctl.takes.value !== undefined
    const isVague = isGranted && isRead && (value === undefined || table.varies === true)
    const isUnknown = !answers && table.isGuess === true
    yield {
      reply: printReply({ ret: answer.ret }, call, refusal?.why),
      isGranted,
      ...(value !== undefined && { value }),
      ...(refusal && { rule: ruleOf(world, call, refusal) }),
      ...(isUnknown && { isUnknown }),
      ...(!answers && isVague && { isVague }),
    }
  }
}

export interface Restored extends Saved {
  write: Told
  /** Absent where the kernel did not come so far. */
  read?: Told
}

const VLS = namedRegs.KVM_REG_ARM64_SVE_VLS

/** The lines that restore, and at which line each saved piece is decided. */
export const restoreLines = (vm: MigratedVm, saved: readonly Saved[]): { lines: string[]; at: Map<Saved, number> } => {
  // Vector lengths are chosen before KVM_ARM_VCPU_FINALIZE.
  const lengths = saved.find(({ piece, value }) => piece.id === VLS && value !== undefined)
  const early = lengths && vm.features.includes(SVE) ? lengths.piece.write(lengths.value!) : []
  const other =
    early.length > 0 ? VCPUS.slice(1).flatMap((n) => early.map((line) => line.replace('vcpu0', `vcpu${n}`))) : []
  const lines = setUpLines(vm, [...early, ...other])
  const at = new Map<Saved, number>()
  if (lengths && early.length > 0) at.set(lengths, lines.indexOf(early[0]!))
  for (const one of saved) {
    if (one.value === undefined || at.has(one)) continue
    lines.push(...one.piece.write(one.value))
    at.set(one, lines.length - 1)
  }
  if (vm.hasIts) lines.push(...saveAnewLines)
  return { lines, at }
}

const joined = (
  saved: readonly Saved[],
  at: ReadonlyMap<Saved, number>,
  writes: readonly Told[],
  reads: readonly (Told | undefined)[],
): Restored[] =>
  saved.flatMap((one, i) => {
    const write = writes[at.get(one) ?? -1]
    return write ? [{ ...one, write, ...(reads[i] && { read: reads[i] }) }] : []
  })

/** What the table says that becomes of the pieces on this host. */
export const predict = (side: Side, vm: MigratedVm, saved: readonly Saved[]): Restored[] => {
  const { lines, at } = restoreLines(vm, saved)
  const all = told(side, callsOf([...lines, ...saved.map(({ piece }) => piece.read)]))
  return joined(saved, at, all.slice(0, lines.length), all.slice(lines.length))
}

/** Restores on this host, and reads every piece again. */
export const restore = async (
  side: Side,
  vm: MigratedVm,
  saved: readonly Saved[],
): Promise<{ restored: Restored[]; troubles: string[] }> => {
  const { lines, at } = restoreLines(vm, saved)
  const before = callsOf(lines)
  const reads = callsOf(saved.map(({ piece }) => piece.read))
  const { before: writes, answers, troubles } = await playAfter(side, before, reads)
  const readTold = answers.map(
    (answer, i): Told | undefined =>
      answer && {
        reply: printReply({ ret: answer.ret }, reads[i]!),
        isGranted: answer.ret >= 0,
        ...(answer.value !== undefined && { value: answer.value }),
      },
  )
  return { restored: joined(saved, at, told(side, before.slice(0, writes.length), writes), readTold), troubles }
}

/** Registers that only the second host lists, with the values that they keep there. */
export const newPieces = (listA: readonly bigint[], listB: readonly bigint[]): StatePiece[] => {
  const onA = new Set(listA)
  return listB.filter((id) => !onA.has(id)).map(registerPiece)
}
