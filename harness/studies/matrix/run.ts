/** Runs columns one after the other, each with two guests; a column that is done is not done again. */
import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readResults } from '../../../reports/run/results.ts'
import type { Results } from '../../../reports/run/results-schema.ts'
import { ANSWERS, readAnswers } from '../../../reports/run/answers.ts'
import { makeNamedFolder, writeWhole } from '../../process/files.ts'
import { cover } from '../../oracle/coverage.ts'
import { runInGuest } from '../../guest/native-guest.ts'
import { parseTarget, type Target } from '../../model/target.ts'
import { runArguments, runCommand } from '../../process/own-command.ts'
import { oneLine } from '../../process/visible.ts'
import type { Column } from './columns.ts'

/** One column's outcome, in column.json of its folder. */
export interface Done {
  column: string
  /** What makes two runs of a column the same: of these, another one is run again. */
  asked: { target: string; native?: true; seed: number; runs: number }
  results: Results
  /** Seconds, boot and recording of the host included. */
  seconds: number
  /** How often each row of the table was seen at work, by its id. */
  coverage: Record<string, number>
}

const COLUMN = 'column.json'

const counts = z.record(z.string(), z.number())
/** What the page is made of. */
const outcome = z.looseObject({
  asked: z.looseObject({}),
  seconds: z.number(),
  coverage: counts,
  results: z.looseObject({
    calls: z.number(),
    random: counts.optional(),
    tests: z.array(z.looseObject({ id: z.string(), verdict: z.string() })),
    tally: z.looseObject({
      passed: z.number(),
      failed: z.number(),
      skipped: z.number(),
      exit: z.number(),
      verdicts: counts,
    }),
  }),
})

/** The column's outcome if it was run with the same settings; undefined if not, or if it was cut off. */
export const doneBefore = (folder: string, asked: Done['asked']): Done | undefined => {
  try {
    const done = outcome.parse(JSON.parse(readFileSync(join(folder, COLUMN), 'utf8'))) as unknown as Done
    return JSON.stringify(done.asked) === JSON.stringify(asked) ? done : undefined
  } catch {
    return undefined
  }
}

interface Work {
  column: Column
  folder: string
  asked: Done['asked']
  hear: (data: Buffer) => void
  signal: AbortSignal
}

/** Runs the suites in a process of this machine; gives its exit code. */
const outside = async ({ column, folder, asked, hear, signal }: Work): Promise<number | null> => {
  const [command, ...args] = runCommand({ target: column.target, seed: asked.seed, runs: asked.runs, reports: folder })
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', hear)
  const stop = () => {
    child.kill('SIGINT')
  }
  signal.addEventListener('abort', stop)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  signal.removeEventListener('abort', stop)
  return code
}

/** Runs them in a guest, where Node is slow; gives the exit code there. */
const inside = async ({ column, folder, asked, hear, signal }: Work): Promise<number> => {
  const { status, files } = await runInGuest(
    parseTarget(column.target) as Extract<Target, { kind: 'qemu' }>,
    [
      '/usr/bin/node',
      'harness/bin.js',
      ...runArguments({ target: 'native', seed: asked.seed, runs: asked.runs, reports: '/reports' }),
    ],
    hear,
    { signal },
  )
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return status
}

/**
 * Runs a column into `folder`. Resolves to its outcome, or to one line of why there is none; output of the run goes to
 * run.log. `signal` ends it early.
 */
export const runColumn = async (
  column: Column,
  folder: string,
  asked: Done['asked'],
  signal: AbortSignal,
): Promise<Done | string> => {
  try {
    return await runInto(column, folder, asked, signal)
  } catch (error) {
    if (signal.aborted) return 'interrupted'
    if ((error as Error).name === 'UserError') return (error as Error).message
    const { code, syscall } = error as NodeJS.ErrnoException
    // A full disk costs this column; those that are done stay done.
    if (code === undefined || syscall === undefined) throw error
    return `${folder}: cannot be written (${code})`
  }
}

const runInto = async (
  column: Column,
  folder: string,
  asked: Done['asked'],
  signal: AbortSignal,
): Promise<Done | string> => {
  rmSync(folder, { recursive: true, force: true })
  makeNamedFolder(folder)
  const begun = performance.now()
  const log = createWriteStream(join(folder, 'run.log'))
  log.on('error', () => {})
  let last = ''
  const hear = (data: Buffer) => {
    log.write(data)
    last = (last + data.toString()).slice(-2000)
  }
  let code: number | null
  try {
    code = await (column.native ? inside : outside)({ column, folder, asked, hear, signal })
  } finally {
    log.end()
  }
  const seconds = (performance.now() - begun) / 1000
  if (signal.aborted) return 'interrupted'
  let results: Results
  try {
    results = readResults(folder)
  } catch {
    return `exit code ${code}: ${oneLine(last.trim().split('\n').at(-1) ?? '')}`
  }
  if (results.incomplete) return `exit code ${code}: ${results.unplayed.length} files were not played to the end`
  const { header, played, missing } = readAnswers(join(folder, ANSWERS))
  if (missing !== undefined) return `exit code ${code}: ${ANSWERS} is not whole: ${missing}`
  const seen = new Map<string, number>()
  for (const { calls, playing } of played) cover(seen, header.host, header.release, calls, playing.answers)
  const done: Done = { column: column.name, asked, results, seconds, coverage: Object.fromEntries(seen) }
  writeWhole(join(folder, COLUMN), `${JSON.stringify(done)}\n`)
  return done
}
