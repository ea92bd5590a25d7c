/** A fingerprint for a person. */
import { oneLine } from '../../harness/process/visible.ts'
import { print, printAnswer } from '../../harness/table/notation.ts'
import { grouped, many } from '../run/words.ts'
import { candidates } from './candidates.ts'
import type { AnsweredQuestion, Fingerprint } from './fingerprint.ts'
import type { ReleaseQuestion } from './question.ts'

const WIDTH = 13
const fact = (name: string, text: string): string => `${name.padEnd(WIDTH)}${oneLine(text)}`

/** The releases from the first to before the next one that a question tells apart. */
export const likeInWords = ({ like }: Pick<Fingerprint, 'like'>): string => {
  const next = candidates[candidates.indexOf(like.at(-1)!) + 1]
  return `${like[0]}${next === undefined ? ' or later' : ` until ${next}`}`
}

const subjectOf = ({ about: { commit, title, since } }: ReleaseQuestion): string =>
  `${commit === undefined ? `no commit known: ${title}` : `${commit} ${title}`} (${[since].flat().join(', ')})`

/** The trace up to the answer that tells, and the one that was to come. */
const traceLines = ({ question, came, answer }: AnsweredQuestion): string[] => {
  const { calls, having, lacking } = question
  const last = calls.at(-1)!
  const steps = calls.map((call, i) => ({ call, ...(i === calls.length - 1 && answer && { answer }) }))
  const otherAnswers =
    came === 'other'
      ? `${printAnswer(having, last)} with it, ${printAnswer(lacking, last)} without`
      : `${printAnswer(came === 'has' ? lacking : having, last)} ${came === 'has' ? 'without' : 'with'} it`
  return [...print(steps).split('\n'), `# ${otherAnswers}`].map((line) => `      ${oneLine(line)}`)
}

const section = (heading: string, some: readonly AnsweredQuestion[], hasTraces: boolean): string[] => [
  '',
  fact(heading, grouped(some.length)),
  ...some.flatMap((one) => [`  ${oneLine(subjectOf(one.question))}`, ...(hasTraces ? traceLines(one) : [])]),
]

/** Of each change the shortest question. */
const ofEachChange = (all: readonly AnsweredQuestion[]): AnsweredQuestion[] => {
  const shortest = new Map<string, AnsweredQuestion>()
  for (const one of all) {
    const { about, calls } = one.question
    const known = shortest.get(about.commit ?? about.title)
    if (!known || calls.length < known.question.calls.length) shortest.set(about.commit ?? about.title, one)
  }
  return [...shortest.values()]
}

const askedInWords = (asked: readonly AnsweredQuestion[]): string => {
  const named = asked.flatMap(({ question }) => question.about.commit ?? [])
  return `${many(asked.length, 'question')} of what changed, ${named.length} of them about ${many(new Set(named).size, 'commit')}`
}

/**
 * The text; with `isWhole` every change that the kernel has or lacks, not only what is otherwise than in its release.
 */
export const fingerprintText = (fingerprint: Fingerprint, isWhole: boolean): string => {
  const { side, asked, deviations } = fingerprint
  const of = (came: AnsweredQuestion['came']) => ofEachChange(deviations.filter((one) => one.came === came))
  const alike = asked.filter((one) => !deviations.includes(one))
  return [
    fact('target', side.name),
    fact('says it is', `Linux ${side.host.kernel.unameR}, ${side.release}; no answer depends on that`),
    fact('answers like', likeInWords(fingerprint)),
    fact('asked', askedInWords(asked)),
    ...section('carries', of('has'), true),
    ...section('lacks', of('lacks'), true),
    ...section('otherwise', of('other'), true),
    ...(isWhole
      ? [
          ...section('as there: has', ofEachChange(alike.filter(({ came }) => came === 'has')), false),
          ...section('and lacks', ofEachChange(alike.filter(({ came }) => came === 'lacks')), false),
        ]
      : []),
    '',
  ].join('\n')
}
