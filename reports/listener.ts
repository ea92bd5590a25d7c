/** Vitest's events, told to the reports as outcomes. */
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase } from 'vitest/node'
import { idsOfRun, namesOf, suiteId, testId } from './ids.ts'
import { judgeEnding, layerOf, type Outcome, type Run } from './outcome.ts'
import { plain } from './text.ts'

/** How a run ended. `unplayed`: files that were not played to their end; `notes`: what befell the target, a line each. */
export interface Ending { interrupted: boolean; unplayed: number; ms: number; notes: readonly string[] }

/** What a run came to beside its tests. */
export interface Beside { outcomes: readonly Outcome[]; notes: readonly string[] }

/** One report. Methods are called in this order; none is called where the target could not be opened. */
export interface Listener {
  /** Before the first outcome. */
  start?(run: Run): void
  /** So many files will be run; a file's tests are known once it is loaded. */
  files?(number: number): void
  /** A file was run to its end. */
  fileEnds?(): void
  /** A test began; called for progress only. */
  begins?(name: string): void
  result?(outcome: Outcome): void
  /** After the last outcome; all of them, sorted by file. */
  end?(outcomes: readonly Outcome[], ending: Ending): void | Promise<void>
}

/** What was thrown, with the difference and the first place of ours in its stack. */
const describe = ({ message, diff, stacks, cause }: SerializedError): string => {
  const place = stacks?.find(({ file }) => !file.includes('node_modules'))
  const difference = typeof diff === 'string' ? plain(diff).split('\n') : []
  return [
    ...plain(cause ? `${message} ${cause.message}` : message).split('\n'), ...difference,
    ...(place ? [`at ${place.file.replace(/^.*?\/(?=suites\/|harness\/)/, '')}:${place.line}`] : []),
  ].join('\n')
}

export interface Recorder extends Reporter {
  /** From now on tests that break are not counted: what they needed is being ended. */
  interrupt(): void
  readonly outcomes: readonly Outcome[]
  /** What came of the test with vitest's id. */
  outcomeOf(vitestId: string): Outcome | undefined
}

/**
 * A vitest reporter that tells `listeners` what came of every test. `run` is asked once, when the target is open;
 * `beside` after the last test.
 * `only`: vitest's ids of the tests to report; all where it is left out.
 */
export const recorder = (
  listeners: readonly Listener[], run: () => Run, beside: (interrupted: boolean) => Promise<Beside>, only?: ReadonlySet<string>,
): Recorder => {
  const ids = idsOfRun()
  const outcomes: Outcome[] = []
  /** By vitest's id; undefined where it does not count. */
  const seen = new Map<string, Outcome | undefined>()
  let begun = 0
  let started = false
  let unplayed = 0
  let interrupted = false
  let ended = false

  const isAsked = (test: TestCase) => only === undefined || only.has(test.id)

  const start = () => {
    if (started) return
    started = true
    const facts = run()
    for (const l of listeners) {
      l.start?.(facts)
      l.files?.(unplayed)
    }
  }

  const tell = (outcome: Outcome, isBeside = false): Outcome | undefined => {
    if (interrupted && outcome.verdict === 'broken' && !isBeside) return undefined
    start()
    outcomes.push(outcome)
    for (const l of listeners) l.result?.(outcome)
    return outcome
  }

  const record = (test: TestCase) => {
    const file = test.module.relativeModuleId
    const result = test.result()
    // What vitest cancels it calls skipped.
    if (seen.has(test.id) || !isAsked(test) || (interrupted && !test.meta().report)) return
    const names = namesOf(test)
    const layer = layerOf(file)
    const { report, unwritten } = test.meta()
    const suite = suiteId(file)
    const { id, clash } = ids.claim(`${suite}_${testId(names)}`, `${file} > ${names.join(' > ')}`)
    const judged = judgeEnding(layer, report, {
      state: result.state, error: result.errors?.map(describe).join('\n'),
      ...('note' in result && result.note !== undefined && { note: result.note }),
    })
    seen.set(test.id, tell({
      suite, test: id.slice(suite.length + 1), file, name: names.join(' > '), layer: report?.layer ?? layer, ...judged,
      ...(clash && { verdict: 'broken', why: clash, details: [] }), ...(report?.trace && { trace: report.trace, counterexamples: [report, ...report.more ?? []] }),
      ms: test.diagnostic()?.duration ?? 0, lists: report?.lists ?? 0, calls: report?.calls ?? 0,
      ...(report?.counts && { counts: report.counts }), ...(unwritten !== undefined && { unwritten }),
    }))
  }

  /** What failed outside of any test. */
  const recordOutside = (file: string, errors: readonly SerializedError[], layer = layerOf(file)) => {
    const suite = suiteId(file)
    for (const error of errors) {
      const text = describe(error)
      const { id } = ids.claim(`${suite}_outside-of-any-test`, `${file} ${text}`)
      tell({
        suite, test: id.slice(suite.length + 1), file, name: 'outside of any test', layer, isOutside: true,
        verdict: 'broken', why: text.split('\n', 1)[0]!, details: text.split('\n'), ms: 0, lists: 0, calls: 0,
      })
    }
  }

  return {
    outcomes,
    outcomeOf: (id) => seen.get(id),
    interrupt: () => { interrupted = true },
    onTestRunStart: (files) => {
      begun = Date.now()
      unplayed = files.length
    },
    onTestModuleCollected: () => start(),
    onTestModuleEnd: () => {
      if (interrupted) return
      unplayed--
      for (const l of listeners) l.fileEnds?.()
    },
    onTestCaseReady: (test) => { for (const l of listeners) l.begins?.(test.name) },
    onTestCaseResult: record,
    onTestRunEnd: async (modules, errors) => {
      // Nothing ran at all: the target could not be opened, and whoever started vitest hears why.
      if (ended || (!started && modules.length === 0)) return
      ended = true
      for (const module of modules) {
        if (!interrupted) for (const test of module.children.allTests()) record(test)
        const own = module.errors()
        const suites = [...module.children.allSuites()].flatMap((s) => [...s.errors()])
        recordOutside(module.relativeModuleId, [...own, ...suites])
      }
      // Of processes, not of files; whose fault it is cannot be told.
      recordOutside('suites', errors, 'sequence')
      const { outcomes: others, notes } = await beside(interrupted)
      for (const outcome of others) tell(outcome, true)
      const sorted = [...outcomes].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
      start()
      for (const l of listeners) await l.end?.(sorted, { interrupted, unplayed, ms: Date.now() - begun, notes })
    },
  }
}
