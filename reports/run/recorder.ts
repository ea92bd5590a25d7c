/** Vitest's events, told to the reports as outcomes. */
import { relative } from 'node:path'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, TestSpecification } from 'vitest/node'
import { root } from '../../harness/process/root.ts'
import { withCause } from './cause.ts'
import { idsOfRun } from './ids.ts'
import type { KnownFailures } from './known-failures.ts'
import type { Listener, RunEnding } from './listener.ts'
import { byFile, idOf, type Outcome, type Run } from './outcome.ts'
import { Progress, type PlannedTest } from './progress.ts'
import { outcomeOfError, outcomeOfTest } from './vitest-outcomes.ts'

/**
 * What happens to the target of a run and is no test's own: outcomes, asked for after the last test, and notes at any
 * time.
 */
export interface TargetEvents {
  outcomes(interrupted: boolean): Promise<readonly Outcome[]>
  notes(): readonly string[]
}

/** What came of a run before it was cut off, and in how many ms. */
export interface EarlierPart {
  outcomes: readonly Outcome[]
  ms: number
  notes: readonly string[]
}

/**
 * waiting: no test has been started, and no report has heard of the run; telling: reports hear of every outcome;
 * interrupted: as telling, but tests that break from now on do not count, since what they need is being ended; ended:
 * every report has been told the end.
 */
type State = 'waiting' | 'telling' | 'interrupted' | 'ended'

/** How often the reports write down what is known. */
const WRITE_MS = 1000

/** What a run is, known before its first test. */
export interface RunStart {
  listeners: readonly Listener[]
  run: Run
  /** The tests that are played, where not all of their files are. */
  planned?: readonly PlannedTest[]
  earlier?: EarlierPart
  /** Failures that count as known. */
  known?: KnownFailures
}

/** A reporter of vitest that tells listeners what came of every test. */
export class Recorder implements Reporter {
  readonly outcomes: Outcome[] = []
  readonly #target: TargetEvents
  readonly #ids = idsOfRun()
  readonly #progress = new Progress()
  #state: State = 'waiting'
  #start: RunStart | undefined
  #begun = 0
  #timer: NodeJS.Timeout | undefined
  /** How many outcomes have been written. */
  #written = 0

  constructor(target: TargetEvents) {
    this.#target = target
  }

  /** Says what the run is; to be called before vitest starts. */
  expect(start: RunStart): void {
    this.#start = start
    if (start.planned) this.#progress.plan(start.planned)
  }

  get #listeners(): readonly Listener[] {
    return this.#start?.listeners ?? []
  }

  /** From now on tests that break are not counted; where none has been started, none will be told of. */
  interrupt(): void {
    if (this.#state === 'telling') this.#state = 'interrupted'
    if (this.#state === 'waiting') this.#state = 'ended'
  }

  /** Whether there is something that was not played. */
  get isIncomplete(): boolean {
    return this.#progress.unplayed().length > 0
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    if (this.#state !== 'waiting') return
    this.#begun = Date.now()
    for (const { moduleId } of specifications) this.#progress.expectFile(relative(root, moduleId))
    this.#state = 'telling'
    for (const listener of this.#listeners) {
      listener.start?.(this.#start!.run)
      listener.files?.(this.#progress.files)
    }
    for (const outcome of this.#start!.earlier?.outcomes ?? []) {
      this.#ids.claim(idOf(outcome), `${outcome.file} > ${outcome.name}`)
      this.#add(outcome)
    }
    this.#write()
    this.#timer = setInterval(() => {
      if (this.outcomes.length > this.#written) this.#write()
    }, WRITE_MS).unref()
  }

  onTestModuleCollected({ relativeModuleId: file, children }: TestModule): void {
    this.#progress.load(file, children.allTests())
  }

  onTestModuleEnd({ relativeModuleId: file }: TestModule): void {
    if (this.#state !== 'telling') return
    this.#progress.endFile(file)
    for (const listener of this.#listeners) listener.fileEnds?.(file)
  }

  onTestCaseReady(test: TestCase): void {
    for (const listener of this.#listeners) listener.begins?.(test.name)
  }

  onTestCaseResult(test: TestCase): void {
    if (this.#state === 'ended' || this.#progress.isPlayed(test) || !this.#progress.isPlanned(test)) return
    // What vitest cancels it calls skipped.
    if (this.#state === 'interrupted' && !test.meta().report) return
    const outcome = outcomeOfTest(test, this.#ids)
    this.#progress.play(test, this.#counts(outcome))
    if (this.#counts(outcome)) this.#tell(outcome)
  }

  /** Called by vitest, or before it by whoever has interrupted the run; the second call does nothing. */
  async onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): Promise<void> {
    if (this.#state === 'waiting' || this.#state === 'ended') return
    const isInterrupted = this.#state === 'interrupted'
    clearInterval(this.#timer)
    for (const module of modules) {
      if (!isInterrupted) for (const test of module.children.allTests()) this.onTestCaseResult(test)
      const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors())
      for (const error of [...module.errors(), ...suites]) this.#tellError(module.relativeModuleId, error)
    }
    // Of processes, not of files; whose fault it is cannot be told.
    for (const error of errors) this.#tellError('suites', error, 'sequence')
    this.#state = 'ended'
    for (const outcome of await this.#target.outcomes(isInterrupted)) {
      const { suite, file, name, why } = outcome
      const { id } = this.#ids.claim(idOf(outcome), `${file} > ${name} ${why}`)
      this.#tell({ ...outcome, test: id.slice(suite.length + 1) })
    }
    const all = this.#write(isInterrupted)
    for (const listener of this.#listeners) await listener.end?.(...all)
  }

  #counts({ verdict }: Outcome): boolean {
    return this.#state !== 'interrupted' || verdict !== 'broken'
  }

  #tell(outcome: Outcome): void {
    const { run, known } = this.#start!
    const told = withCause(outcome, run)
    this.#add(known ? known.judge(told) : told)
  }

  #add(outcome: Outcome): void {
    this.outcomes.push(outcome)
    for (const listener of this.#listeners) listener.result?.(outcome)
  }

  #tellError(file: string, error: SerializedError, layer?: Outcome['layer']): void {
    const outcome = outcomeOfError(file, error, this.#ids, layer)
    if (this.#counts(outcome)) this.#tell(outcome)
  }

  /** Has the reports write down what is known, and gives what they are told. */
  #write(interrupted = this.#state === 'interrupted'): [readonly Outcome[], RunEnding] {
    const { earlier, known } = this.#start!
    const { ms = 0, notes = [] } = earlier ?? {}
    const ending = {
      interrupted,
      unplayed: this.#progress.unplayed(),
      ms: ms + Date.now() - this.#begun,
      notes: [...notes, ...this.#target.notes(), ...(this.#state === 'ended' ? (known?.notes() ?? []) : [])],
    }
    const sorted = this.outcomes.toSorted(byFile)
    for (const listener of this.#listeners) listener.write?.(sorted, ending)
    this.#written = this.outcomes.length
    return [sorted, ending]
  }
}
