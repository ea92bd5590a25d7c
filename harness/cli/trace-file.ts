/** Traces and other lines as commands take them: a file, or standard input. */
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { toOps } from '../link/ops.ts'
import type { Step } from '../model/call.ts'
import type { Ioctl } from '../model/rule.ts'
import { readText, textOfInput } from '../process/files.ts'
import { UserError, within } from '../process/user-error.ts'
import { withCreations } from '../table/creations.ts'
import { parse } from '../table/notation.ts'

/** Bytes of the most lines: no list that an agent takes is longer, but for the comments of its trace. */
const MOST_LINES = 1 << 20

/** What stands for standard input where a file could be named. */
const INPUT = '-'

/** How a file of a command is called in what it says. */
export const traceName = (file: string): string => (file === INPUT ? 'standard input' : file)

/** Bytes of the longest strace: it is kept whole, and has a line for each call of a guest's life. */
const MOST_STRACE = 64 << 20

const textOf = (file: string, most: number): string => (file === INPUT ? textOfInput(most) : readText(file, most))

/** What strace wrote, of a file, or of standard input for `-`. Throws a UserError where it cannot be read. */
export const textOfStrace = (file: string): string => textOf(file, MOST_STRACE)

/** The same of a trace, or of a list of registers. */
export const textOfLines = (file: string): string => textOf(file, MOST_LINES)

/**
 * The steps of a trace, creations that it leaves out included; one list of an agent can hold them. `file`: a path, or
 * `-` for standard input. Throws a UserError for everything else.
 */
export const readTrace = (file: string, ioctls: readonly Ioctl[]): Step[] => {
  const name = traceName(file)
  const steps = parse(textOfLines(file), name, ioctls)
  if (steps.length === 0) throw new UserError(`${name}: there is no call in it`)
  return within(name, () => {
    const all = withCreations(steps, undefined, ioctls)
    // Of any host: how long it gets depends on none.
    toOps(
      all.map(({ call }) => call),
      hostNamed(),
    )
    return all
  })
}
