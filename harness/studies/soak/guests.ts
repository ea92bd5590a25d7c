/** What the guests of a run hold, as each says itself. */
import { lookOps, readLooks } from '../../probe/look.ts'
import type { Pool } from '../../targets/pool.ts'
import type { Held } from './trends.ts'

const FILES = [
  { path: '/proc/meminfo', size: 0x2000 },
  { path: '/proc/sys/fs/file-nr', size: 0x1000 },
]
const DEADLINE = 60_000

/** The MiB of a line of /proc/meminfo; NaN where there is none. */
const mebibytes = (meminfo: string, name: string): number =>
  Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1]) / 1024

/**
 * What is in use of a guest's memory, without caches that its kernel can drop; what its kernel holds and cannot drop;
 * its open files, which the kernel counts in steps of 32. Undefined where the guest does not say.
 */
export const heldBy = (meminfo: string, fileNr: string): Held | undefined => {
  const held = {
    mebibytes: mebibytes(meminfo, 'MemTotal') - mebibytes(meminfo, 'MemAvailable'),
    'kernel MiB': mebibytes(meminfo, 'SUnreclaim'),
    descriptors: Number(/^(\d+)\t/.exec(fileNr)?.[1]),
  }
  return Object.values(held).some(Number.isNaN) ? undefined : held
}

/** Asks each guest of the pool between two of its lists; one that is being replaced, or does not say, is left out. */
export const heldByGuests = async (pool: Pool): Promise<Map<string, Held>> => {
  const held = new Map<string, Held>()
  for (const [i, played] of (await pool.each(lookOps(FILES), DEADLINE)).entries()) {
    if (played?.outcome !== 'done') continue
    const [meminfo, fileNr] = readLooks(played).map((came) => (typeof came === 'object' ? came.toString('latin1') : ''))
    const said = heldBy(meminfo!, fileNr!)
    if (said) held.set(`guest ${i + 1}`, said)
  }
  return held
}
