/** The table itself, answering as a recorded host: the embedded default. */
import type { Answer, Call } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import type { Kernel, Playing } from '../model/kernel.ts'
import type { Release } from '../model/release.ts'
import type { Ioctl } from '../model/rule.ts'
import { boot, type LogRule, type Rules, type RuledWorld } from '../table/rules.ts'
import { waitsForRun } from './oracle.ts'
import { turns, type Turn } from './turns.ts'

/** The table's answers to these calls, and the world after them. */
export const answersIn = (world: RuledWorld, calls: readonly Call[]): Answer[] => {
  const answers: Answer[] = []
  for (const { answer } of turns(world, calls)) answers.push(answer)
  return answers
}

/** Lines that the call is about to bring about, of a kernel with a bug, where it gets as far as the ioctl itself. */
const logged = ({ rules, descriptors }: RuledWorld, { call, table }: Turn): readonly LogRule[] => {
  const { on, ioctl, arg, by } = call
  const subject = descriptors.get(on)
  const isMade = subject && ioctl.on.includes(subject.kind) && by !== 'child' && subject.vm?.dead !== true
  if (!isMade) return []
  return (
    rules.get(ioctl)!.logs?.filter((rule) => rule.when(subject, arg, call) && !(rule.isGranted && table.errno)) ?? []
  )
}

/** The same with what a kernel with a bug logs; an oops ends it. */
export const playIn = (world: RuledWorld, calls: readonly Call[]): Playing => {
  const answers: Answer[] = []
  const log: string[] = []
  for (const turn of turns(world, calls)) {
    if (waitsForRun(world, turn.call))
      return {
        answers,
        outcome: 'hung',
        why: `${turn.call.on} runs in the background, and its calls wait for the end`,
        log,
      }
    const lines = logged(world, turn)
    log.push(...lines.map(({ line }) => line))
    if (lines.some(({ isOops }) => isOops))
      return { answers, outcome: 'died', why: 'the kernel killed the process', log }
    answers.push(turn.answer)
  }
  return { answers, outcome: 'done', log }
}

/** A kernel that answers as `host` was recorded, with the rules of `release` (the host's own by default), or others. */
export const mock = (host: Host, release?: Release, rules?: Map<Ioctl, Rules>): Kernel => ({
  host,
  play: async (calls) => playIn(boot(host, release, rules), calls),
  close: async () => {},
})
