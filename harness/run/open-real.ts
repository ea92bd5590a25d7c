/** Opens targets that are real: agents, on machines of whatever kind, and a recording of their host. */
import { spokenBy } from '../dialects/index.ts'
import type { Dialect } from '../model/dialect.ts'
import type { Emulator } from '../model/emulator.ts'
import type { Target } from '../model/target.ts'
import { blindSpots } from '../probe/blind-spots.ts'
import { probe } from '../probe/index.ts'
import { openConsole } from '../targets/console.ts'
import { prepare, type Opening } from '../targets/open.ts'
import { openPool, type Pool } from '../targets/pool.ts'
import { share } from '../targets/share.ts'
import type { Hear, Opened, PreparedTarget } from './opened.ts'

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

/** What prepareTarget does where the target is no mock. */
export const prepareReal = async (
  text: string,
  target: Exclude<Target, { kind: 'mock' }>,
  hear?: Hear,
): Promise<PreparedTarget> => {
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
