/** What becomes of a saved piece on the other host. */
import { hex } from '../../harness/model/scalar.ts'
import { namedRegs } from '../../harness/names/index.ts'
import type { RefusingRule, Restored } from './restore.ts'
import type { StatePiece } from './state.ts'

/**
 * missing: the other host lists no such register. refused: its value is not taken. changed: it is taken, and another is
 * read. changed alike: so it is on the host itself that it was saved on. not saved: it cannot be read where it is.
 * unknown: nobody has looked. goes on: a counter, which is later by now.
 */
export const fateKinds = [
  'missing',
  'refused',
  'changed',
  'not saved',
  'changed alike',
  'unknown',
  'goes on',
  'restored',
] as const
export type FateKind = (typeof fateKinds)[number]

/** With these a VM is not on the other host what it was. */
export const isLoss = (kind: FateKind): boolean =>
  kind === 'missing' || kind === 'refused' || kind === 'changed' || kind === 'not saved'

export interface Fate {
  piece: StatePiece
  kind: FateKind
  saved?: bigint
  /** What is read on the other host. */
  reads?: bigint
  /** How the write is answered, where it matters: `-EINVAL (value)`. */
  reply?: string
  rule?: RefusingRule
}

const COUNTERS: readonly (bigint | undefined)[] = [namedRegs.KVM_REG_ARM_TIMER_CNT, namedRegs.KVM_REG_ARM_PTIMER_CNT]
/** Ticks between writing a counter and reading it: an hour of the fastest. */
const SOON = 1n << 42n

const CONTROLS: readonly (bigint | undefined)[] = [namedRegs.KVM_REG_ARM_TIMER_CTL, namedRegs.KVM_REG_ARM_PTIMER_CTL]
const ISTATUS = 4n

/**
 * Without serror_has_esr, which says what the host can do, and ISTATUS, which follows from the counter and is read
 * until 6.18.
 */
const stateIn = ({ kind, id }: StatePiece, value: bigint): bigint => {
  if (kind === 'events') return value & ~0xff00n
  return CONTROLS.includes(id) ? value & ~ISTATUS : value
}

const valueFate = ({ piece, value: saved, read }: Restored): FateKind => {
  if (read === undefined || read.isUnknown || read.isVague) return 'unknown'
  if (COUNTERS.includes(piece.id)) {
    const passed = BigInt.asUintN(64, (read.value ?? 0n) - saved!)
    return passed < SOON ? 'goes on' : 'changed'
  }
  return read.isGranted && read.value !== undefined && stateIn(piece, read.value) === stateIn(piece, saved!)
    ? 'restored'
    : 'changed'
}

const kindOf = (one: Restored, listed: ReadonlySet<bigint>): FateKind => {
  const { piece, write, value } = one
  if (value === undefined) return 'not saved'
  if (piece.id !== undefined && !listed.has(piece.id)) return 'missing'
  if (write.isUnknown) return 'unknown'
  if (!write.isGranted) return 'refused'
  if (COUNTERS.includes(piece.id) && (one.read?.isUnknown || one.read?.isVague)) return 'goes on'
  return valueFate(one)
}

/**
 * The fate of each piece; `list`: the registers that the other host lists, `atHome`: what is said to come of the pieces
 * on the host that they were saved on.
 */
export const fatesOf = (
  restored: readonly Restored[],
  list: readonly bigint[],
  atHome: readonly Fate[] = [],
): Fate[] => {
  const listed = new Set(list)
  return restored.map((one, i): Fate => {
    const { piece, value, read, write, refused } = one
    const known = kindOf(one, listed)
    const isAlike = known === 'changed' && atHome[i]?.kind === 'changed' && atHome[i].reads === read?.value
    const kind = isAlike ? 'changed alike' : known
    return {
      piece,
      kind,
      ...(value !== undefined && { saved: value }),
      ...(known === 'changed' && read?.value !== undefined && { reads: read.value }),
      ...((kind === 'missing' || kind === 'refused') && { reply: write.reply }),
      ...(refused !== undefined && { reply: refused }),
      ...(write.rule && { rule: write.rule }),
    }
  })
}

/** How the prediction and what came of a piece differ; undefined where they agree, or nothing was predicted. */
export const disagreement = (predicted: Fate, came: Fate): string | undefined => {
  if (predicted.kind === 'unknown') return undefined
  if (predicted.kind === came.kind && predicted.reply === came.reply && predicted.reads === came.reads) return undefined
  return `predicted ${fateInWords(predicted)}, and it was ${fateInWords(came)}`
}

/** `refused -EINVAL (value)`, `changed: 0x3 reads 0x1`. */
const fateInWords = ({ kind, reply, reads, saved }: Fate): string =>
  kind === 'changed' || kind === 'changed alike'
    ? `${kind}: ${saved === undefined ? '' : `${hex(saved)} `}reads ${reads === undefined ? 'nothing' : hex(reads)}`
    : `${kind}${reply === undefined ? '' : ` ${reply}`}`
