/** The core that plays: of a native target alone. */
import { InvalidArgumentError, Option } from 'commander'
import { UserError } from '../process/user-error.ts'
import { parseTarget, printTarget } from '../model/target.ts'

/** `--cpu N`. */
export const cpu = (): Option =>
  new Option('--cpu <n>', 'play on this core alone (native)').argParser((text) => {
    if (!/^(0|[1-9]\d{0,3})$/.test(text)) throw new InvalidArgumentError('It takes the number of a core, such as 4.')
    return Number(text)
  })

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
