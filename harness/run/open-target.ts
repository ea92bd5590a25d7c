/** From the words after --target to a host profile and, for real ones, a pool of agents that test processes share. */
import type { Dialect } from '../model/dialect.ts'
import { UserError } from '../process/user-error.ts'
import type { Emulator } from '../model/emulator.ts'
import type { Host } from '../model/host.ts'
import type { Kernel } from '../model/kernel.ts'
import { spokenBy } from '../dialects/index.ts'
import { openConsole } from '../targets/console.ts'
import { prepare, type Opening } from '../targets/open.ts'
import { openPool, type Pool } from '../targets/pool.ts'
import { share } from '../targets/share.ts'
import { parseTarget } from '../model/target.ts'
import { mockAs, mockHost } from '../targets/open-mock.ts'
import { remote } from '../targets/remote.ts'
import { probe } from '../probe/index.ts'
import { blindSpots } from '../probe/blind-spots.ts'

export interface Opened {
  host: Host
  /** What of its kernel cannot be seen, a line each; none for the mock. */
  unseen: readonly string[]
  /** What emulates its machine, where one is emulated. */
  qemu?: Emulator
  /** Where its agents are shared with the test processes, and the agents themselves; absent for the mock. */
  socket?: string
  pool?: Pool
  close(): Promise<void>
}

/** A target whose words were understood, and that may work as far as can be told without opening it. */
export interface PreparedTarget {
  /**
   * Opens it, with so many agents side by side. The host of a real one is probed, so that the oracle judges what is
   * there and not what was recorded once. Throws a UserError where it cannot be used.
   */
  open(jobs?: number): Promise<Opened>
}

/** Hears of a list of ops and its deadline, before it is played. */
export type Hear = (ops: string, deadlineMs: number) => void

const hearing = (opening: Opening, hear: Hear | undefined): Opening => {
  if (!hear) return opening
  const heard = (open: Opening['open']) => async () => {
    const link = await open()
    return {
      ...link,
      play: (ops: string, deadlineMs: number) => {
        hear(ops, deadlineMs)
        return link.play(ops, deadlineMs)
      },
    }
  }
  const { open, openAgain } = opening
  return { ...opening, open: heard(open), ...(openAgain && { openAgain: heard(openAgain) }) }
}

const openReal = async (
  name: string,
  dialect: Dialect | undefined,
  qemu: Emulator | undefined,
  openAgents: () => Promise<Pool>,
): Promise<Opened> => {
  const pool = await openAgents()
  try {
    const host = await probe(pool, name, undefined, dialect)
    const blind = await blindSpots(pool)
    const shared = await share(pool)
    return {
      host,
      unseen: blind,
      ...(qemu && { qemu }),
      socket: shared.path,
      pool,
      close: async () => {
        await shared.close()
        await pool.close()
      },
    }
  } catch (error) {
    await pool.close()
    throw error
  }
}

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
  const dialect = spokenBy(text)
  if (target.kind === 'console')
    return { open: async () => openReal(text, dialect, undefined, async () => openConsole(target.file)) }
  const opening = hearing(await prepare(target), hear)
  return {
    open: (jobs) =>
      openReal(text, dialect, opening.qemu, () =>
        openPool(target, { opening, ...(jobs !== undefined && { size: jobs }) }),
      ),
  }
}

/** Prepares and opens a target at once. Throws a UserError where it cannot be used. */
export const openTarget = async (text: string): Promise<Opened> => (await prepareTarget(text)).open()

/** Opens a target for this process alone; `close` of the kernel closes it. Throws a UserError where it cannot be used. */
export const openKernel = async (text: string): Promise<Kernel> => {
  const { host, pool, close } = await openTarget(text)
  return { ...(pool ? remote(host, pool) : mockAs(text, host)), close }
}
