/** Registers that a VMM complained of: which rule of the host that they are restored on refuses them. */
import { hex } from '../../harness/model/scalar.ts'
import { answersIn } from '../../harness/oracle/mock.ts'
import { boot } from '../../harness/table/rules.ts'
import { explained } from '../book/explanation.ts'
import { causeInWords, changesOfPiece } from './causes.ts'
import type { Complaint } from './complaints.ts'
import type { Migration } from './migration.ts'
import { callsOf } from './play.ts'
import { pieceName, registerPiece } from './state.ts'
import { setUpLines } from './vm.ts'

/**
 * What the table says of each on B, lines for a person. Where a line has no value it is the one that was saved on A;
 * `book`: where the book of rules is.
 */
export const askedLines = (migration: Migration, complaints: readonly Complaint[], book: string): string[] => {
  const { a, b, vm, predicted } = migration
  const setUp = callsOf(setUpLines(vm))
  const past = { calls: setUp, answers: answersIn(boot(b.host, b.release), setUp) }
  return complaints.flatMap(({ line, id, value }) => {
    const piece = registerPiece(id)
    const saved = predicted.find((fate) => fate.piece.id === id)?.saved
    const [call] = callsOf(piece.write(value ?? saved ?? 0n))
    const { lines } = explained(b, past, { call: call! }, book)
    const causes = changesOfPiece(a, b, piece)
    return [
      '',
      `asked  ${line}`,
      `  ${hex(id)} ${pieceName(piece)}${value === undefined && saved !== undefined ? `, which holds ${hex(saved)} there` : ''}`,
      ...(causes.length > 0 ? [`  between the two ${causeInWords(a, b, causes)}`] : []),
      ...lines.map((text) => `  ${text}`),
    ]
  })
}
