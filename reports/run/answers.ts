/**
 * answers.jsonl: what the target answered, a list a line, so that it can be judged again elsewhere. The first line says
 * who answered; the test processes write the others as they play; one more says that this is all, once it is. Every
 * line has the id of its run.
 */
import { z } from 'zod'
import { ioctlsOf } from '../../harness/dialects/index.ts'
import type { Answer } from '../../harness/model/call.ts'
import { writeWhole } from '../../harness/process/files.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { checkHost } from '../../harness/model/host-schema.ts'
import type { Emulator } from '../../harness/model/emulator.ts'
import type { Host } from '../../harness/model/host.ts'
import type { Ioctl } from '../../harness/model/rule.ts'
import { parse } from '../../harness/table/notation.ts'
import type { Folder } from './folder.ts'
import { parseLine, readLines } from './jsonl.ts'
import type { Listener } from './listener.ts'
import type { RecordedList } from './played.ts'
import { many } from './words.ts'

export const ANSWERS = 'answers.jsonl'

const header = z.looseObject({
  version: z.literal(2),
  run: z.string(),
  target: z.string(),
  release: z.string(),
  seed: z.number(),
  host: z.unknown(),
  unseen: z.array(z.string()).default([]),
  qemu: z.object({ version: z.string(), command: z.array(z.string()) }).optional(),
})
const line = z.object({
  run: z.string(),
  suite: z.string(),
  test: z.string(),
  trace: z.string(),
  outcome: z.enum(['done', 'hung', 'died', 'lost']),
  why: z.string().optional(),
  log: z.array(z.string()),
})

export interface Header {
  version: 2
  run: string
  target: string
  release: string
  seed: number
  host: Host
  unseen: readonly string[]
  qemu?: Emulator
}

/** A whole file; `missing` says in one line what is not there of the run, undefined where all is. */
export interface Recording {
  header: Header
  played: RecordedList[]
  missing: string | undefined
}

const WANTED = 'an answers.jsonl as a run writes it'

/**
 * A line between the first and the last, as one of the run of that id; undefined where it is the last.
 */
export const withRun = (text: string, run: string): string | undefined => {
  const of = JSON.parse(text) as { run: string }
  return text === endLine(of.run) ? undefined : JSON.stringify({ ...of, run })
}

/** Reads a line between the first and the last. Throws a UserError that begins with `where`. */
export const parsePlayed = (text: string, where: string, ioctls: readonly Ioctl[]): RecordedList & { run: string } => {
  const { run, suite, test, trace, outcome, why, log } = parseLine(line, text, where, WANTED)
  const steps = parse(trace, where, ioctls)
  const answers: Answer[] = []
  for (const { answer } of steps) {
    if (!answer) break
    answers.push(answer)
  }
  const playing = { answers, outcome, ...(why !== undefined && { why }), log }
  return { run, suite, test, calls: steps.map((s) => s.call), playing }
}

const endLine = (run: string): string => JSON.stringify({ run, complete: true })

const readHeader = (file: string, text: string): Header => {
  const { qemu, ...said } = parseLine(header, text, `${file}:1`, WANTED)
  return { ...said, ...(qemu && { qemu }), host: checkHost(said.host, `${file}:1`) }
}

/** The first line. Throws a UserError where the file cannot be read, or is none. */
export const readAnswering = (file: string): Header => readHeader(file, readLines(file).lines[0] ?? '')

/**
 * Reads a whole file; a last line that was cut off is left out, and `missing` says so. Throws a UserError for what is
 * unreadable, or was not all played by one run.
 */
export const readAnswers = (file: string): Recording => {
  const {
    lines: [first = '', ...rest],
    isCutOff,
  } = readLines(file)
  const head = readHeader(file, first)
  const isWhole = !isCutOff && rest.at(-1) === endLine(head.run)
  const ioctls = ioctlsOf(head.host)
  const played = (isWhole ? rest.slice(0, -1) : rest).map((text, i): RecordedList => {
    const { run, ...one } = parsePlayed(text, `${file}:${i + 2}`, ioctls)
    if (run !== head.run)
      throw new UserError(
        `${file}:${i + 2}: this list is of another run (${run}) than the file (${head.run}); two runs were mixed`,
      )
    return one
  })
  const where = isCutOff ? `cut off in line ${rest.length + 2}` : 'the run did not end'
  const missing = `${where}, after ${many(played.length, 'list')}`
  return { header: head, played, missing: isWhole ? undefined : missing }
}

/**
 * Leaves only the lists that were played for tests that `isKept`. Throws a UserError where the file cannot be written.
 */
export const keepAnswers = (file: string, run: string, isKept: (suite: string, test: string) => boolean): void => {
  const [first = '', ...rest] = readLines(file).lines
  const kept = rest.filter((text, i) => {
    if (text === endLine(run)) return false
    const { suite, test } = parseLine(line, text, `${file}:${i + 2}`, WANTED)
    return isKept(suite, test)
  })
  writeWhole(file, [first, ...kept, ''].join('\n'))
}

/**
 * Writes the first line into `to` once the target is known, where the run of that id does not go on, and the last one
 * at the end; hears where a test process could not write the others.
 */
export const answersReport = (to: Folder, id: string, goesOn = false): Listener => ({
  start({ target, release, seed, host, unseen, qemu }) {
    if (!goesOn)
      to.write(
        ANSWERS,
        `${JSON.stringify({ version: 2, run: id, target, release, seed, host, unseen, ...(qemu && { qemu }) } satisfies Header)}\n`,
      )
  },
  result({ unwritten }) {
    if (unwritten !== undefined)
      to.attempt(ANSWERS, () => {
        throw Object.assign(new Error(unwritten), { code: unwritten })
      })
  },
  end(_outcomes, { unplayed }) {
    if (unplayed.length === 0 && to.trouble === undefined) to.append(ANSWERS, `${endLine(id)}\n`)
  },
})
