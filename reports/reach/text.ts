/** What of the kernel was reached, as text: a table of files, and every line that nothing reached. */
import type { ReachedFile, Share, Unreached } from '../../harness/studies/reach/reached.ts'
import { total } from '../../harness/studies/reach/reached.ts'

const percent = ({ of, reached }: Share): string => `${((of === 0 ? 1 : reached / of) * 100).toFixed(1)} %`

const cells = (name: string, lines: Share, branches: Share, explained: number): string =>
  [
    name.padEnd(42),
    `${lines.reached} of ${lines.of}`.padStart(14),
    percent(lines).padStart(9),
    `${branches.reached} of ${branches.of}`.padStart(14),
    percent(branches).padStart(9),
    String(explained).padStart(11),
  ].join('')

/** Lines that nothing reached and that have a reason. */
const explainedOf = ({ unreached }: ReachedFile): number =>
  unreached.reduce((sum, { lines, because }) => sum + (because === undefined ? 0 : lines.length), 0)

/** A line for each file, and one for all. */
export const reachedTable = (files: readonly ReachedFile[]): string[] => [
  `${'file'.padEnd(42)}${'lines'.padStart(14)}${''.padStart(9)}${'branches'.padStart(14)}${''.padStart(9)}${'explained'.padStart(11)}`,
  ...files.map((one) => cells(one.file, one.lines, one.branches, explainedOf(one))),
  cells(
    'all',
    total(files.map(({ lines }) => lines)),
    total(files.map(({ branches }) => branches)),
    files.reduce((sum, one) => sum + explainedOf(one), 0),
  ),
]

/** The functions with the most lines that nothing reached and that have no reason, `most` of them. */
export const largestGroups = (files: readonly ReachedFile[], most: number): string[] =>
  files
    .flatMap(({ file, unreached }) => unreached.flatMap((one) => (one.because === undefined ? [{ file, ...one }] : [])))
    .toSorted((a, b) => b.lines.length - a.lines.length)
    .slice(0, most)
    .map((one) => `${String(one.lines.length).padStart(5)}  ${one.file}: ${one.function}`)

const section = ({ lines, because, ...one }: Unreached, source: readonly string[]): string[] => [
  '',
  `  ${one.function || 'outside of functions'}${because === undefined ? '' : ` (${because})`}`,
  ...lines.map((number) => `${String(number).padStart(8)}  ${source[number - 1]?.trimEnd() ?? ''}`),
]

/** The whole text. `sourceOf`: the lines of a file; `head`: lines that say what was run. */
export const reachedText = (
  head: readonly string[],
  files: readonly ReachedFile[],
  sourceOf: (file: string) => readonly string[],
): string =>
  [
    ...head,
    '',
    ...reachedTable(files),
    ...files.flatMap((one) => {
      const source = sourceOf(one.file)
      return ['', `What nothing reached in ${one.file}`, ...one.unreached.flatMap((each) => section(each, source))]
    }),
    '',
  ].join('\n')
