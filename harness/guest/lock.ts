/** One process at a time fills a part of the cache, in a folder of its own that goes with it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cachePath, unwritable, writing } from './cache.ts'
import { spawnChild } from '../process/child.ts'
import { needProgram } from '../process/programs.ts'

const SAY_SO_AFTER_MS = 3000

/** Does `work` while no other process holds the lock of that name. The lock ends with this process, however it ends. */
const withLock = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  needProgram('flock', 'fill the cache')
  const path = cachePath(`${name}.lock`)
  const child = spawnChild(['flock', path, 'sh', '-c', 'echo; exec cat'], ['pipe', 'pipe', 'pipe'])
  const waiting = setTimeout(() => {
    process.stderr.write(`waiting for another process, which holds ${path}\n`)
  }, SAY_SO_AFTER_MS)
  const held = new Promise<boolean>((resolve) => child.process.stdout!.once('data', () => resolve(true)))
  try {
    if (!(await Promise.race([held, child.ended.then(() => false)]))) throw unwritable(child.stderr().trim())
    clearTimeout(waiting)
    return await work()
  } finally {
    clearTimeout(waiting)
    child.process.stdin!.end()
    await child.ended
  }
}

/**
 * Does `work` with an empty folder of the cache, which no other process has and which is gone afterwards, unless it was
 * moved. `part` is what of the cache is filled, one process at a time. Throws a UserError where the cache cannot be
 * written.
 */
export const withDraft = <T>(part: string, work: (draft: string) => Promise<T>): Promise<T> =>
  withLock(part, () =>
    writing(async () => {
      const start = `draft-${part}-`
      // Who made these held the lock, and ended before they were removed.
      for (const name of readdirSync(cachePath()))
        if (name.startsWith(start)) rmSync(cachePath(name), { recursive: true, force: true })
      // Not the same name again: a compiler may have outlived who called it, and still write.
      const draft = mkdtempSync(join(cachePath(), start))
      try {
        return await work(draft)
      } finally {
        rmSync(draft, { recursive: true, force: true })
      }
    }),
  )
