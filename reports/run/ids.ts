/** Ids by which other tools know a test: made of its file and name alone, so that every run has the same. */
import type { TestCase, TestModule, TestSuite } from 'vitest/node'

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')

/** The id of a suite file, from its path: `suites/ordered/run.test.ts` is `ordered_run`. */
export const suiteId = (path: string): string =>
  path
    .replace(/^.*?suites\//, '')
    .replace(/(\.test)?\.[cm]?[jt]s$/, '')
    .split('/')
    .map(slug)
    .filter(Boolean)
    .join('_') || 'suite'

/**
 * The id of a test within its file, from the names of the blocks around it and its own, outermost first. Has only
 * `[A-Za-z0-9_-]`; never empty.
 */
export const testId = (names: readonly string[]): string => names.map(slug).filter(Boolean).join('_') || 'unnamed'

/** The names of the blocks around a test and its own, outermost first. */
export const namesOf = (test: TestCase): string[] => {
  const names = [test.name]
  for (let at: TestSuite | TestModule = test.parent; at.type === 'suite'; at = at.parent) names.unshift(at.name)
  return names
}

/** Gives out each id once. */
export interface Ids {
  /**
   * Claims an id for a test, said as `file > name`. Where another has it already, the id gets a number, and `clash`
   * says in one line what to do; the same test may claim twice.
   */
  claim(id: string, test: string): { id: string; clash?: string }
}

/** Ids of one run. */
export const idsOfRun = (): Ids => {
  const owners = new Map<string, string>()
  return {
    claim: (id, test) => {
      for (let n = 1; ; n++) {
        const numbered = n === 1 ? id : `${id}-${n}`
        const owner = owners.get(numbered)
        if (owner !== undefined && owner !== test) continue
        owners.set(numbered, test)
        if (n === 1) return { id }
        return { id: numbered, clash: `its id ${id} is taken by ${owners.get(id)!}; rename one of them` }
      }
    },
  }
}
