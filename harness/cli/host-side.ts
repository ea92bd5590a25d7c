/** Hosts and targets as commands take them. */
import { openSide, type Side } from '../../reports/diff/side.ts'
import type { Host } from '../model/host.ts'
import { UserError } from '../process/user-error.ts'
import { openKernel } from '../run/open-target.ts'

/** What a target's host offers; nothing more is asked of it. Throws a UserError where it cannot be used. */
export const hostAt = async (target: string): Promise<Host> => {
  const { host, close } = await openKernel(target)
  await close()
  return host
}

/**
 * A recorded host by name or file, or a target, opened, for those that ask something new: what a run has recorded will
 * not do. Throws a UserError for everything else.
 */
export const openHost = async (name: string): Promise<Side> => {
  const side = await openSide(name)
  if (side.outcomes === undefined) return side
  await side.close()
  throw new UserError(`${name}: is the folder of a run; name a recorded host, or a target such as qemu:6.12`)
}
