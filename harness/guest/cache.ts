/** Where is kept what was fetched or built: outside the repository, shared by all checkouts, safe from other users. */
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { UserError } from '../process/user-error.ts'

/** sha256 in hex. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const todo = 'or set XDG_CACHE_HOME to a folder of yours'

/** The project's folder in a folder for caches, and the folder in it. */
const [NAME, INNER] = ['kvm-arm64-abi', 'lab']

/** The cache of a user whose environment has no XDG_CACHE_HOME, from the home folder. */
export const cacheBelowHome = join('.cache', NAME, INNER)

const home = (): string => {
  const { XDG_CACHE_HOME } = process.env
  // A relative one is to be ignored (XDG Base Directory Specification).
  return XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache')
}

/** What a disk, its limits or its permissions refuse. */
const REFUSED = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'ENOTDIR']

/** What is said where the cache cannot be written; `what` was refused, and `remedy` helps. */
export const unwritable = (what: string, remedy = 'make it writable'): UserError =>
  new UserError(`the cache cannot be written: ${what}; ${remedy}, ${todo}`)

const refused = (error: unknown): UserError => {
  const { code, path = join(home(), NAME) } = error as NodeJS.ErrnoException
  return unwritable(`${path} (${code})`, code === 'ENOSPC' || code === 'EDQUOT' ? 'make room there' : undefined)
}

/**
 * Runs what writes to the cache. Where the disk or its permissions refuse, throws a UserError with the path and the
 * errno; every other error passes.
 */
export const writing = async <T>(work: () => T | Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw REFUSED.includes(String((error as NodeJS.ErrnoException).code)) ? refused(error) : error
  }
}

/**
 * How other users could change what is in a folder, in words; undefined where they cannot. `isAbove`: it only leads to
 * what matters, so that a sticky bit is enough, and a group that is the user's own, as private groups are.
 */
const openTo = (folder: string, isAbove: boolean): string | undefined => {
  const { uid, gid, mode } = lstatSync(folder)
  if (uid !== 0 && uid !== process.geteuid?.()) return `belongs to the user ${uid}`
  const isSticky = isAbove && (mode & 0o1000) !== 0
  const isOwnGroup = isAbove && gid === process.getegid?.()
  const octal = (mode & 0o7777).toString(8)
  if ((mode & 0o002) !== 0 && !isSticky) return `can be written by everybody (mode ${octal})`
  if ((mode & 0o020) !== 0 && !isSticky && !isOwnGroup) return `can be written by the group ${gid} (mode ${octal})`
  return undefined
}

const statOf = (path: string) => lstatSync(path, { throwIfNoEntry: false })

const refuseIfOpen = (folder: string, isAbove: boolean): void => {
  const how = openTo(folder, isAbove)
  if (how !== undefined)
    throw new UserError(
      `the cache is not safe: ${folder} ${how}, so other users could change programs that are run from there; `
        + `change that, ${todo}`,
    )
}

const above = (path: string): string[] => (path === dirname(path) ? [] : [...above(dirname(path)), dirname(path)])

/** Makes one folder where it is missing. (Node's mkdir with `recursive` never returns for a path in /proc.) */
const make = (folder: string): void => {
  if (statOf(folder)) return
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it just now.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/**
 * The cache, $XDG_CACHE_HOME/kvm-arm64-abi/lab, or a place in it; the cache itself is made where it is missing.
 * Throws a UserError where that cannot be done, or where other users could change what is there.
 */
export const cachePath = (...names: string[]): string => {
  const root = join(home(), NAME)
  try {
    for (const folder of [...above(root), root, join(root, INNER)]) make(folder)
    const real = realpathSync(root)
    // Whoever can replace a link decides as much as who can replace what it leads to.
    for (const folder of new Set([...above(root), ...above(real)]))
      if (!lstatSync(folder).isSymbolicLink()) refuseIfOpen(folder, true)
    refuseIfOpen(real, false)
  } catch (error) {
    throw error instanceof UserError ? error : refused(error)
  }
  return [INNER, ...names].reduce((folder, name) => {
    const path = join(folder, name)
    if (statOf(path)?.isDirectory()) refuseIfOpen(path, false)
    return path
  }, root)
}
