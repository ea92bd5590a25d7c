/** The matrix as plain text. */
import { verdicts } from '../../harness/model/verdict.ts'
import { rows } from '../../harness/table/rows.ts'
import { branch, seenRules, sequencesOf, whenOf, type Cell } from './cells.ts'

const columnLine = (cell: Cell, width: number): string => {
  if (!('done' in cell)) return `${cell.name.padEnd(width)}  ${cell.why}`
  const { results, seconds } = cell.done
  const random = results.random ?? {}
  return [
    cell.name.padEnd(width),
    ...verdicts.map((v) => String(results.tally.verdicts[v]).padStart(v.length + 2)),
    String(sequencesOf(cell.done)).padStart(8),
    String((random.violates ?? 0) + (random.drifts ?? 0) + (random.broken ?? 0)).padStart(6),
    `${seconds.toFixed(0)} s`.padStart(7),
  ].join('')
}

/** A line for each column, and the rules that were seen on none. */
export const matrixText = (cells: readonly Cell[]): string => {
  const width = Math.max(...cells.map((c) => c.name.length)) + 2
  const { seen, unseen } = seenRules(cells)
  const perBranch = [...new Set(cells.map((c) => branch(c.name)))].map((b) => {
    const own = cells.filter((c) => branch(c.name) === b).flatMap((c) => ('done' in c ? [c.done] : []))
    const sequences = own.reduce((sum, done) => sum + sequencesOf(done), 0)
    const seconds = own.reduce((sum, d) => sum + d.seconds, 0).toFixed(0)
    return `${b.padEnd(width)}${String(sequences).padStart(8)} random sequences in ${seconds} s, boots and suites too`
  })
  return [
    [
      'column'.padEnd(width),
      ...verdicts.map((v) => `  ${v}`),
      'random'.padStart(8),
      'wrong'.padStart(6),
      'time'.padStart(7),
    ].join(''),
    ...cells.map((c) => columnLine(c, width)),
    '',
    ...perBranch,
    '',
    `${seen.size} of ${rows.length} rules seen on a real kernel, ${unseen.length} unseen`,
    ...unseen.map((row) => `  unseen: ${row.id}, ${whenOf(row)}`),
    '',
  ].join('\n')
}
