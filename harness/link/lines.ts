/** The lines that an agent says (harness/agent/PROTOCOL.md), read into values. */
import { Buffer } from 'node:buffer'

/** Who answers: the agent's implementation, and uname -r, -v, -m of its machine. */
export interface Greeting {
  impl: string
  release: string
  version: string
  machine: string
}

/** What came back for one list of ops. */
export interface Played {
  /** lost: the agent or its machine went away while the list was played. */
  outcome: 'done' | 'hung' | 'died' | 'lost' | 'bad'
  /** One for each call that returned; `data` is the hex of each x op after it. */
  answers: { ret: number; data: string[] }[]
  /** Kernel log lines that appeared meanwhile, 'PRIORITY,TEXT'. */
  log: string[]
  /** Those that appeared before, while nothing was played. */
  before?: string[]
  /** For lost, bad and died: one line. */
  why?: string
  /** Time was counted in instructions where it was played. */
  isCounted?: true
}

/** For each call of a list of ops in its order, how many bytes each `x` after it reads back at most. */
export const shapeOf = (ops: string): number[][] => {
  const shape: number[][] = []
  for (const op of ops.split(' ')) {
    if (/^[kijhbqcmrla]/.test(op)) shape.push([])
    else if (op.startsWith('x')) shape[shape.length - 1]!.push(parseInt(op.slice(op.lastIndexOf(',') + 1), 16))
  }
  return shape
}

/** What is wrong with answers to a list of that shape, one line; undefined where they may be its answers. */
export const misfit = (
  shape: readonly (readonly number[])[],
  { outcome, answers }: Pick<Played, 'outcome' | 'answers'>,
): string | undefined => {
  if (answers.length > shape.length || (outcome === 'done' && answers.length < shape.length))
    return `gives ${answers.length} answers to ${shape.length} calls`
  // What is read back after the last answered call may be cut off with the player.
  const whole = outcome === 'done' ? answers.length : answers.length - 1
  const at = answers.findIndex(
    ({ data }, i) => data.length > shape[i]!.length || (i < whole && data.length < shape[i]!.length),
  )
  if (at >= 0) return `reads back ${answers[at]!.data.length} times after call ${at + 1}, not ${shape[at]!.length}`
  const long = answers.findIndex(({ data }, i) => data.some((hex, n) => hex.length > shape[i]![n]! * 2))
  return long < 0 ? undefined : `reads back more bytes after call ${long + 1} than were asked for`
}

/** Undoes the percent-encoding of the protocol. */
export const decode = (text: string): string =>
  text.includes('%')
    ? Buffer.from(
        text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        'latin1',
      ).toString('utf8')
    : text

// An int in decimal, and whole bytes.
const answerWord = /^-?\d{1,10}(?::(?:[0-9a-f]{2})*)*$/i

const readAnswers = (words: string[]): Played['answers'] | undefined => {
  const answers = []
  for (const word of words) {
    if (!answerWord.test(word)) return undefined
    const [ret, ...data] = word.split(':')
    if (Number(ret) !== (Number(ret) | 0)) return undefined
    answers.push({ ret: Number(ret), data })
  }
  return answers
}

/** Reads the greeting; undefined where the line is something else. */
export const readGreeting = (line: string): Greeting | undefined => {
  const [, impl, release, version, machine] = /^agent 1 (\S+) (\S+) (\S+) (\S+)$/.exec(line) ?? []
  return machine === undefined
    ? undefined
    : { impl: decode(impl!), release: decode(release!), version: decode(version!), machine: decode(machine) }
}

/** Reads a line that begins with done, hung, died or bad; undefined where the line is something else. */
export const readOutcome = (line: string): { id: string; played: Omit<Played, 'log'> } | undefined => {
  const [outcome, id = '', ...words] = line.split(' ')
  if (outcome === 'bad')
    return { id, played: { outcome, answers: [], why: decode(words.join(' ')) || 'no reason given' } }
  if (outcome !== 'done' && outcome !== 'hung' && outcome !== 'died') return undefined
  const signal = outcome === 'died' ? words.shift() : undefined
  const answers = readAnswers(words)
  if (!answers || (outcome === 'died' && !/^\d+$/.test(signal ?? ''))) return undefined
  return { id, played: { outcome, answers, ...(signal && { why: `the player was killed by signal ${signal}` }) } }
}
