/**
 * From behaviour alone: which release a kernel answers like, and which changes it has that this one has not, or lacks.
 */
import { measured, type Release } from '../../harness/model/release.ts'
import type { Answer, Call } from '../../harness/model/call.ts'
import type { Host } from '../../harness/model/host.ts'
import { turns } from '../../harness/oracle/turns.ts'
import { printCall } from '../../harness/table/notation.ts'
import { boot } from '../../harness/table/rules.ts'
import { playPatiently, type Side } from '../diff/side.ts'
import { candidates } from './candidates.ts'
import { changeQuestions, erratumQuestions } from './from-changes.ts'
import { ruleQuestions } from './from-rules.ts'
import { isSame, type ReleaseQuestion } from './question.ts'

/** has, lacks: it answers as kernels do that have the change, or lack it. other: as neither does. */
export interface AnsweredQuestion {
  question: ReleaseQuestion
  came: 'has' | 'lacks' | 'other'
  answer?: Answer
}

export interface Fingerprint {
  side: Side
  asked: AnsweredQuestion[]
  /** The releases that the kernel contradicts least, oldest first; of equal ones all. */
  like: Release[]
  /** What is otherwise than in those releases. */
  deviations: AnsweredQuestion[]
}

/** The host without what it says of its kernel, so that nothing is taken from there. */
const anonymous = (host: Host): Host => ({
  ...host,
  kernel: { release: measured[0], unameR: '', unameV: '', machine: host.kernel.machine },
})

/** What the table of the side's host says to the last call. */
const toldLast = ({ host, release }: Side, calls: readonly Call[]) =>
  [...turns(boot(host, release), calls)].at(-1)!.table

/** Whether it is the table that answers, always alike, and it does not know what is read last. */
const isUnknown = (side: Side, calls: readonly Call[]): boolean => {
  if (side.again) return false
  const last = toldLast(side, calls)
  return last.isGuess === true || last.varies === true
}

/** Whether the host lacks what the last call is about, so that it answers neither way. */
const lacksIt = (side: Side, calls: readonly Call[]): boolean => toldLast(side, calls).refusal?.lacks !== undefined

/** Undefined where the host cannot be asked. */
const ask = async (side: Side, question: ReleaseQuestion): Promise<AnsweredQuestion | undefined> => {
  const { calls, having, lacking, prepared = [] } = question
  if (isUnknown(side, calls)) return undefined
  const { answers } = await playPatiently(side, calls)
  if (prepared.some((said, i) => (said ? !isSame(answers[i]!, said) : answers[i]!.ret < 0))) return undefined
  const answer = answers[calls.length - 1]
  if (!answer) return { question, came: 'other' }
  const came = isSame(answer, having) ? 'has' : isSame(answer, lacking) ? 'lacks' : 'other'
  return came === 'other' && lacksIt(side, calls) ? undefined : { question, came, answer }
}

/** Undefined where nobody can tell what a kernel of that release answers. */
const agrees = ({ question, came }: AnsweredQuestion, release: Release): boolean | undefined => {
  const had = question.isHad(release)
  return came === 'other' || had === undefined ? undefined : had === (came === 'has')
}

/** Those that are contradicted least, and of them those that are confirmed most. */
const bestOf = (asked: readonly AnsweredQuestion[]): Release[] => {
  const scored = candidates.map((release) => {
    const told = asked.map((one) => agrees(one, release))
    return {
      release,
      against: told.filter((agreed) => agreed === false).length,
      for: told.filter((agreed) => agreed === true).length,
    }
  })
  const least = Math.min(...scored.map(({ against }) => against))
  const fewest = scored.filter(({ against }) => against === least)
  const most = Math.max(...fewest.map((one) => one.for))
  return fewest.filter((one) => one.for === most).map(({ release }) => release)
}

const keyOf = ({ calls, having, lacking }: ReleaseQuestion): string =>
  `${printCall(calls.at(-1)!)} ${having.ret} ${lacking.ret}`

/** Without those that ask what another asks which names the same commit, or which alone names one. */
const withoutDoubles = (all: readonly AnsweredQuestion[]): AnsweredQuestion[] => {
  const named = new Map<string, string[]>()
  return all
    .toSorted((a, b) => Number(b.question.about.commit !== undefined) - Number(a.question.about.commit !== undefined))
    .filter(({ question }) => {
      const { commit } = question.about
      const known = named.get(keyOf(question)) ?? []
      if (commit !== undefined) named.set(keyOf(question), [...known, commit])
      return commit === undefined ? known.length === 0 : !known.includes(commit)
    })
}

/** Asks the kernel everything that tells releases apart on such a host. */
export const fingerprintOf = async (side: Side): Promise<Fingerprint> => {
  const host = anonymous(side.host)
  const all = async (questions: readonly ReleaseQuestion[]) =>
    (await Promise.all(questions.map((question) => ask(side, question)))).filter((one) => one !== undefined)
  const first = await all([...changeQuestions(), ...(await ruleQuestions(host))])
  const [base = measured[0]] = bestOf(first)
  const asked = withoutDoubles([...first, ...(await all(erratumQuestions(host, base)))])
  const like = bestOf(asked)
  const deviations = asked.filter((one) => one.came === 'other' || agrees(one, like.at(-1)!) === false)
  return { side, asked, like, deviations }
}
