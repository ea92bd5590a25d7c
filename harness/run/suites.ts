/** The suites, run by vitest in this process. */
import { availableParallelism } from 'node:os'
import { Writable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { createVitest, type Reporter, type Vitest } from 'vitest/node'
import { namesOf, suiteId, testId } from '../../reports/run/ids.ts'
import { ENDING } from '../process/at-end.ts'
import { UserError } from '../process/user-error.ts'
import { root } from '../process/root.ts'
import { quoted } from '../process/visible.ts'

/** The files that ask a kernel. */
export const conformanceSuites = ['suites/{ordered,laws,any-order}/**/*.test.ts']
/** With them those that test this project itself, but for what takes minutes, which has a name of its own. */
export const everySuite = ['suites/**/!(*.long).test.ts']
export const longSuites = ['suites/**/*.long.test.ts']

/** A test as it is found, before it is played. */
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
}

// Vitest says nothing itself; all that is worth saying comes through the reporters.
const silence = () => new Writable({ write: (_chunk, _encoding, done) => done() })

/** Vitest over files that match `include`, without a word of its own. */
export const vitestOver = async (include: readonly string[], reporters: Reporter[]): Promise<Vitest> => {
  const before = new Map(ENDING.map((name) => [name, process.listeners(name)]))
  // The other loader writes beside the configuration, which a checkout of somebody else's does not allow.
  const options = {
    root,
    configLoader: 'runner' as const,
    watch: false,
    allowOnly: false,
    include: [...include],
    reporters,
    // Tests of this project itself wait for other processes most of the time.
    ...(isDeepStrictEqual([...include], everySuite) && { maxWorkers: Math.max(2, availableParallelism()) }),
  }
  const vitest = await createVitest(
    'test',
    options,
    {},
    { stdout: silence() as NodeJS.WriteStream, stderr: silence() as NodeJS.WriteStream },
  )
  // Its own listeners end the process a millisecond after the signal, without reports.
  for (const [name, own] of before)
    for (const listener of process.listeners(name)) if (!own.includes(listener)) process.off(name, listener)
  return vitest
}

/** Finds all tests without playing any; `unreadable`: files that cannot be loaded, and why. */
const findTests = async (
  include: readonly string[],
): Promise<{ tests: FoundTest[]; unreadable: { file: string; why: string }[] }> => {
  const vitest = await vitestOver(include, [])
  try {
    const { testModules, unhandledErrors } = await vitest.collect()
    const fault = unhandledErrors[0] as { message?: string } | undefined
    if (fault) throw new UserError(`the suites cannot be read: ${fault.message}`)
    const modules = testModules.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1))
    const tests = modules.flatMap(({ moduleId: path, relativeModuleId: file, children }) =>
      [...children.allTests()].map((test): FoundTest => {
        const names = namesOf(test)
        return {
          vitestId: test.id,
          path,
          file,
          id: `${suiteId(file)}_${testId(names)}`,
          name: names.join(' > '),
          names,
        }
      }),
    )
    const unreadable = modules.flatMap((m) =>
      m
        .errors()
        .slice(0, 1)
        .map((e) => ({ file: m.relativeModuleId, why: e.message.split('\n', 1)[0]! })),
    )
    return { tests, unreadable }
  } finally {
    await vitest.close()
  }
}

/**
 * The tests that have `only` in their file, id or name; all of them where it is left out. Throws a UserError where none
 * has, or a file that is asked for cannot be loaded.
 */
export const select = async (include: readonly string[], only = ''): Promise<FoundTest[]> => {
  const { tests, unreadable } = await findTests(include)
  const bad = unreadable.find(({ file }) => file.includes(only))
  if (bad) throw new UserError(`${bad.file} cannot be loaded: ${bad.why}`)
  const found = tests.filter(({ file, id, name }) => [file, id, name].some((text) => text.includes(only)))
  if (found.length === 0)
    throw new UserError(
      only
        ? `--only ${quoted(only)}: no test has that in its file, id or name; --list shows them all`
        : 'there are no suites',
    )
  return found
}
