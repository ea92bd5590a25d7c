/** Lists of calls that both sides played: the first call of each that they answered differently. */
import { ioctlsOf } from '../../harness/dialects/index.ts'
import type { Answer, Call } from '../../harness/model/call.ts'
import { faultIn } from '../../harness/model/kernel-log.ts'
import type { Playing } from '../../harness/model/kernel.ts'
import { judged } from '../../harness/oracle/judge.ts'
import { opinionOf, type Opinion } from '../../harness/oracle/oracle.ts'
import { turns, type Turn } from '../../harness/oracle/turns.ts'
import { deciding } from '../../harness/oracle/coverage.ts'
import { printReply, print } from '../../harness/table/notation.ts'
import { boot, type RuledWorld } from '../../harness/table/rules.ts'
import { subjectOf } from '../run/cause.ts'
import type { Change, Kind } from './change.ts'
import type { List, Side } from './side.ts'

/** A turn of one side, in its own world. */
interface Told {
  world: RuledWorld
  turn: Turn
  opinion: Opinion
}

function* told({ host, release }: Side, { calls }: List, { answers }: Playing): Generator<Told, void, undefined> {
  const world = boot(host, release)
  for (const turn of turns(world, calls.slice(0, answers.length), answers))
    yield { world, turn, opinion: opinionOf(world, turn.call, turn.table, turn.answer) }
}

const isSame = (a: Told, b: Told): boolean => {
  const [x, y] = [a.turn.answer, b.turn.answer]
  if (x.ret !== y.ret) return false
  const varies = [a, b].some(({ turn }) => turn.table.varies || turn.table.isGuess)
  return varies || x.value === undefined || y.value === undefined || x.value === y.value
}

const kindOf = (a: Opinion, b: Opinion): Kind => {
  const [wasWrong, isWrong] = [a, b].map(({ verdict }) => verdict === 'violates')
  return wasWrong === isWrong ? 'drift' : isWrong ? 'regression' : 'progression'
}

/** The answer with its rule; without its value where the other side has none, so that what is alike stays so. */
const inWords = ({ turn: { call, answer }, opinion }: Told, other: Answer): string => {
  const withoutValue: Answer = other.ret === answer.ret ? answer : { ret: answer.ret }
  return printReply(withoutValue, call, 'why' in opinion ? opinion.why : undefined)
}

/** The call: where a rule says what it is about, its ioctl is enough. */
const whatOf = (a: Told, b: Told): string =>
  [a, b].some(({ opinion }) => 'why' in opinion && opinion.why !== undefined)
    ? a.turn.call.ioctl.name
    : subjectOf(a.turn)

/** The row that decided, where the answer is the one of the table. */
const ruleOf = ({ world, turn, opinion }: Told): string | undefined =>
  opinion.verdict === 'conforms' ? deciding(world, turn.call, turn.table)?.id : undefined

const endingOf = ({ outcome, log }: Playing): string | undefined => {
  const fault = faultIn(log)
  if (fault !== undefined) return `kernel log: ${fault.replace(/^\d+,/, '')}`
  return outcome === 'done' ? undefined : outcome
}

/** Whether the agent or its machine was lost, or took too long: nothing is known of the kernel then. */
const isBroken = ({ host, release }: Side, { calls }: List, playing: Playing): boolean =>
  playing.outcome !== 'done' && judged(host, release, calls, playing).verdict === 'broken'

/** How the endings differ, where all answers are the same. */
const endings = (sideA: Side, sideB: Side, list: List, a: Playing, b: Playing): Change[] => {
  const [was, is] = [endingOf(a), endingOf(b)]
  const isUntold = isBroken(sideB, list, b)
  if (was === is && !isUntold) return []
  const last = list.calls[Math.min(a.answers.length, b.answers.length, list.calls.length - 1)]!
  const kind: Kind = isUntold
    ? 'untold'
    : is !== undefined
      ? 'regression'
      : isBroken(sideA, list, a)
        ? 'gained'
        : 'progression'
  const trace = print(list.calls.map((call) => ({ call })))
  return [
    {
      kind,
      what: last.ioctl.name,
      a: was ?? 'done',
      b: is ?? 'done',
      times: 1,
      trace,
      tests: [...list.tests],
    },
  ]
}

/** What came before, and the call with the answer of B. */
const traceOf = (b: readonly Told[]): string =>
  print(
    b.map(({ turn: { call, answer }, opinion }) => ({
      call,
      answer,
      ...('why' in opinion && opinion.why !== undefined && { why: opinion.why }),
    })),
  )

/** Whether the answers are those of a bug that the recorded kernel has as well, where the table answers for it. */
const isKnownOf = ({ isTable, host, release }: Side, { calls }: List, playing: Playing): boolean =>
  isTable === true && judged(host, release, calls, playing).verdict === 'known'

/** The first difference of one list; none where both answer alike, or would if the table had the bugs of its kernel. */
const listChanges = (a: Side, b: Side, list: List, onA: Playing, onB: Playing): Change[] => {
  if (isKnownOf(a, list, onB) || isKnownOf(b, list, onA)) return []
  const [left, right] = [told(a, list, onA), told(b, list, onB)]
  const before: Told[] = []
  for (;;) {
    const [x, y] = [left.next().value, right.next().value]
    if (!x || !y) return endings(a, b, list, onA, onB)
    before.push(y)
    if (isSame(x, y)) continue
    const rule = ruleOf(x) ?? ruleOf(y)
    return [
      {
        kind: kindOf(x.opinion, y.opinion),
        what: whatOf(x, y),
        a: inWords(x, y.turn.answer),
        b: inWords(y, x.turn.answer),
        ...(rule !== undefined && { rule }),
        times: 1,
        trace: traceOf(before),
        tests: [...list.tests],
      },
    ]
  }
}

/** Whether both sides know every ioctl of the list: a dialect may have some of its own. */
const isSayable = (sides: readonly Side[], calls: readonly Call[]): boolean =>
  sides.every(({ host }) => calls.every(({ ioctl }) => ioctlsOf(host).includes(ioctl)))

/** The same; on a target that can be asked again a difference counts only if it comes a second time. */
const seenTwice = async (a: Side, b: Side, list: List, onA: Playing, onB: Playing): Promise<Change[]> => {
  const changes = listChanges(a, b, list, onA, onB)
  if (changes.length === 0 || (!a.again && !b.again)) return changes
  const [againA, againB] = await Promise.all([a.again?.(list.calls) ?? onA, b.again?.(list.calls) ?? onB])
  return listChanges(a, b, list, againA, againB)
}

/** The changes of all lists that both sides answered, and how many lists that were. */
export const answerChanges = async (
  a: Side,
  b: Side,
  lists: readonly List[],
): Promise<{ changes: Change[]; compared: number }> => {
  const all = await Promise.all(
    lists
      .filter(({ calls }) => isSayable([a, b], calls))
      .map(async (list) => {
        const [onA, onB] = await Promise.all([a.play(list.calls), b.play(list.calls)])
        return onA && onB ? seenTwice(a, b, list, onA, onB) : undefined
      }),
  )
  const compared = all.filter((one) => one !== undefined)
  return { changes: compared.flat(), compared: compared.length }
}
