/** The table itself, answering as a recorded host: the embedded default. */
import type { Answer, Call } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import { advance, expected } from './oracle.ts'
import { errnos } from '../names/index.ts'
import type { Release } from '../model/release.ts'
import type { Ioctl } from '../model/rule.ts'
import { boot, type LogRule, type Rules, type RuledWorld } from '../table/rules.ts'
import type { Kernel, Playing } from '../model/kernel.ts'

/** One answer, and the world after it. */
export const answerIn = (world: RuledWorld, call: Call): Answer => {
  const { errno, value, list } = expected(world, call)
  const answer: Answer = { ret: errno === undefined ? 0 : -errnos[errno] }
  if (value !== undefined) answer.value = value
  if (list) answer.list = list
  advance(world, call, answer)
  return answer
}

/** Answers of a fresh process that makes these calls. */
export const answersIn = (world: RuledWorld, calls: readonly Call[]): Answer[] =>
  calls.map((call) => answerIn(world, call))

/** Lines that the call is about to bring about, of a kernel with a bug, where it gets as far as the ioctl itself. */
const logged = (world: RuledWorld, call: Call): readonly LogRule[] => {
  const { rules, descriptors } = world,
    { on, ioctl, arg, child } = call
  const subject = descriptors.get(on)
  const isMade = subject && ioctl.on.includes(subject.kind) && !child && subject.vm?.dead !== true
  return isMade
    ? (rules
        .get(ioctl)!
        .logs?.filter((rule) => rule.when(subject, arg) && !(rule.isGranted && expected(world, call).errno)) ?? [])
    : []
}

/** The same with what a kernel with a bug logs; an oops ends it. */
export const playIn = (world: RuledWorld, calls: readonly Call[]): Playing => {
  const answers: Answer[] = []
  const log: string[] = []
  for (const call of calls) {
    const lines = logged(world, call)
    log.push(...lines.map(({ line }) => line))
    if (lines.some(({ isOops }) => isOops))
      return { answers, outcome: 'died', why: 'the kernel killed the process', log }
    answers.push(answerIn(world, call))
  }
  return { answers, outcome: 'done', log }
}

/** A kernel that answers as `host` was recorded, with the rules of `release` (the host's own by default), or others. */
export const mock = (host: Host, release?: Release, rules?: Map<Ioctl, Rules>): Kernel => ({
  host,
  play: async (calls) => playIn(boot(host, release, rules), calls),
  close: async () => {},
})
