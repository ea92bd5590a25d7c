/** The counters of guests, brought out of them by the agent, which reads their files for us. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { UserError } from '../../process/user-error.ts'
import { lookOps, readLooks } from '../../probe/look.ts'
import type { Pool } from '../../targets/pool.ts'
import { countersOf, notesOf } from './files.ts'

const GCOV = '/sys/kernel/debug/gcov'
const BOOT = { path: '/proc/sys/kernel/random/boot_id', size: 0x1000 }
/** More than the counters of any object take. */
const MOST = 0x40000
const DEADLINE = 60_000
/** What an agent can be asked to look at (agent/PROTOCOL.md). */
const LONGEST_PATH = 0xff

/**
 * Where the kernel that was built in `tree` shows the counters of an object. Throws a UserError for too long a path.
 */
const pathOf = (tree: string, file: string): string => {
  const path = `${GCOV}${join(tree, countersOf(file))}`
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new UserError(`${tree}: the path is too long for an agent; build the kernel in a folder with a shorter one`)
  return path
}

/**
 * Writes the counters of each guest of the pool that plays lists into a folder below `out`, one for each boot, as they
 * are now; counters of a boot that were brought out before are written over. The notes of `tree`, in which the kernel
 * was built, are put beside them. Throws a UserError where a guest has no counters.
 */
export const bringOut = async (pool: Pool, tree: string, files: readonly string[], out: string): Promise<void> => {
  for (const file of files.filter((name) => existsSync(join(tree, notesOf(name))))) {
    const path = pathOf(tree, file)
    for (const played of await pool.each(lookOps([BOOT, { path, size: MOST }]), DEADLINE)) {
      if (played?.outcome !== 'done') continue
      const [boot, counters] = readLooks(played)
      if (typeof boot !== 'object') throw new UserError(`a guest does not say which boot it is: ${BOOT.path} (${boot})`)
      if (typeof counters !== 'object')
        throw new UserError(`a guest has no ${path}; was its kernel built in ${tree}, with CONFIG_GCOV_KERNEL?`)
      const folder = join(out, boot.toString('latin1').trim())
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, basename(countersOf(file))), counters)
      const notes = join(folder, basename(notesOf(file)))
      if (!existsSync(notes)) symlinkSync(join(tree, notesOf(file)), notes)
    }
  }
}
