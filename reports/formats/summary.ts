/** What a run says on the terminal: progress, failures as they happen, and the closing summary. */
import { join } from 'node:path'
import { judgedAs } from '../../harness/model/release.ts'
import { printShard } from '../../harness/model/shard.ts'
import { verdicts, type Verdict } from '../../harness/model/verdict.ts'
import { oneLine } from '../../harness/process/visible.ts'
import { ANSWERS } from '../run/answers.ts'
import { PlayedSoFar } from '../run/played-so-far.ts'
import { causesOf } from './causes.ts'
import { announce, explain } from './explain.ts'
import { LiveLine } from './live-line.ts'
import { cut, painted, wrapped, type Screen } from './screen.ts'
import type { RunEnding, Listener } from '../run/listener.ts'
import { idOf, type Outcome, type Run } from '../run/outcome.ts'
import { tally } from '../run/tally.ts'
import { duration, grouped, many } from '../run/words.ts'
import { homeOf } from '../run/verdicts.ts'

/** Lines shown for one verdict; the reports have them all. */
const MOST_LINES = 8

/**
 * `12  KVM_CAP_ARM_SVE is 0`: the reasons of skips, and the causes of what does not conform, the commonest first. A
 * test that fails in a way of its own is named.
 */
const reasons = (outcomes: readonly Outcome[], verdict: Verdict): string[] => {
  const times = new Map<string, number>()
  const count = (what: string, by: number) => times.set(oneLine(what), (times.get(oneLine(what)) ?? 0) + by)
  if (verdict === 'not offered') for (const o of outcomes) if (o.verdict === verdict) count(o.why ?? '', 1)
  for (const { verdict: own, text, shown, tests } of causesOf(outcomes).values())
    if (own === verdict) count(shown.cause === undefined ? idOf(shown) : text, tests.length)
  const sorted = [...times].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  const width = String(sorted[0]?.[1] ?? 0).length
  return sorted.map(([why, n]) => `${String(n).padStart(width)}  ${why}`)
}

const sum = (outcomes: readonly Outcome[], what: 'lists' | 'calls' | 'unknown'): number =>
  outcomes.reduce((n, o) => n + (o[what] ?? 0), 0)

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

/** Widest line of reasons in a pipe. */
const WIDEST = 120

/** A line of a reason, in full on a terminal, where a pipe has its beginning. */
const reasonLines = (screen: Screen, reason: string): string[] =>
  screen.isTTY ? wrapped(screen, `  ${reason}`, 2 + reason.search(/(?<=\d {2})\S/)) : [cut(`  ${reason}`, WIDEST)]

/** The closing summary; its last line is `N passed, N failed, N skipped`. `reports`: where they are, or why not. */
export const summary = (
  run: Run,
  outcomes: readonly Outcome[],
  ending: RunEnding,
  reports: string,
  screen: Screen,
): string[] => {
  const { passed, failed, skipped, verdicts: times } = tally(outcomes, run.strict)
  const rows: [string, string][] = [
    ['target', run.target === run.host.name ? run.target : `${run.target}, host ${run.host.name}`],
    [
      'kernel',
      `Linux ${run.host.kernel.unameR}, judged as ${judgedAs(run.release)}${run.strict ? ', drifts fail' : ''}`,
    ],
    ['seed', String(run.seed)],
    ...(run.shard ? [['shard', `${printShard(run.shard)}, merge makes one run of all`] as [string, string]] : []),
    ...run.unseen.map((what): [string, string] => ['cannot see', what]),
    ['played', `${played(outcomes)} in ${duration(ending.ms)}`],
  ]
  const unknown = sum(outcomes, 'unknown')
  if (unknown > 0)
    rows.push([
      'not judged',
      `${many(unknown, 'answer')} of random sequences, where nobody has looked what kernels answer`,
    ])
  if (ending.unplayed.length > 0)
    rows.push(['incomplete', `${many(ending.unplayed.length, 'file')} not played to the end; run --resume plays them`])
  for (const note of ending.notes) rows.push(['note', note])
  const row = (name: string, value: string) => wrapped(screen, `${name.padEnd(12)} ${oneLine(value)}`, 13)
  const counted = verdicts.flatMap((verdict) => {
    const all = reasons(outcomes, verdict)
    const more = all.length - MOST_LINES
    const line = `${verdict.padEnd(15)}${grouped(times[verdict]).padStart(6)}`
    return [
      times[verdict] > 0 ? painted(screen, verdict, line) : line,
      ...all.slice(0, MOST_LINES).flatMap((reason) => reasonLines(screen, reason)),
      ...(more > 0 ? [`  and ${grouped(more)} more`] : []),
    ]
  })
  return [
    ...rows.flatMap(([name, value]) => row(name, value)),
    '',
    ...counted,
    '',
    ...row('reports', reports),
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ]
}

/** What failed, each cause once: what violates first, and of those the commonest. */
const explanations = (run: Run, outcomes: readonly Outcome[], screen: Screen, folder: string): string[] =>
  [...causesOf(outcomes).values()]
    .filter(({ verdict }) => homeOf(verdict, run.strict).counts === 'failed')
    .sort((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || b.tests.length - a.tests.length)
    .flatMap((cause) => explain(cause, run, screen, folder))

/** How often a log without a terminal hears that the run is alive, and how often a terminal is drawn. */
const HEARTBEAT_MS = 60_000
const DRAW_MS = 200

/** The report on `screen`; `folder`: that of the reports, and `reports` what became of them, asked at the end. */
export const summaryReport = (screen: Screen, folder: string, reports: () => string): Listener => {
  let run: Run
  const announced = new Set<string>()
  let files: readonly string[] = []
  const endedFiles: string[] = []
  let done = 0
  let failed = 0
  let now = ''
  let begun = Date.now()
  const timers: NodeJS.Timeout[] = []
  let played: PlayedSoFar
  const live = screen.live && new LiveLine(screen)

  const ms = () => Date.now() - begun
  const beat = () => {
    const said = [
      `${endedFiles.length} of ${files.length} files`,
      many(done, 'test'),
      ...(failed > 0 ? [`${failed} failed`] : []),
      duration(ms()),
    ]
    screen.write(`${said.join(', ')}  ${oneLine(now)}`.trimEnd() + '\n')
  }
  const draw = () => live?.draw(played, { ms: ms(), files, endedFiles, runs: run.runs }, now)
  const every = (period: number, work: () => void) => timers.push(setInterval(work, period).unref())
  return {
    start: (facts) => {
      run = facts
      begun = Date.now()
      if (live) {
        played = new PlayedSoFar(join(folder, ANSWERS), run.host, run.release)
        every(DRAW_MS, draw)
      } else every(HEARTBEAT_MS, beat)
    },
    files: (all) => {
      files = all
    },
    fileEnds: (file) => {
      endedFiles.push(file)
    },
    begins: (name) => {
      now = name
    },
    result: (o) => {
      done++
      live?.count(o.verdict)
      if (homeOf(o.verdict, run.strict).counts !== 'failed') return
      failed++
      for (const [key, cause] of causesOf([o])) {
        if (announced.has(key)) continue
        announced.add(key)
        live?.clear()
        screen.write(`${announce(cause, screen).join('\n')}\n`)
      }
    },
    end: (outcomes, ending) => {
      for (const timer of timers) clearInterval(timer)
      live?.clear()
      const explained = explanations(run, outcomes, screen, folder)
      screen.write(
        [
          ...(explained.length > 0 ? ['', ...explained] : []),
          ...summary(run, outcomes, ending, reports(), screen),
          '',
        ].join('\n'),
      )
    },
  }
}
