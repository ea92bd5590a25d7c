/** The table itself, answering as a recorded host: the embedded default. */
import type { Answer, Call } from '../call.ts'
import type { Host } from '../host.ts'
import { advance, expected } from '../oracle.ts'
import { errnos } from '../names.ts'
import type { Release } from '../release.ts'
import { boot } from '../rules.ts'
import type { World } from '../world.ts'
import type { Kernel } from './kernel.ts'

/** One answer, and the world after it. */
export const answerIn = (world: World, call: Call): Answer => {
  const { errno, value, list } = expected(world, call)
  const answer: Answer = { ret: errno === undefined ? 0 : -errnos[errno] }
  if (value !== undefined) answer.value = value
  if (list) answer.list = list
  advance(world, call, answer)
  return answer
}

/** Answers of a fresh process that makes these calls. */
export const answersIn = (world: World, calls: readonly Call[]): Answer[] => calls.map((call) => answerIn(world, call))

/** A kernel that answers as `host` was recorded, with the rules of `release` (the host's own by default). */
export const mock = (host: Host, release?: Release): Kernel => ({
  host,
  play: async (calls) => ({ answers: answersIn(boot(host, release), calls), outcome: 'done', log: [] }),
  close: async () => {},
})
