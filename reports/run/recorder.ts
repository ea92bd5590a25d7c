/** Vitest's events, told to the reports as outcomes. */
import { relative } from 'node:path'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase } from 'vitest/node'
import { idsOfRun, namesOf, suiteId, testId } from './ids.ts'
import { withCause } from './cause.ts'
import type { RunEnding, Listener, Unplayed } from './listener.ts'
import { judgeEnding, layerOf, type Outcome, type Run } from './outcome.ts'
import { root } from '../../harness/process/root.ts'
import { plain } from './words.ts'

/** What was thrown, with the difference and the first place of ours in its stack. */
const describe = ({ message, diff, stacks, cause }: SerializedError): string => {
  const place = stacks?.find(({ file }) => !file.includes('node_modules'))
  const difference = typeof diff === 'string' ? plain(diff).split('\n') : []
  return [
    ...plain(cause ? `${message} ${cause.message}` : message).split('\n'),
    ...difference,
    ...(place ? [`at ${place.file.replace(/^.*?\/(?=suites\/|harness\/)/, '')}:${place.line}`] : []),
  ].join('\n')
}

/** What a run comes to beside its tests: outcomes, asked for after the last test, and notes, asked for at any time. */
export interface Beside {
  outcomes(interrupted: boolean): Promise<readonly Outcome[]>
  notes(): readonly string[]
}

export interface Recorder extends Reporter {
  /** From now on tests that break are not counted: what they needed is being ended. */
  interrupt(): void
  readonly outcomes: readonly Outcome[]
  /** Whether there is something that was not played. */
  readonly isIncomplete: boolean
}

/** What is known before a run. */
export interface Known {
  /** The tests to play, where not all of their files are; those of a file are known once it is loaded otherwise. */
  planned?: readonly { vitestId: string; file: string; names: string[] }[]
  /** Outcomes from before the run was cut off. */
  earlier?: readonly Outcome[]
  /** How long it took until then, and what befell the target. */
  earlierMs?: number
  earlierNotes?: readonly string[]
}

interface File {
  tests?: ReadonlyMap<string, { test: string; name: string }>
  isEnded?: true
}

/** How often what is known is put down. */
const WRITE_MS = 1000

const toldOf = (names: string[]) => ({ test: testId(names), name: names.join(' > ') })

/**
 * A vitest reporter that tells `listeners` what came of every test. `run` is asked once, when the target is open.
 */
export const recorder = (
  listeners: readonly Listener[],
  run: () => Run,
  beside: Beside,
  { planned, earlier = [], earlierMs = 0, earlierNotes = [] }: Known = {},
): Recorder => {
  const ids = idsOfRun()
  const outcomes: Outcome[] = []
  const only = planned && new Set(planned.map((t) => t.vitestId))
  /** By vitest's id; undefined where it does not count. */
  const seen = new Map<string, Outcome | undefined>()
  const files = new Map<string, File>()
  let begun = 0
  let facts: Run
  let started = false
  let interrupted = false
  let ended = false
  let timer: NodeJS.Timeout | undefined
  /** How many outcomes were put down last. */
  let written = 0

  const isAsked = (test: TestCase) => only === undefined || only.has(test.id)

  const unplayed = (): Unplayed[] =>
    [...files].flatMap(([file, { tests, isEnded }]) => {
      const left = tests && [...tests].filter(([id]) => !seen.get(id)).map(([, told]) => told)
      return isEnded || left?.length === 0 ? [] : [{ file, suite: suiteId(file), ...(left && { tests: left }) }]
    })

  const write = (): [readonly Outcome[], RunEnding] => {
    const notes = [...earlierNotes, ...beside.notes()]
    const ending = { interrupted, unplayed: unplayed(), ms: earlierMs + Date.now() - begun, notes }
    const sorted = [...outcomes].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
    for (const l of listeners) l.write?.(sorted, ending)
    written = outcomes.length
    return [sorted, ending]
  }

  const start = () => {
    if (started) return
    started = true
    facts = run()
    for (const l of listeners) {
      l.start?.(facts)
      l.files?.(files.size)
    }
    for (const outcome of earlier) {
      ids.claim(`${outcome.suite}_${outcome.test}`, `${outcome.file} > ${outcome.name}`)
      outcomes.push(outcome)
      for (const l of listeners) l.result?.(outcome)
    }
    write()
    timer = setInterval(() => {
      if (outcomes.length > written) write()
    }, WRITE_MS).unref()
  }

  const tell = (told: Outcome, isBeside = false): Outcome | undefined => {
    if (interrupted && told.verdict === 'broken' && !isBeside) return undefined
    start()
    const outcome = withCause(told, facts)
    outcomes.push(outcome)
    for (const l of listeners) l.result?.(outcome)
    return outcome
  }

  const record = (test: TestCase) => {
    const file = test.module.relativeModuleId
    const result = test.result()
    // What vitest cancels it calls skipped.
    if (seen.has(test.id) || !isAsked(test) || (interrupted && !test.meta().report)) return
    start()
    const names = namesOf(test)
    const layer = layerOf(file)
    const { report, unwritten } = test.meta()
    const suite = suiteId(file)
    const { test: told, name } = toldOf(names)
    const { id, clash } = ids.claim(`${suite}_${told}`, `${file} > ${name}`)
    const judged = judgeEnding(layer, report, {
      state: result.state,
      error: result.errors?.map(describe).join('\n'),
      ...('note' in result && result.note !== undefined && { note: result.note }),
    })
    seen.set(
      test.id,
      tell({
        suite,
        test: id.slice(suite.length + 1),
        file,
        name,
        names,
        layer: report?.layer ?? layer,
        ...judged,
        ...(clash && { verdict: 'broken', why: clash, details: [] }),
        ...(report?.trace && { trace: report.trace, counterexamples: [report, ...(report.more ?? [])] }),
        begun: Math.round(test.diagnostic()?.startTime ?? Date.now()),
        ms: test.diagnostic()?.duration ?? 0,
        lists: report?.lists ?? 0,
        calls: report?.calls ?? 0,
        ...(report?.counts && { counts: report.counts }),
        ...(unwritten !== undefined && { unwritten }),
      }),
    )
  }

  /** What failed outside of any test. */
  const recordOutside = (file: string, errors: readonly SerializedError[], layer = layerOf(file)) => {
    const suite = suiteId(file)
    for (const error of errors) {
      const text = describe(error)
      const name = 'outside of any test'
      const { id } = ids.claim(`${suite}_outside-of-any-test`, `${file} ${text}`)
      tell({
        suite,
        test: id.slice(suite.length + 1),
        file,
        name,
        names: [name],
        layer,
        isOutside: true,
        verdict: 'broken',
        why: text.split('\n', 1)[0]!,
        details: text.split('\n'),
        begun: Date.now(),
        ms: 0,
        lists: 0,
        calls: 0,
      })
    }
  }

  return {
    outcomes,
    get isIncomplete() {
      return unplayed().length > 0
    },
    interrupt: () => {
      interrupted = true
    },
    onTestRunStart: (specifications) => {
      begun = Date.now()
      for (const { moduleId } of specifications) {
        const file = relative(root, moduleId)
        const tests = planned?.filter((t) => t.file === file).map((t) => [t.vitestId, toldOf(t.names)] as const)
        files.set(file, tests ? { tests: new Map(tests) } : {})
      }
    },
    onTestModuleCollected: (module) => {
      const tests = [...module.children.allTests()].filter(isAsked).map((t) => [t.id, toldOf(namesOf(t))] as const)
      files.set(module.relativeModuleId, { tests: new Map(tests) })
      start()
    },
    onTestModuleEnd: ({ relativeModuleId }) => {
      if (interrupted) return
      files.set(relativeModuleId, { ...files.get(relativeModuleId), isEnded: true })
      for (const l of listeners) l.fileEnds?.()
    },
    onTestCaseReady: (test) => {
      for (const l of listeners) l.begins?.(test.name)
    },
    onTestCaseResult: record,
    onTestRunEnd: async (modules, errors) => {
      // Nothing ran at all: the target could not be opened, and whoever started vitest hears why.
      if (ended || (!started && modules.length === 0)) return
      ended = true
      clearInterval(timer)
      for (const module of modules) {
        if (!interrupted) for (const test of module.children.allTests()) record(test)
        const own = module.errors()
        const suites = [...module.children.allSuites()].flatMap((s) => [...s.errors()])
        recordOutside(module.relativeModuleId, [...own, ...suites])
      }
      // Of processes, not of files; whose fault it is cannot be told.
      recordOutside('suites', errors, 'sequence')
      start()
      for (const outcome of await beside.outcomes(interrupted)) {
        const { id } = ids.claim(`${outcome.suite}_${outcome.test}`, `${outcome.file} > ${outcome.name} ${outcome.why}`)
        tell({ ...outcome, test: id.slice(outcome.suite.length + 1) }, true)
      }
      const all = write()
      for (const l of listeners) await l.end?.(...all)
    },
  }
}
