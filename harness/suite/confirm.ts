/**
 * A failure is seen twice before a kernel is convicted, and never is one that a signal or a deadline of ours may have
 * caused on a slow host.
 */
import type { Call } from '../model/call.ts'
import { isFault } from '../model/kernel-log.ts'
import type { Kernel, Playing } from '../model/kernel.ts'
import { errnos } from '../names/index.ts'
import type { Counterexample, Report } from '../model/verdict.ts'

/** How often a failure is asked for again at most, and one that may be of our making. */
const TIMES = 3
const TIMES_UNCLEAR = 2

/** What a kernel came to when it was asked once. */
export interface Seen<Result> {
  result: Result
  /** What makes two failures the same; absent where nothing is wrong. */
  cause?: string
  /** A signal or deadline of ours, or the loss of an agent, may be all that is wrong. */
  isUnclear: boolean
  /** Time was counted in instructions: a signal or deadline of ours came when it had to. */
  isCounted: boolean
}

/**
 * What a failure came to when it was asked for again: a second time, never again, or what cannot be told; or it is
 * none.
 */
export type Confirmation = 'seen again' | 'not reproduced' | 'unclear' | 'no failure'

/** `other`: what came instead, of a failure that was not reproduced. */
export interface Confirmed<Result> {
  how: Confirmation
  result: Result
  other?: Result
}

/** Whether what came back may be the work of a signal or deadline of ours, or says nothing of the kernel at all. */
export const mayBeOurs = (calls: readonly Call[], { answers, outcome, log }: Playing): boolean => {
  const isInterrupted = answers.some(
    ({ ret }, i) => ret === -errnos.EINTR && calls[i]!.ioctl.isInterrupted?.(calls[i]!.arg),
  )
  return (outcome !== 'done' || isInterrupted) && !log.some(isFault)
}

/** Whether a list whose time is counted is known to end: by itself, or at its deadline in a call that has to return. */
const hasToEnd = (calls: readonly Call[], { answers, outcome }: Playing): boolean => {
  const last = calls[answers.length]
  return outcome === 'done' || (outcome === 'hung' && !last?.ioctl.mayWaitForEver?.(last.arg))
}

type Ask<Result> = (kernel: Kernel) => Promise<Result>
type CauseOf<Result> = (result: Result) => string | undefined

/** Asks `kernel`, and notes whether anything of ours may be in what comes. A suite's own mistake has no cause. */
export const seen = async <Result extends { verdict: Report['verdict'] }>(
  kernel: Kernel,
  ask: Ask<Result>,
  causeOf: CauseOf<Result>,
): Promise<Seen<Result>> => {
  let isUnclear = false
  let isCounted = true
  const play = async (calls: readonly Call[]): Promise<Playing> => {
    const playing = await kernel.play(calls)
    isUnclear ||= mayBeOurs(calls, playing)
    isCounted &&= playing.isCounted === true && hasToEnd(calls, playing)
    return playing
  }
  const result = await ask({ ...kernel, play })
  const cause = result.verdict === 'broken' && !isUnclear ? undefined : causeOf(result)
  return { result, isUnclear, isCounted, ...(cause !== undefined && { cause }) }
}

/** Asks again for the failure `first`, until it has come a second time or it is clear that it was none. */
export const confirm = async <Result extends { verdict: Report['verdict'] }>(
  kernel: Kernel,
  first: Seen<Result>,
  ask: Ask<Result>,
  causeOf: CauseOf<Result>,
): Promise<Confirmed<Result>> => {
  const { again } = kernel
  if (first.cause === undefined) return { how: 'no failure', result: first.result }
  if (!again) return { how: 'seen again', result: first.result }
  let now = first
  let other: Result | undefined
  for (let times = 1; times <= (now.isUnclear ? TIMES_UNCLEAR : TIMES); times++) {
    const next = await seen({ ...kernel, play: again }, ask, causeOf)
    const isSame = next.cause === now.cause
    if (isSame && (!next.isUnclear || next.isCounted)) return { how: 'seen again', result: next.result }
    if (isSame || now.isUnclear) now = next
    else other = next.result
    if (now.cause === undefined) return { how: 'no failure', result: now.result }
  }
  return other === undefined
    ? { how: 'unclear', result: now.result }
    : { how: 'not reproduced', result: now.result, other }
}

/** A counterexample in the words that its confirmation allows. */
export const inWords = <Told extends Counterexample>({ how, result, other }: Confirmed<Told>): Told => {
  const { verdict, why } = result
  const said = (more: string) => ({ why: why ? `${why}; ${more}` : more })
  if (how === 'not reproduced') {
    const again = other?.trace === undefined ? {} : { again: other.trace }
    return {
      ...result,
      verdict: how,
      ...said(`${verdict} once, and not when it was played ${TIMES} times in a fresh guest`),
      ...again,
    }
  }
  if (how === 'unclear')
    return {
      ...result,
      verdict: 'broken',
      ...said('so it was with ten times the time, and whether the host is too slow cannot be told'),
    }
  return how === 'seen again' && verdict === 'broken'
    ? {
        ...result,
        verdict: 'violates',
        ...said('time was counted in instructions there, so that the host plays no part'),
      }
    : result
}

/** A test's report that is seen twice where it fails; `causeOf` as in Seen. */
export const confirmedReport = async <Told extends Report>(
  kernel: Kernel,
  ask: Ask<Told>,
  causeOf: CauseOf<Told>,
): Promise<Told> => inWords(await confirm(kernel, await seen(kernel, ask, causeOf), ask, causeOf))
