/** A board that played a file of lists and whose console was kept: its answers, as a pool that has played before. */
import type { Greeting, Played } from '../link/lines.ts'
import { decode, misfit, readGreeting, readOutcome, shapeOf } from '../link/lines.ts'
import { readFrames, type Pass } from '../link/frames.ts'
import { idOfOps, ListsFile } from '../link/lists-file.ts'
import { readBytes, writeWhole } from '../process/files.ts'
import { UserError } from '../process/user-error.ts'
import { withMoreTime } from './more-time.ts'
import type { Pool } from './pool.ts'

/** Bytes of the largest console. */
const MOST = 1 << 30

/** What a pass says of each list, by its id; only where nothing is missing that may belong to it. */
const answersIn = ({ lines }: Pass): Map<string, Played> => {
  const answers = new Map<string, Played>()
  let isBroken = false
  let log = new Map<string, string[]>()
  for (const line of lines) {
    const [word, id = ''] = line?.split(' ', 2) ?? []
    const heard = line === undefined ? undefined : readOutcome(line)
    // A line that is lost may have been what the kernel complained of.
    if (line === undefined) isBroken = true
    else if (word === 'log') log.set(id, [...(log.get(id) ?? []), decode(line.slice(word.length + id.length + 2))])
    else if (heard) {
      const before = log.get('-')
      if (!isBroken && heard.id !== '-')
        answers.set(heard.id, { ...heard.played, log: log.get(heard.id) ?? [], ...(before && { before }) })
      isBroken = false
      log = new Map()
    }
  }
  return answers
}

const greetingIn = (passes: readonly Pass[]): Greeting | undefined => {
  for (const line of passes.flatMap(({ lines }) => lines)) {
    const greeting = line === undefined ? undefined : readGreeting(line)
    if (greeting) return greeting
  }
  return undefined
}

/**
 * The answers on the console in `file`. What is played again is answered from another pass; what has no whole answer is
 * lost, and stands in FILE.more when the pool is closed. Throws a UserError where no agent has spoken.
 */
export const openConsole = (file: string): Pool => {
  const passes = readFrames(readBytes(file, MOST).toString('latin1'))
  const greeting = greetingIn(passes)
  if (!greeting) throw new UserError(`${file}: no agent that played a file of lists has spoken there`)
  const answers = passes.map(answersIn)
  const missing = new ListsFile()
  const more = `${file}.more`
  let tellEnd = (_why: string) => {}
  const over = new Promise<string>((resolve) => {
    tellEnd = resolve
  })
  const answer = async (ops: string, deadlineMs: number, nth: number): Promise<Played> => {
    const id = idOfOps(ops)
    const all = answers.flatMap((of) => of.get(id) ?? [])
    const played = all[nth]
    if (played && misfit(shapeOf(ops), played) === undefined) return played
    missing.add(ops, deadlineMs)
    const seen = all.length === 0 ? 'no whole answer to it is' : 'only one whole answer to it is'
    return { outcome: 'lost', answers: [], log: [], why: `${seen} on the console; have the board play ${more}, too` }
  }
  return {
    greeting,
    restarts: 0,
    incidents: [],
    over,
    play: (ops, deadlineMs) => answer(ops, deadlineMs, 0),
    again(ops, deadlineMs) {
      const list = withMoreTime({ ops, deadlineMs }, false)
      return answer(list.ops, list.deadlineMs, 1)
    },
    each: async (ops, deadlineMs) => [await answer(ops, deadlineMs, 0)],
    listen: async () => {},
    close: async () => {
      if (missing.size > 0) writeWhole(more, missing.text)
      tellEnd('closed')
    },
  }
}
