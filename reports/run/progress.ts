/** How far a run has come: which tests of which files have their outcome. */
import type { TestCase } from 'vitest/node'
import { namesOf, suiteId, testId } from './ids.ts'
import type { Unplayed } from './listener.ts'

/** A test of the run as it is known before it is played; `vitestId` is vitest's own. */
export interface PlannedTest {
  vitestId: string
  file: string
  names: string[]
}

type Named = { test: string; name: string }

interface File {
  /** By vitest's id; absent until the file is loaded, where its tests are not planned. */
  tests?: ReadonlyMap<string, Named>
  isEnded?: true
}

const named = (names: string[]): Named => ({ test: testId(names), name: names.join(' > ') })

export class Progress {
  readonly #files = new Map<string, File>()
  /** By vitest's id: whether what came of it counts. */
  readonly #played = new Map<string, boolean>()
  #planned: readonly PlannedTest[] | undefined
  #plannedIds = new Set<string>()

  /** Only these tests are to be played. */
  plan(tests: readonly PlannedTest[]): void {
    this.#planned = tests
    this.#plannedIds = new Set(tests.map((test) => test.vitestId))
  }

  /** Whether the test is to be played. */
  isPlanned(test: TestCase): boolean {
    return this.#planned === undefined || this.#plannedIds.has(test.id)
  }

  /** The file will be played. */
  expectFile(file: string): void {
    const tests = this.#planned?.filter((test) => test.file === file)
    this.#files.set(file, tests ? { tests: new Map(tests.map(({ vitestId, names }) => [vitestId, named(names)])) } : {})
  }

  /** The file has been loaded and has these tests. */
  load(file: string, tests: Iterable<TestCase>): void {
    const planned = [...tests].filter((test) => this.isPlanned(test))
    this.#files.set(file, { tests: new Map(planned.map((test) => [test.id, named(namesOf(test))])) })
  }

  endFile(file: string): void {
    this.#files.set(file, { ...this.#files.get(file), isEnded: true })
  }

  get files(): readonly string[] {
    return [...this.#files.keys()]
  }

  /** The test was played; `counts`: it has its outcome. */
  play(test: TestCase, counts: boolean): void {
    this.#played.set(test.id, counts)
  }

  isPlayed(test: TestCase): boolean {
    return this.#played.has(test.id)
  }

  unplayed(): Unplayed[] {
    return [...this.#files].flatMap(([file, { tests, isEnded }]) => {
      const left = tests && [...tests].filter(([id]) => !this.#played.get(id)).map(([, test]) => test)
      return isEnded || left?.length === 0 ? [] : [{ file, suite: suiteId(file), ...(left && { tests: left }) }]
    })
  }
}
