/** The core that plays: of a native target alone. */
import { Option } from 'commander'
import { UserError } from '../process/user-error.ts'
import { parseTarget, printTarget } from '../model/target.ts'
import { wholeNumber } from './options.ts'

/** `--cpu N`. */
export const cpu = (): Option =>
  new Option('--cpu <n>', 'play on this core alone (native)').argParser(wholeNumber(0, 9999))

/** The target, kept on a core where one is given. Throws a UserError where the target is not native. */
export const pinned = (target: string, cpu: number | undefined): string => {
  if (cpu === undefined) return target
  const parsed = parseTarget(target)
  if (parsed.kind !== 'native')
    throw new UserError(
      `--cpu ${cpu}: ${target} is played elsewhere; only --target native can be kept on a core of this machine`,
    )
  return printTarget({ ...parsed, cpu })
}
