/** What came of one test, as every report is told it. */
import type { Host } from '../../harness/model/host.ts'
import type { Emulator } from '../../harness/model/emulator.ts'
import type { Settings } from '../../harness/model/settings.ts'
import type { Counterexample, Layer, Report, Verdict } from '../../harness/model/verdict.ts'
import type { Version } from '../../harness/process/version.ts'

/** What the tests run against. */
export interface Run extends Pick<Settings, 'target' | 'seed' | 'runs' | 'strict' | 'shard'> {
  host: Host
  /** The release whose rules judge. */
  release: string
  /** What of the kernel cannot be seen, a line each. */
  unseen: readonly string[]
  /** The version of this project that plays. */
  suite: Version
  /** What emulates the machine, where one is emulated. */
  qemu?: Emulator
}

/** What was wrong with one list. `cause`: the same line for whatever fails alike, see cause.ts. */
export interface Finding extends Counterexample {
  cause?: string
}

export interface Outcome {
  /** Of the file and of the test; `SUITE_TEST` is unique. */
  suite: string
  test: string
  /** Path of the file, from the project's root. */
  file: string
  /** As its author wrote it, the names of the blocks around it before it. */
  name: string
  /** The same, one by one. */
  names: string[]
  layer: Layer
  /** No test: what failed before, between or after the tests of a file. */
  isOutside?: true
  verdict: Verdict
  why?: string
  /** In one line, the same for all tests that fail alike; absent where nothing failed, or in a way of its own. */
  cause?: string
  trace?: string
  /** What the trace is of, and one of each other cause where a test judges many lists. */
  counterexamples?: Finding[]
  /** What a maintainer needs where the verdict is not conforms: trace, what was allowed, kernel log; or the error. */
  details: string[]
  /** When it began, in ms since 1970. */
  begun: number
  ms: number
  lists: number
  calls: number
  counts?: Report['counts']
  /** As of Report. */
  unknown?: number
  /** Why what was answered could not be written down: ENOSPC and the like. */
  unwritten?: string
}

/** The id by which other tools know the test. */
export const idOf = ({ suite, test }: Pick<Outcome, 'suite' | 'test'>): string => `${suite}_${test}`

/** Sorts outcomes as reports have them. */
export const byFile = (a: Outcome, b: Outcome): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)

/** How a test ended for vitest. */
export interface TestEnding {
  state: 'passed' | 'failed' | 'skipped' | 'pending'
  /** The reason given with skip(). */
  note?: string
  /** What it threw, first line first. */
  error?: string
}

/** The layer a file belongs to, from its folder. */
export const layerOf = (file: string): Layer =>
  /suites\/ordered\//.test(file)
    ? 'sequence'
    : /suites\/laws\//.test(file)
      ? 'law'
      : /suites\/any-order\//.test(file)
        ? 'any order'
        : /suites\/table\//.test(file)
          ? 'table'
          : 'harness'

/** Before what was allowed, in the lines that explain a report. */
export const ALLOWED = 'allowed here: '

/** The lines that explain a report. */
export const detailsOf = ({
  trace,
  again,
  allowed = [],
  log = [],
}: Pick<Report, 'trace' | 'again' | 'allowed' | 'log'>): string[] => [
  ...(trace ? trace.split('\n') : []),
  ...allowed.map((a) => `${ALLOWED}${a}`),
  ...log.map((l) => `kernel log: ${l}`),
  ...(again ? ['played again:', ...again.split('\n')] : []),
]

/** The same of all that a test found: the first, and after a blank line each, why and how the others failed. */
export const detailsOfAll = (first: Counterexample, more: readonly Counterexample[] = []): string[] => [
  ...detailsOf(first),
  ...more.flatMap((other) => ['', ...(other.why ? [other.why] : []), ...detailsOf(other)]),
]

type Judged = Pick<Outcome, 'verdict' | 'why' | 'details'>

const firstLine = (text: string) => text.split('\n', 1)[0]!

const broken = (why: string, error = ''): Judged => ({
  verdict: 'broken',
  why,
  details: error === why || !error ? [] : error.split('\n'),
})

/** The verdict on a test that says nothing about itself: those of the table and the harness only pass or fail. */
const unsaid = (layer: Layer, { state, note, error = '' }: TestEnding): Judged => {
  if (state === 'failed') return broken(firstLine(error) || 'failed without a word', error)
  if (state === 'pending') return broken('did not end: its process went away')
  if (state === 'skipped')
    return note
      ? { verdict: 'not offered', why: note, details: [] }
      : broken('skipped without a reason; every skip says why')
  const isOwn = layer === 'table' || layer === 'harness'
  return isOwn ? { verdict: 'conforms', details: [] } : broken('passed without a verdict: task.meta.report is missing')
}

/** The verdict on a test from what it says (`report`) and how it ended; where the two disagree, the test is broken. */
export const judgeEnding = (layer: Layer, report: Report | undefined, ending: TestEnding): Judged => {
  if (!report) return unsaid(layer, ending)
  const { state, error = '' } = ending
  const { verdict, why } = report
  const mayFail = verdict === 'violates' || verdict === 'not reproduced' || verdict === 'broken' || verdict === 'drifts'
  if (state === 'failed' && !mayFail) return broken(`${verdict}, and then: ${firstLine(error)}`, error)
  if (state === 'pending' && verdict !== 'violates') return broken('did not end: its process went away')
  return {
    verdict,
    ...(why && { why }),
    details: verdict === 'conforms' || verdict === 'not offered' ? [] : detailsOfAll(report, report.more),
  }
}
