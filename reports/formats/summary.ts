/** What a run says on the terminal: progress, failures as they happen, and the closing summary. */
import { judgedAs } from '../../harness/model/release.ts'
import { verdicts, type Verdict } from '../../harness/model/verdict.ts'
import { oneLine } from '../../harness/process/visible.ts'
import { explain } from './explain.ts'
import type { RunEnding, Listener } from '../run/listener.ts'
import type { Outcome, Run } from '../run/outcome.ts'
import { tally } from '../run/tally.ts'
import { duration, grouped, many } from '../run/words.ts'
import { homeOf } from '../run/verdicts.ts'

/** Lines shown for one verdict; the reports have them all. */
const MOST_LINES = 8

/** `12  KVM_CAP_ARM_SVE is 0`: the reasons of skips, the commonest first; of other verdicts the tests. */
const particulars = (outcomes: readonly Outcome[], verdict: Verdict): string[] => {
  const of = outcomes.filter((o) => o.verdict === verdict && verdict !== 'conforms')
  if (verdict !== 'not offered' && verdict !== 'known') return of.map((o) => `${o.suite}_${o.test}`)
  const times = new Map<string, number>()
  for (const { why } of of) times.set(oneLine(why ?? ''), (times.get(oneLine(why ?? '')) ?? 0) + 1)
  const sorted = [...times].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  const width = String(sorted[0]?.[1] ?? 0).length
  return sorted.map(([why, n]) => `${String(n).padStart(width)}  ${why}`)
}

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`

const sum = (outcomes: readonly Outcome[], what: 'lists' | 'calls'): number => outcomes.reduce((n, o) => n + o[what], 0)

/** `214 sequences, 31 laws, 2,000 random sequences, 41,337 calls`; tests of this project itself where there are any. */
const played = (outcomes: readonly Outcome[]): string => {
  const of = (...layers: Outcome['layer'][]) => outcomes.filter((o) => !o.isOutside && layers.includes(o.layer))
  const own = of('table', 'harness').length
  return [
    many(of('sequence').length, 'sequence'),
    many(of('law').length, 'law'),
    many(sum(of('any order'), 'lists'), 'random sequence'),
    many(sum(outcomes, 'calls'), 'call'),
    ...(own > 0 ? [many(own, 'own test')] : []),
  ].join(', ')
}

/** The closing summary; its last line is `N passed, N failed, N skipped`. `reports`: where they are, or why not. */
export const summary = (run: Run, outcomes: readonly Outcome[], ending: RunEnding, reports: string): string[] => {
  const all = tally(outcomes, run.strict)
  const rows: [string, string][] = [
    ['target', run.target === run.host.name ? run.target : `${run.target}, host ${run.host.name}`],
    [
      'kernel',
      `Linux ${run.host.kernel.unameR}, judged as ${judgedAs(run.release)}${run.strict ? ', drifts fail' : ''}`,
    ],
    ['seed', String(run.seed)],
    ...run.unseen.map((what): [string, string] => ['cannot see', what]),
    ['played', `${played(outcomes)} in ${duration(ending.ms)}`],
  ]
  if (ending.unplayed.length > 0)
    rows.push(['incomplete', `${many(ending.unplayed.length, 'file')} not played to the end; run --resume plays them`])
  for (const note of ending.notes) rows.push(['note', note])
  const counted = verdicts.flatMap((verdict) => {
    const lines = particulars(outcomes, verdict)
    const more = lines.length - MOST_LINES
    return [
      `${verdict.padEnd(15)}${grouped(all.verdicts[verdict]).padStart(6)}`,
      ...lines.slice(0, MOST_LINES).map((l) => `  ${cut(l, 118)}`),
      ...(more > 0 ? [`  and ${grouped(more)} more`] : []),
    ]
  })
  return [
    ...rows.map(([k, v]) => `${k.padEnd(12)} ${oneLine(v)}`),
    '',
    ...counted,
    '',
    `${'reports'.padEnd(12)} ${oneLine(reports)}`,
    `${all.passed} passed, ${all.failed} failed, ${all.skipped} skipped`,
  ]
}

/** Where it is written; a terminal knows its width. */
export interface Screen {
  write(text: string): void
  isTTY: boolean
  columns: number
}

/** How often a log without a terminal hears that the run is alive. */
const HEARTBEAT_MS = 15_000

/** The report on `screen`; `reports` is asked at the end. */
export const summaryReport = (screen: Screen, reports: () => string): Listener => {
  let run: Run
  let files = 0
  let ended = 0
  let done = 0
  let failed = 0
  let now = ''
  let begun = Date.now()
  let timer: NodeJS.Timeout | undefined

  const progress = () =>
    [
      `${ended} of ${files} files`,
      many(done, 'test'),
      ...(failed > 0 ? [`${failed} failed`] : []),
      duration(Date.now() - begun),
    ].join(', ')
  const clear = () => {
    if (screen.isTTY) screen.write('\r\u001b[K')
  }
  const draw = () => {
    if (screen.isTTY) screen.write(`\r\u001b[K${cut(`${progress()}  ${oneLine(now)}`, screen.columns - 1)}`)
    else screen.write(`${progress()}  ${oneLine(now)}`.trimEnd() + '\n')
  }
  return {
    start: (facts) => {
      run = facts
      begun = Date.now()
      timer = setInterval(draw, screen.isTTY ? 100 : HEARTBEAT_MS)
      timer.unref()
    },
    files: (number) => {
      files = number
    },
    fileEnds: () => {
      ended++
    },
    begins: (name) => {
      now = name
    },
    result: (o) => {
      done++
      if (homeOf(o.verdict, run.strict).counts !== 'failed') return
      failed++
      clear()
      screen.write(`${explain(o, run).join('\n')}\n`)
    },
    end: (outcomes, ending) => {
      clearInterval(timer)
      clear()
      screen.write(`${summary(run, outcomes, ending, reports()).join('\n')}\n`)
    },
  }
}
