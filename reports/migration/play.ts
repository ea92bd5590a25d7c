/** Playing what is too long for one list of an agent: what comes before is played anew for each part. */
import { toOps } from '../../harness/link/ops.ts'
import type { Answer, Call } from '../../harness/model/call.ts'
import { faultLines } from '../../harness/model/kernel-log.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { parse } from '../../harness/table/notation.ts'
import { playPatiently, type Side } from '../diff/side.ts'

/** The calls of lines of the notation. */
export const callsOf = (lines: readonly string[]): Call[] => parse(lines.join('\n'), 'migrate').map(({ call }) => call)

const fits = (side: Side, calls: readonly Call[]): boolean => {
  try {
    toOps(calls, side.host)
    return true
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

const parts = (side: Side, before: readonly Call[], calls: readonly Call[]): (readonly Call[])[] => {
  if (calls.length <= 1 || fits(side, [...before, ...calls])) return [calls]
  const half = calls.length >> 1
  return [...parts(side, before, calls.slice(0, half)), ...parts(side, before, calls.slice(half))]
}

export interface PlayedInParts {
  /** To the calls that come before; fewer where one of them did not return. */
  before: Answer[]
  /** To the others; undefined where the list ended before. */
  answers: (Answer | undefined)[]
  /** What the kernel log complained of, and how a list ended that did not come to its end. */
  troubles: string[]
}

/** Plays `calls` after `before`, in as many lists as it takes. */
export const playAfter = async (
  side: Side,
  before: readonly Call[],
  calls: readonly Call[],
): Promise<PlayedInParts> => {
  const all = await Promise.all(
    parts(side, before, calls).map(async (part) => ({
      part,
      playing: await playPatiently(side, [...before, ...part]),
    })),
  )
  return {
    before: all[0]!.playing.answers.slice(0, before.length),
    answers: all.flatMap(({ part, playing }) => part.map((_, i) => playing.answers[before.length + i])),
    troubles: [
      ...new Set(
        all.flatMap(({ playing: { outcome, why, log } }) => [
          ...faultLines(log).map((line) => `kernel log: ${line}`),
          ...(outcome === 'done' ? [] : [why ?? outcome]),
        ]),
      ),
    ],
  }
}
