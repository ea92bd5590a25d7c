/**
 * outcomes.jsonl: what was asked of a run, and what came of every test, a line each, as it came. It is there for a run
 * that was cut off to be finished, by `run --resume`.
 */
import { z } from 'zod'
import { writeWhole } from '../../harness/process/files.ts'
import { verdicts } from '../../harness/model/verdict.ts'
import type { Version } from '../../harness/process/version.ts'
import type { Folder } from './folder.ts'
import { parseLine, readLines } from './jsonl.ts'
import type { Listener } from './listener.ts'
import type { Outcome } from './outcome.ts'

export const OUTCOMES = 'outcomes.jsonl'

const header = z.strictObject({
  version: z.literal(3),
  run: z.string(),
  asked: z.strictObject({
    target: z.string(),
    seed: z.number(),
    runs: z.number(),
    release: z.string().exactOptional(),
    strict: z.boolean(),
    only: z.array(z.string()).exactOptional(),
    exclude: z.array(z.string()).exactOptional(),
    known: z.string().exactOptional(),
    include: z.array(z.string()),
    shard: z.strictObject({ index: z.int(), of: z.int() }).exactOptional(),
  }),
  suite: z.strictObject({ version: z.string(), commit: z.string().exactOptional() }),
  tests: z
    .array(
      z.strictObject({
        file: z.string(),
        names: z.array(z.string()).min(1),
        isDivided: z.literal(true).exactOptional(),
      }),
    )
    .exactOptional(),
})
/** The last ms since 1970 that a Date holds. */
const LAST_TIME = 8.64e15

const outcome = z.looseObject({
  suite: z.string(),
  test: z.string(),
  file: z.string(),
  name: z.string(),
  names: z.array(z.string()).min(1),
  verdict: z.enum(verdicts),
  why: z.string().exactOptional(),
  details: z.array(z.string()),
  begun: z.number().min(0).max(LAST_TIME),
  ms: z.number(),
  lists: z.number(),
  calls: z.number(),
  isOutside: z.literal(true).exactOptional(),
  unwritten: z.string().exactOptional(),
})
const line = z.union([z.strictObject({ elapsed: z.number(), outcome }), z.strictObject({ notes: z.array(z.string()) })])

/** What a run was asked, as far as it must be the same when the run goes on. */
export type AskedBefore = z.infer<typeof header>['asked']

/** A test of a run that is divided among shards. `isDivided`: each of them plays a part of what it draws. */
export interface ShardedTest {
  file: string
  names: string[]
  isDivided?: true
}

/** What a run is. `tests`: of a shard, all that its run has, those of the other shards, too. */
export interface RunHead {
  run: string
  asked: AskedBefore
  /** The version of this project that plays. */
  suite: Version
  tests?: readonly ShardedTest[]
}

/** A run as its folder has it. `ms`: how long it took until its last outcome. */
export interface RunRecord extends RunHead {
  outcomes: Outcome[]
  ms: number
  /** What happened to the target, as it was noted last. */
  notes: readonly string[]
  isComplete: boolean
}

const END = JSON.stringify({ complete: true })

const WANTED = 'an outcomes.jsonl as a run writes it'

/** Reads the file, but for a last line that was cut off. Throws a UserError where it is unreadable. */
export const readRecord = (file: string): RunRecord => {
  const [first = '', ...rest] = readLines(file).lines
  const { version: _, ...head } = parseLine(header, first, `${file}:1`, WANTED)
  const isComplete = rest.at(-1) === END
  const all = (isComplete ? rest.slice(0, -1) : rest).map((text, i) =>
    parseLine(line, text, `${file}:${i + 2}`, WANTED),
  )
  const told = all.flatMap((l) => ('outcome' in l ? [l] : []))
  const notes = all.flatMap((l) => ('notes' in l ? [l.notes] : [])).at(-1) ?? []
  return {
    ...(head as RunHead),
    outcomes: told.map((l) => l.outcome as unknown as Outcome),
    ms: told.at(-1)?.elapsed ?? 0,
    notes,
    isComplete,
  }
}

const notesLine = (notes: readonly string[]): string => JSON.stringify({ notes })

const headerLine = ({ run, asked, suite, tests }: RunHead): string =>
  JSON.stringify({ version: 3, run, asked, suite, tests })

/** Writes the file anew, for a run that goes on. Throws a UserError where it cannot be written. */
export const writeRecord = (file: string, { outcomes, ms, notes, ...head }: Omit<RunRecord, 'isComplete'>): void =>
  writeWhole(
    file,
    [headerLine(head), notesLine(notes), ...outcomes.map((o) => JSON.stringify({ elapsed: ms, outcome: o })), ''].join(
      '\n',
    ),
  )

/** Writes into `to` what the run is, and each outcome as it comes; those of `earlier` are there already. */
export const recordReport = (to: Folder, head: RunHead, earlier?: Omit<RunRecord, 'isComplete'>): Listener => {
  let left = earlier?.outcomes.length ?? 0
  let noted = notesLine(earlier?.notes ?? [])
  const begun = Date.now() - (earlier?.ms ?? 0)
  return {
    start() {
      if (!earlier) to.write(OUTCOMES, `${headerLine(head)}\n`)
    },
    result(o) {
      if (left > 0) left--
      // After a line that is not whole nothing can follow.
      else if (to.trouble === undefined)
        to.append(OUTCOMES, `${JSON.stringify({ elapsed: Date.now() - begun, outcome: o })}\n`)
    },
    write(_outcomes, { notes }) {
      const line = notesLine(notes)
      if (line === noted || to.trouble !== undefined) return
      noted = line
      to.append(OUTCOMES, `${line}\n`)
    },
    end(_outcomes, { unplayed }) {
      if (unplayed.length === 0 && to.trouble === undefined) to.append(OUTCOMES, `${END}\n`)
    },
  }
}
