/**
 * answers.jsonl: what the target answered, a list a line, so that it can be judged again elsewhere. The first line says
 * who answered; the others are written by the test processes as they play.
 */
import { appendFileSync } from 'node:fs'
import { z } from 'zod'
import type { Answer, Call } from '../harness/call.ts'
import { readText } from '../harness/files.ts'
import { Complaint } from '../harness/complaint.ts'
import { checkHost } from '../harness/host-schema.ts'
import type { Host } from '../harness/host.ts'
import type { Playing } from '../harness/kernels/kernel.ts'
import { parse, print } from '../harness/trace.ts'
import type { Listener } from './listener.ts'
import type { Folder } from './folder.ts'

export const ANSWERS = 'answers.jsonl'

const header = z.looseObject({
  version: z.literal(1), target: z.string(), release: z.string(), seed: z.number(), host: z.unknown(),
})
const line = z.object({
  test: z.string(), trace: z.string(),
  outcome: z.enum(['done', 'hung', 'died', 'lost']), why: z.string().optional(), log: z.array(z.string()),
})

export interface Header { version: 1; target: string; release: string; seed: number; host: Host }

/** One list of calls and what came back for it. */
export interface Played { test: string; calls: Call[]; playing: Playing }

/** A line of the file: the calls in the notation, those that were answered with their answers. */
export const printPlayed = ({ test, calls, playing: { answers, outcome, why, log } }: Played): string => {
  const trace = print(calls.map((call, i) => ({ call, ...(answers[i] && { answer: answers[i] }) })))
  return JSON.stringify({ test, trace, outcome, ...(why !== undefined && { why }), log })
}

/** Adds a list to the file; whole lines, even where several processes write at once. */
export const appendPlayed = (file: string, played: Played): void => appendFileSync(file, `${printPlayed(played)}\n`)

const json = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Complaint(`${where}: not JSON; this wants an answers.jsonl as a run writes it`)
  }
}

const shaped = <T>(shape: z.ZodType<T>, value: unknown, where: string): T => {
  const { success, data, error } = shape.safeParse(value)
  if (success) return data
  const { path, message } = error.issues[0]!
  throw new Complaint(`${where}: ${path.join('.') || 'line'}: ${message}`)
}

/** Reads one line after the first. Throws a Complaint that begins with `where`. */
export const parsePlayed = (text: string, where: string): Played => {
  const { test, trace, outcome, why, log } = shaped(line, json(text, where), where)
  const steps = parse(trace, where)
  const answers: Answer[] = []
  for (const { answer } of steps) {
    if (!answer) break
    answers.push(answer)
  }
  const playing = { answers, outcome, ...(why !== undefined && { why }), log }
  return { test, calls: steps.map((s) => s.call), playing }
}

/** Reads a whole file. Throws a Complaint for what is unreadable, or was cut off where a run was killed. */
export const readAnswers = (file: string): { header: Header; played: Played[] } => {
  const [first = '', ...rest] = readText(file).split('\n').filter((l) => l !== '')
  const said = shaped(header, json(first, `${file}:1`), `${file}:1`)
  return {
    header: { ...said, host: checkHost(said.host, `${file}:1`) },
    played: rest.map((l, i) => parsePlayed(l, `${file}:${i + 2}`)),
  }
}

/** Writes the first line into `to` once the target is known, and hears where a test process could not write the others. */
export const answersReport = (to: Folder): Listener => {
  to.remove(ANSWERS)
  return {
    start: ({ target, release, seed, host }) =>
      to.write(ANSWERS, `${JSON.stringify({ version: 1, target, release, seed, host } satisfies Header)}\n`),
    result({ unwritten }) {
      if (unwritten !== undefined) to.attempt(ANSWERS, () => { throw Object.assign(new Error(unwritten), { code: unwritten }) })
    },
  }
}
