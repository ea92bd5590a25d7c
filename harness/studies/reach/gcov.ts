/** What gcov makes of counters: how often each line and each branch was reached. */
import { join, normalize } from 'node:path'
import { z } from 'zod'
import { run } from '../../process/programs.ts'

/** As `gcov --json-format` has it (gcc's documentation, "gcov-tool output format"). */
const report = z.looseObject({
  files: z.array(
    z.looseObject({
      file: z.string(),
      lines: z.array(
        z.looseObject({
          line_number: z.int(),
          count: z.number(),
          function_name: z.string().optional(),
          branches: z.array(z.looseObject({ count: z.number() })),
        }),
      ),
    }),
  ),
})

/** One line of a file. `branches`: how often each was taken. */
export interface CountedLine {
  number: number
  function: string
  count: number
  branches: number[]
}

/** Lines of one file by the function that they are compiled into and their number. */
export type Counts = Map<string, CountedLine>

/** Adds what gcov reported of `file` to what other guests reached in it. */
export const addReport = (counts: Counts, file: string, json: string): void => {
  const { files } = report.parse(JSON.parse(json))
  for (const { lines } of files.filter((one) => normalize(one.file) === file))
    for (const { line_number: number, count, function_name: name = '', branches } of lines) {
      const key = `${name}:${number}`
      const known = counts.get(key)
      if (!known) counts.set(key, { number, function: name, count, branches: branches.map((one) => one.count) })
      else {
        known.count += count
        for (const [i, one] of branches.entries()) known.branches[i] = (known.branches[i] ?? 0) + one.count
      }
    }
}

/** What gcov says of the counters `name` in a folder where their notes are, too. */
export const reportOf = async (folder: string, name: string): Promise<string> =>
  (
    await run('aarch64-linux-gnu-gcov', ['--json-format', '--stdout', '--branch-probabilities', name], join(folder))
  ).toString('utf8')
