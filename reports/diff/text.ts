/** A comparison for a person. */
import { oneLine } from '../../harness/process/visible.ts'
import { grouped, many } from '../run/words.ts'
import { kinds, type Change, type Kind } from './change.ts'
import type { Diff } from './diff.ts'
import type { Side } from './side.ts'

/** What the kinds are called where there are several of one. */
export const headings: Readonly<Record<Kind, string>> = {
  regression: 'regressions',
  lost: 'lost',
  untold: 'not told',
  progression: 'progressions',
  drift: 'drifts',
  gained: 'gained',
}

/** Changes of one kind that are shown; JSON and the page have them all. */
const MOST = 12
/** Tests that are named. */
const MOST_TESTS = 3

export const sideInWords = ({ name, host, release, missing }: Side): string =>
  `${name === host.name ? '' : `${name}: `}${host.name}, Linux ${host.kernel.unameR} judged as ${release}`
  + (missing === undefined ? '' : `; incomplete: ${missing}`)

/** How it was and is: `-ENOENT (unknown feature) -> -EINVAL (not offered)`. */
const wasAndIs = ({ a, b }: Change): string => `${a ?? 'absent'} => ${b ?? 'absent'}`

const testsInWords = (tests: readonly string[]): string =>
  tests.slice(0, MOST_TESTS).join(', ') + (tests.length > MOST_TESTS ? ` and ${tests.length - MOST_TESTS} more` : '')

const changeLines = (change: Change): string[] => {
  const { what, rule, times, trace, tests, kind } = change
  return [
    `  ${oneLine(what)}: ${oneLine(wasAndIs(change))}${times > 1 ? `, ${grouped(times)} times` : ''}`,
    ...(rule === undefined ? [] : [`      rule: ${rule}`]),
    ...(tests === undefined ? [] : [`      in: ${oneLine(testsInWords(tests))}`]),
    ...(trace === undefined || kind === 'drift' ? [] : trace.split('\n').map((line) => `      ${oneLine(line)}`)),
  ]
}

/** The text, with a heading and a number for each kind. */
export const diffText = ({ a, b, changes, lists, tests }: Diff): string => {
  const of = (kind: Kind) => changes.filter((change) => change.kind === kind)
  return [
    `A            ${oneLine(sideInWords(a))}`,
    `B            ${oneLine(sideInWords(b))}`,
    `compared     ${many(lists, 'list')} of calls${tests > 0 ? `, ${many(tests, 'test')}` : ''}, and the hosts`,
    ...kinds.flatMap((kind) => {
      const own = of(kind)
      const more = own.length - MOST
      return [
        '',
        `${headings[kind].padEnd(13)}${grouped(own.length)}`,
        ...own.slice(0, MOST).flatMap(changeLines),
        ...(more > 0 ? [`  and ${grouped(more)} more, which --json and --page have`] : []),
      ]
    }),
    '',
  ].join('\n')
}
