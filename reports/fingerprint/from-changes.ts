/** Questions about changes whose commits are known: those of fixtures/changes.ts, and bugs and their fixes. */
import { changes } from '../../fixtures/changes.ts'
import { errata } from '../../fixtures/errata.ts'
import type { AbiChange, ShownBy } from '../../harness/model/abi-change.ts'
import type { Answer, Call, Step } from '../../harness/model/call.ts'
import type { Host } from '../../harness/model/host.ts'
import { holdsIn, measured, reached, type Release } from '../../harness/model/release.ts'
import { answersIn } from '../../harness/oracle/mock.ts'
import { withCreations } from '../../harness/table/creations.ts'
import { affects, brokenRules, type Erratum } from '../../harness/table/errata.ts'
import { parse } from '../../harness/table/notation.ts'
import { boot, type RuledWorld } from '../../harness/table/rules.ts'
import { differ, type ReleaseQuestion } from './question.ts'

const stepsOf = (trace: string): Step[] => withCreations(parse(trace))

const ofChange = ({ commit, title, since }: AbiChange, { trace, otherwise, without }: ShownBy): ReleaseQuestion => {
  const steps = stepsOf(trace)
  const lacking = stepsOf(trace.replace(/-> .*$/, `-> ${otherwise}`)).at(-1)!.answer!
  return {
    about: { commit, title, since },
    calls: steps.map(({ call }) => call),
    prepared: steps.slice(0, -1).map(({ answer }) => answer),
    having: steps.at(-1)!.answer!,
    lacking,
    isHad: (release) => (without ? !holdsIn(release, without) : reached(release, since)),
  }
}

const lastAnswer = (world: RuledWorld, calls: readonly Call[]): Answer => answersIn(world, calls).at(-1)!

/** The last answer of a kernel of `release` with the bug; undefined where such a table has nothing of it. */
const brokenAnswer = (erratum: Erratum, host: Host, release: Release, calls: readonly Call[]): Answer | undefined => {
  try {
    return lastAnswer(boot(host, release, brokenRules(erratum, release)), calls)
  } catch {
    return undefined
  }
}

/** Of a bug that older rows of the table have: what the newest measured release with it answers, and the next one. */
const recordedAnswers = (erratum: Erratum, host: Host, calls: readonly Call[]): [Answer, Answer] | undefined => {
  const before = measured.findLast((release) => affects(erratum, release))
  const after = before && measured[measured.indexOf(before) + 1]
  return before && after && [lastAnswer(boot(host, after), calls), lastAnswer(boot(host, before), calls)]
}

/** What the log tells needs no question, and what no release had or nobody has fixed tells no releases apart. */
const isAskable = ({ log, isRecorded, since, fixed, trace }: Erratum): boolean =>
  (log === undefined || isRecorded === true)
  && fixed !== undefined
  && since !== fixed
  && parse(trace).at(-1)!.answer !== undefined

const ofErratum = (erratum: Erratum, host: Host, base: Release): ReleaseQuestion[] => {
  const calls = stepsOf(erratum.trace).map(({ call }) => call)
  const broken = erratum.isRecorded ? undefined : brokenAnswer(erratum, host, base, calls)
  const [having, lacking] = erratum.isRecorded
    ? (recordedAnswers(erratum, host, calls) ?? [])
    : [lastAnswer(boot(host, base), calls), broken]
  if (!having || !lacking || !differ(having, lacking)) return []
  const { commit, title, fixed } = erratum
  return [
    { about: { commit, title, since: fixed! }, calls, having, lacking, isHad: (release) => !affects(erratum, release) },
  ]
}

/** Questions about the changes that fixtures/changes.ts has. */
export const changeQuestions = (): ReleaseQuestion[] =>
  changes.flatMap((change) => (change.shown ?? []).map((by) => ofChange(change, by)))

/** Questions about bugs that can be asked of such a host; `base`: the release whose rules it answers by. */
export const erratumQuestions = (host: Host, base: Release): ReleaseQuestion[] =>
  errata.filter(isAskable).flatMap((erratum) => ofErratum(erratum, host, base))
