/**
 * The folders of runs for which nobody names one: each has its own, whose name sorts by time, and `latest` points at
 * the one that was begun last. A run that could not be begun leaves none. Of those that are done the newest ten stay,
 * and of those that can be finished the newest ten.
 */
import { readdirSync, renameSync, rmdirSync, rmSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from '../../harness/process/make-folder.js'
import { lockFolder } from './folder-lock.ts'
import { readResults } from './results.ts'

export const LATEST = 'latest'

const KEPT = 10

/** `20261121T153412.042Z-4711`: when it was begun, and by which process. */
const nameNow = (): string => `${new Date().toISOString().replaceAll(/[-:]/g, '')}-${process.pid}`
const isRun = /^\d{8}T\d{6}\.\d{3}Z-\d+$/

const isDone = (folder: string): boolean => {
  try {
    return !readResults(folder).incomplete
  } catch {
    return false
  }
}

/** Removes what is older than what stays, but no folder in which a run is under way. */
const removeOld = async (parent: string): Promise<void> => {
  const all = readdirSync(parent)
    .filter((name) => isRun.test(name))
    .sort()
    .reverse()
    .map((name) => join(parent, name))
  const done = new Set(all.filter(isDone))
  const old = [all.filter((f) => done.has(f)), all.filter((f) => !done.has(f))].flatMap((kind) => kind.slice(KEPT))
  for (const folder of old) {
    const owned = await lockFolder(folder).catch(() => undefined)
    if (owned) rmSync(folder, { recursive: true, force: true })
    owned?.release()
  }
}

/**
 * Makes a folder for a run in `parent`. Where that is not possible the path is given all the same: whoever writes there
 * will say why.
 */
export const folderForRun = async (parent: string): Promise<string> => {
  const folder = join(parent, nameNow())
  try {
    makeFolder(folder)
    await removeOld(parent)
  } catch {
    // Its first report will say why nothing can be written there.
  }
  return folder
}

/** Lets `latest` point at the folder of a run that begins; one that a user has named is not among those. */
export const makeLatest = (folder: string): void => {
  if (!isRun.test(basename(folder))) return
  const parent = dirname(folder)
  const draft = join(parent, `.${LATEST}.${process.pid}`)
  try {
    rmSync(draft, { force: true })
    symlinkSync(basename(folder), draft)
    renameSync(draft, join(parent, LATEST))
  } catch {
    // Its first report will say why nothing can be written there.
  }
}

/** Removes the folder of a run that was not begun, in which nothing is. */
export const dropUnbegun = (folder: string): void => {
  if (!isRun.test(basename(folder))) return
  try {
    rmdirSync(folder)
  } catch {
    // Something is in it.
  }
}
