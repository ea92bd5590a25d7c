/** Whether a VM that is saved on one host is restored on another: what the table says, and what came of it. */
import { isLoss, disagreement, fatesOf, type Fate } from './fate.ts'
import type { Feature } from '../../harness/names/index.ts'
import { exitReasons } from '../../harness/names/index.ts'
import type { Side } from '../diff/side.ts'
import { factChanges, type FactChange } from './facts.ts'
import { callsOf, playAfter } from './play.ts'
import { newPieces, predict, restore, restoreLines } from './restore.ts'
import { listOn, save, sourceLines, type Saved } from './save.ts'
import type { StatePiece } from './state.ts'
import { commonVm, type MigratedVm } from './vm.ts'

/** A piece of which the table and the host disagree. */
export interface Mismatch {
  piece: StatePiece
  says: string
}

export interface Migration {
  a: Side
  b: Side
  vm: MigratedVm
  /** What the table says of each piece. */
  predicted: Fate[]
  /** What came of it, where the other host could be asked. */
  came?: Fate[]
  findings: Mismatch[]
  /** Registers that only B lists. */
  added: StatePiece[]
  facts: FactChange[]
  /** Why KVM_RUN left the guest that goes on, on A and on B. */
  goesOn?: { a: string; b: string }
  /** What kernel logs complained of. */
  troubles: string[]
}

/** What came, or else what was predicted. */
export const fates = ({ came, predicted }: Migration): Fate[] => came ?? predicted

/** Whether the VM is not on B what it was on A, or the host did otherwise than was predicted. */
export const isLossy = (migration: Migration): boolean =>
  fates(migration).some(({ kind }) => isLoss(kind))
  || migration.findings.length > 0
  || migration.troubles.length > 0
  || (migration.goesOn !== undefined && migration.goesOn.a !== migration.goesOn.b)

const nameOfExit = (value: bigint | undefined): string =>
  Object.keys(exitReasons).find((name) => BigInt(exitReasons[name as keyof typeof exitReasons]) === value)
  ?? String(value)

/** How KVM_RUN comes back after these lines. */
const runAfter = async (side: Side, lines: readonly string[]): Promise<string> => {
  const { answers } = await playAfter(side, callsOf(lines), callsOf(['vcpu0: KVM_RUN']))
  const [answer] = answers
  if (!answer) return 'no answer'
  return answer.ret < 0 ? `errno ${-answer.ret}` : nameOfExit(answer.value)
}

const goesOnThere = async (a: Side, b: Side, vm: MigratedVm, saved: readonly Saved[]): Promise<Migration['goesOn']> => {
  const [onA, onB] = await Promise.all([runAfter(a, sourceLines(a, vm)), runAfter(b, restoreLines(vm, saved).lines)])
  return { a: onA, b: onB }
}

/**
 * Saves a VM on A and restores it on B, as far as they can be asked, and says beforehand what will come of it. `asked`:
 * the features of its vcpus; all that both hosts have where left out. Throws a UserError where either cannot make such
 * a VM.
 */
export const migrationOf = async (a: Side, b: Side, asked?: readonly Feature[]): Promise<Migration> => {
  const vm = commonVm(a.host, b.host, asked)
  const [listA, listB] = await Promise.all([listOn(a, vm), listOn(b, vm)])
  const { saved, troubles } = await save(a, vm, listA)
  const home = a.isTable ? predict(a, vm, saved) : (await restore(a, vm, saved)).restored
  const atHome = fatesOf(home, listA)
  const predicted = fatesOf(predict(b, vm, saved), listB, atHome)
  const real = b.isTable ? undefined : await restore(b, vm, saved)
  const came = real && fatesOf(real.restored, listB, atHome)
  const findings = (came ?? []).flatMap((fate, i): Mismatch[] => {
    const says = disagreement(predicted[i]!, fate)
    return says === undefined ? [] : [{ piece: fate.piece, says }]
  })
  return {
    a,
    b,
    vm,
    predicted,
    ...(came && { came }),
    findings,
    added: newPieces(listA, listB),
    facts: await factChanges(a, b, vm),
    ...(!a.isTable && !b.isTable && { goesOn: (await goesOnThere(a, b, vm, saved))! }),
    troubles: [...new Set([...troubles, ...(real?.troubles ?? [])])],
  }
}
