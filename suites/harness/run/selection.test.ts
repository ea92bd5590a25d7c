/** Which tests --only and --exclude mean. */
import { expect, test } from 'vitest'
import { selected, type Selection } from '../../../harness/run/selection.ts'
import { refusePlace } from '../../../harness/run/suites.ts'

const named = (file: string, id: string, name: string) => ({ file: `suites/${file}.test.ts`, id, name })
const init = named('ordered/init', 'ordered_init_again', 'INIT again')
const longer = named('ordered/init', 'ordered_init_again-after-a-run', 'INIT again after a run')
const law = named('laws/one-reg', 'laws_one-reg_a-register', 'a register reads what was written')
const tests = [init, longer, law]

test.each<[why: string, of: Selection, found: readonly (typeof init)[]]>([
  ['nothing', {}, tests],
  ['a folder', { only: ['ordered/'] }, [init, longer]],
  ['part of a name', { only: ['INIT'] }, [init, longer]],
  ['a whole id, with which another begins', { only: ['ordered_init_again'] }, [init]],
  ['a whole name', { only: ['INIT again'] }, [init]],
  ['several texts, in the order of the tests', { only: ['laws_', 'after a run'] }, [longer, law]],
  ['a text with an asterisk', { only: ['INIT*run'] }, [longer]],
  ['an asterisk beside what a pattern would take for its own', { only: ['a.*'], exclude: [] }, []],
  ['all but some', { exclude: ['again'] }, [law]],
  ['some but some of them', { only: ['INIT'], exclude: ['after*'] }, [init]],
])('%s', (_, selection, found) => {
  if (found.length > 0) expect(selected(tests, selection)).toEqual(found)
  else expect(() => selected(tests, selection)).toThrow('no test has that')
})

test.each<[Selection, string]>([
  [{ only: ['INIT', 'xyzzy'] }, '--only "xyzzy": no test has that in its file, id or name; --list shows them all'],
  [{ exclude: ['xyzzy'] }, '--exclude "xyzzy": no test has that in its file, id or name; --list shows them all'],
  [{ only: ['INIT'], exclude: ['ordered'] }, '--exclude leaves no test to play'],
])('%j is refused', (selection, why) => {
  expect(() => selected(tests, selection)).toThrow(why)
})

test('a folder from which vitest loads nothing is told in one line', () => {
  expect(() => refusePlace('/home/x/')).not.toThrow()
  for (const path of ['/home/c#/', '/home/why?/'])
    expect(() => refusePlace(path)).toThrow(
      `${path}: vitest loads no suites from a folder with # or ? in its path; move the project`,
    )
})
