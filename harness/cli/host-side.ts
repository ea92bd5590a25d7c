/** Hosts and targets as commands take them that ask something new: what a run has recorded will not do. */
import { openSide, type Side } from '../../reports/diff/side.ts'
import { UserError } from '../process/user-error.ts'

/** A recorded host by name or file, or a target, opened. Throws a UserError for everything else. */
export const openHost = async (name: string): Promise<Side> => {
  const side = await openSide(name)
  if (side.outcomes === undefined) return side
  await side.close()
  throw new UserError(`${name}: is the folder of a run; name a recorded host, or a target such as qemu:6.12`)
}
