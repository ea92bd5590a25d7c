/** The suites, run by vitest in this process. */
import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { Writable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import type { Reporter, TestModule, TestRunResult, TestSpecification, Vitest } from 'vitest/node'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { namesOf, suiteId, testId } from '../../reports/run/ids.ts'
import { speaking, spokenBy } from '../dialects/index.ts'
import type { Dialect } from '../model/dialect.ts'
import type { Host } from '../model/host.ts'
import { defaults, exportSettings } from '../model/settings.ts'
import { ENDING } from '../process/at-end.ts'
import { root } from '../process/root.ts'
import { UserError } from '../process/user-error.ts'
import { candidates } from './candidates.ts'
import { selected, type Selection } from './selection.ts'

/** The files that ask a kernel. */
export const conformanceSuites = ['suites/{ordered,laws,any-order}/**/*.test.ts']
/** Those of them that notice most for their time: no laws, and no sweep over all registers. */
export const fastSuites = ['suites/ordered/**/*.test.ts', 'suites/any-order/{any-order,traces}.test.ts']
/** Those of the dialect that a target speaks; they declare nothing for what shipped. */
const proposedSuites = ['suites/proposed/**/*.test.ts']
/** With them those that test this project itself, but for what takes minutes, which has a name of its own. */
export const everySuite = ['suites/!(proposed)/**/!(*.long).test.ts']
export const longSuites = ['suites/**/*.long.test.ts']

/**
 * A test as it is found, before it is played. `isDivided`: each shard of a run plays it, with a part of what it draws.
 */
export interface FoundTest {
  /** Vitest's own id. */
  vitestId: string
  /** The absolute path of its file. */
  path: string
  file: string
  id: string
  name: string
  /** The names of the blocks around it and its own. */
  names: string[]
  isDivided?: true
}

/** What is to be played: these tests, or every test of these files (absolute paths). */
export type Plan = { tests: readonly FoundTest[] } | { files: readonly string[] }

// Vitest says nothing itself; all that is worth saying comes through the reporters.
const silence = () => new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream

const testsOf = ({ moduleId: path, relativeModuleId: file, children }: TestModule): FoundTest[] =>
  [...children.allTests()].map((test) => {
    const names = namesOf(test)
    const isDivided = test.meta().isDivided
    const id = `${suiteId(file)}_${testId(names)}`
    return { vitestId: test.id, path, file, id, name: names.join(' > '), names, ...(isDivided && { isDivided }) }
  })

/** Throws a UserError where a file that is asked for cannot be loaded. */
const refuseUnreadable = (module: TestModule, { only = [''] }: Selection): void => {
  const { relativeModuleId: file } = module
  const [error] = module.errors()
  const isAsked = only.some((text) => file.includes(text) || `${suiteId(file)}_`.includes(text))
  if (error && isAsked) throw new UserError(`${file} cannot be loaded: ${error.message.split('\n', 1)[0]!}`)
}

/** Throws a UserError where the project lies in a folder `path` from which vitest loads nothing. */
export const refusePlace = (path: string): void => {
  if (/[#?]/.test(path))
    throw new UserError(`${path}: vitest loads no suites from a folder with # or ? in its path; move the project`)
}

/** While vitest starts nothing has begun that could be ended better. */
const endAtOnce = (_name: string, number: number): never => process.exit(128 + number)

/** Starts vitest over the files that match `include`, without a word of its own. */
const quietVitest = async (include: readonly string[], reporter: Reporter): Promise<Vitest> => {
  refusePlace(root)
  // It takes its time to load, and what can be refused without it need not wait.
  const { createVitest } = await import('vitest/node')
  const before = new Map(ENDING.map((name) => [name, process.listeners(name)]))
  const options = {
    root,
    // The other loader writes beside the configuration, which a checkout of somebody else's does not allow.
    configLoader: 'runner' as const,
    watch: false,
    allowOnly: false,
    include: [...include],
    reporters: [reporter],
    // Tests of this project itself wait for other processes most of the time.
    ...(isDeepStrictEqual([...include], everySuite) && { maxWorkers: availableParallelism() + 1 }),
    ...(isDeepStrictEqual([...include], longSuites) && { maxWorkers: availableParallelism() }),
  }
  // Its own listeners end the process a millisecond after the signal, without reports, and with a status of their own.
  for (const name of ENDING) process.on(name, endAtOnce)
  try {
    return await createVitest('test', options, {}, { stdout: silence(), stderr: silence() })
  } finally {
    for (const [name, own] of before)
      for (const listener of process.listeners(name)) if (!own.includes(listener)) process.off(name, listener)
  }
}

/** The suites of one run: found, then played. */
export class Suites {
  readonly #vitest: Vitest
  readonly #dialect: Dialect | undefined

  private constructor(vitest: Vitest, dialect: Dialect | undefined) {
    this.#vitest = vitest
    this.#dialect = dialect
  }

  /**
   * Opens those in files that match `include` (globs from the project's root), with those of the dialect that the
   * target speaks; `reporter` hears how they are played.
   */
  static async open(include: readonly string[], target: string, reporter: Reporter = {}): Promise<Suites> {
    const dialect = spokenBy(target)
    return new Suites(await quietVitest(dialect ? [...include, ...proposedSuites] : include, reporter), dialect)
  }

  /**
   * The tests that are selected. None is played. Throws a UserError where there is none, or a file that is asked for
   * cannot be loaded.
   */
  async find(selection: Selection = {}): Promise<readonly FoundTest[]> {
    return this.#collect(candidates(await this.#files(), selection).files, selection)
  }

  /** The same as what can be played; files whose tests are all selected are not loaded to find that out. */
  async plan(selection: Selection): Promise<Plan> {
    const { files, isWhole } = candidates(await this.#files(), selection)
    return isWhole && files.length > 0
      ? { files: files.map(({ path }) => path) }
      : { tests: await this.#collect(files, selection) }
  }

  /** Plays what is planned on a target of that host. */
  async play(plan: Plan, host: Host): Promise<void> {
    this.#vitest.provide('host', host)
    const project = this.#vitest.getRootProject()
    const chosen = new Map<string, string[]>()
    if ('tests' in plan)
      for (const { path, vitestId } of plan.tests) chosen.set(path, [...(chosen.get(path) ?? []), vitestId])
    const specifications =
      'tests' in plan
        ? [...chosen].map(([path, testIds]) => project.createSpecification(path, { testIds }))
        : plan.files.map((path) => project.createSpecification(path))
    await this.#vitest.standalone()
    await this.#vitest.runTestSpecifications(specifications)
  }

  /** Lets no further test begin; resolves when those that are being played have ended. */
  async cancel(): Promise<void> {
    await this.#vitest.cancelCurrentRun('keyboard-input')
  }

  /** The files as far as they were played. */
  played(): TestModule[] {
    return this.#vitest.state.getTestModules()
  }

  async close(): Promise<void> {
    await this.#vitest.close()
  }

  async #files(): Promise<{ path: string; file: string; specification: TestSpecification }[]> {
    const all = await this.#vitest.globTestSpecifications()
    return all.map((specification) => {
      const path = specification.moduleId
      return { path, file: relative(root, path), specification }
    })
  }

  /** Loads the files and gives those of their tests that are selected. */
  async #collect(
    files: readonly { specification: TestSpecification }[],
    selection: Selection,
  ): Promise<readonly FoundTest[]> {
    // Tests are the same whatever the target, but for those of a dialect, so that looking for them needs none.
    exportSettings(defaults)
    this.#vitest.provide('host', this.#dialect ? speaking(hostNamed(), this.#dialect) : hostNamed())
    const { testModules, unhandledErrors }: TestRunResult = await this.#vitest.collectTests(
      files.map(({ specification }) => specification),
    )
    const fault = unhandledErrors[0] as { message?: string } | undefined
    if (fault) throw new UserError(`the suites cannot be read: ${fault.message}`)
    const modules = testModules.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1))
    for (const module of modules) refuseUnreadable(module, selection)
    return selected(modules.flatMap(testsOf), selection)
  }
}
