/** From the words after --target to a host profile and, for real ones, a pool of agents that test processes share. */
import { UserError } from '../process/user-error.ts'
import type { Kernel } from '../model/kernel.ts'
import { parseTarget } from '../model/target.ts'
import { mockAs, mockHost } from '../targets/open-mock.ts'
import { remote } from '../targets/remote.ts'
import type { Hear, Opened, PreparedTarget } from './opened.ts'

/**
 * Fetches and builds what a target needs, and opens nothing. Throws a UserError where it names what does not exist, or
 * cannot work on this machine. `hear` is told of every list that its agents are given, from the first one on.
 */
export const prepareTarget = async (text: string, hear?: Hear): Promise<PreparedTarget> => {
  const target = parseTarget(text)
  if (target.kind === 'mock') {
    const host = mockHost(target)
    return {
      open: async (jobs) => {
        if (jobs !== undefined)
          throw new UserError(`--jobs ${jobs}: ${text} has no agents, and uses as many cores as there are`)
        return { host, unseen: [], close: async () => {} }
      },
    }
  }
  // The mock needs nothing of guests, links and recordings, which take their time to load.
  const { prepareReal } = await import('./open-real.ts')
  return prepareReal(text, target, hear)
}

/** Prepares and opens a target at once. Throws a UserError where it cannot be used. */
export const openTarget = async (text: string): Promise<Opened> => (await prepareTarget(text)).open()

/**
 * Opens a target for this process alone; `close` of the kernel closes it. Throws a UserError where it cannot be used.
 */
export const openKernel = async (text: string): Promise<Kernel> => {
  const { host, pool, close } = await openTarget(text)
  return { ...(pool ? remote(host, pool) : mockAs(text, host)), close }
}
