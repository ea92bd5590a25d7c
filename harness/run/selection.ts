/** Which tests a run is of: what `--only` and `--exclude` ask for. */
import { isIn } from '../process/text-pattern.ts'
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'

export interface Selection {
  /** Only tests that one of these texts means; all where there is none. */
  only?: readonly string[] | undefined
  /** None of those that one of these means. */
  exclude?: readonly string[] | undefined
}

/** By what a text can mean a test. */
export interface Named {
  file: string
  id: string
  name: string
}

/** The tests that `text` means: that of which it is the whole id or name, else all that have it in file, id or name. */
const meantBy = <Test extends Named>(tests: readonly Test[], text: string, option: string): Test[] => {
  const itself = tests.filter(({ id, name }) => id === text || name === text)
  if (itself.length > 0) return itself
  const has = isIn(text)
  const found = tests.filter(({ file, id, name }) => has(file) || has(id) || has(name))
  if (found.length === 0)
    throw new UserError(`${option} ${quoted(text)}: no test has that in its file, id or name; --list shows them all`)
  return found
}

/**
 * Those of `tests` that are selected, in their order. Throws a UserError for a text that means no test, and where no
 * test is left.
 */
export const selected = <Test extends Named>(
  tests: readonly Test[],
  { only = [], exclude = [] }: Selection,
): readonly Test[] => {
  const wanted = new Set(only.flatMap((text) => meantBy(tests, text, '--only')))
  const unwanted = new Set(exclude.flatMap((text) => meantBy(tests, text, '--exclude')))
  const left = tests.filter((test) => (only.length === 0 || wanted.has(test)) && !unwanted.has(test))
  if (left.length === 0)
    throw new UserError(exclude.length > 0 ? '--exclude leaves no test to play' : 'there are no suites')
  return left
}
