/** Runs the suites on a kernel that counts, and brings its counters out. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defaults } from '../../model/settings.ts'
import { UserError } from '../../process/user-error.ts'
import { conformance } from '../../run/conformance.ts'
import type { RunOptions } from '../../run/run-options.ts'
import { conformanceSuites } from '../../run/suites.ts'
import { bringOut } from './counters.ts'
import { countersOf, files } from './files.ts'
import { addReport, reportOf, type Counts } from './gcov.ts'

/** A guest that is replaced takes its counters with it, all but those that were brought out by then. */
const EVERY_MS = 10_000

/** What is played on each machine. */
export type Asked = Pick<RunOptions, 'runs' | 'seed' | 'only' | 'reports'> & { target: string }

/** How a run ended, and for how long it played. */
export interface Played {
  exit: number
  seconds: number
}

/**
 * Runs the suites on a target whose kernel was built in `tree`; counters come into folders below `out`. Throws a
 * UserError where it cannot be run, or its kernel has no counters.
 */
export const playCounting = async (
  { reports, ...asked }: Asked,
  tree: string,
  out: string,
  say: (text: string) => void,
): Promise<Played> => {
  let begun = 0,
    seconds = 0,
    trouble: unknown
  const exit = await conformance(
    { ...defaults, ...asked, include: conformanceSuites, reports },
    { write: say, isTTY: false, hasColours: false, columns: 80 },
    {
      onOpen: ({ pool }) => {
        if (!pool) throw new UserError(`${asked.target}: has no kernel that could count`)
        begun = performance.now()
        let under: Promise<void> = Promise.resolve()
        const look = () =>
          (under = under.then(() => bringOut(pool, tree, files, out)).catch((error) => void (trouble = error)))
        const timer = setInterval(look, EVERY_MS)
        return async () => {
          clearInterval(timer)
          seconds = (performance.now() - begun) / 1000
          await look()
        }
      },
    },
  )
  if (trouble !== undefined) throw trouble
  return { exit, seconds }
}

/** What all guests reached whose counters are below `out`, for each of the files that were compiled. */
export const countsIn = async (out: string): Promise<Map<string, Counts>> => {
  const all = new Map<string, Counts>()
  for (const boot of readdirSync(out).toSorted())
    for (const file of files) {
      const name = countersOf(file).split('/').at(-1)!
      if (!existsSync(join(out, boot, name))) continue
      const counts: Counts = all.get(file) ?? new Map()
      addReport(counts, file, await reportOf(join(out, boot), name))
      all.set(file, counts)
    }
  return all
}
