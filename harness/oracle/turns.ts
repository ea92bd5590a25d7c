/**
 * The one way through a list of calls: what the table answers to each, what was answered, and what that makes of the
 * world.
 */
import { afterFork } from '../abi/memory/dirty-ring.ts'
import { isAbsent } from '../abi/every-call.ts'
import { makes, type Answer, type Call } from '../model/call.ts'
import { errnoName } from '../names/index.ts'
import type { RuledWorld } from '../table/rules.ts'
import { applying, expected, hereOf, retOf, type Allowed } from './oracle.ts'

/** One call, in the world as it is before the call. */
export interface Turn {
  call: Call
  /** What the table answers. */
  table: Allowed
  /** What was answered: by a kernel, or by the table where nobody else was asked. */
  answer: Answer
}

const answerOf = (allowed: Allowed): Answer => {
  const { value, list } = allowed
  const answer: Answer = { ret: retOf(allowed) }
  if (value !== undefined) answer.value = value
  if (list) answer.list = list
  return answer
}

/** Changes the world as the answer says: by the grant if it was ok, by what the refusal leaves otherwise. */
const advance = (world: RuledWorld, { call, table, answer }: Turn): void => {
  const here = hereOf(world, call)
  call.ioctl.prepares?.(world, call.arg, here)
  if (call.by === 'child') afterFork(world)
  if (isAbsent(here)) return
  if (answer.ret >= 0) {
    const made = makes(call)
    const { grant } = world.rules.get(call.ioctl)!
    if (made !== undefined || call.ioctl.makes?.(call.arg) === undefined) grant.then?.(here, call.arg, made!)
    if (table.values && answer.value !== undefined) grant.chosen?.(here, call.arg, answer.value)
    return
  }
  const errno = errnoName(-answer.ret)
  const refusal = table.errno === errno ? table.refusal : applying(world, call).find((r) => r.errno === errno)
  if (refusal) refusal.leaves?.(here, call.arg)
  else if (table.isGuess) call.ioctl.leavesUnknown?.(here, call.arg)
}

/**
 * Goes through `calls` in `world`, one at a time: each turn is given before its call changes the world (but for what
 * the kernel owed), which it does when the next one is asked for. With `answers` the calls were answered so, and calls
 * without an answer have no turn; without them the table answers.
 */
export function* turns(
  world: RuledWorld,
  calls: readonly Call[],
  answers?: readonly Answer[],
): Generator<Turn, void, undefined> {
  const length = answers?.length ?? calls.length
  for (let i = 0; i < length; i++) {
    const call = calls[i]!
    const here = hereOf(world, call)
    if (!isAbsent(here)) world.rules.get(call.ioctl)!.owed?.(here, call.arg)
    const table = expected(world, call)
    const turn: Turn = { call, table, answer: answers ? answers[i]! : answerOf(table) }
    yield turn
    advance(world, turn)
  }
}
