/** Folders that are made with those around them. It is asked for before TypeScript can be loaded. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const isFolder = (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/**
 * Makes the folder `path` where it is missing, and those around it. Throws what the system says where that cannot be:
 * with `recursive` Node tries for ever where a folder is there in which none can be made, as in /proc.
 *
 * @param {string} path
 * @param {number} [mode] of those that are made
 */
export const makeFolder = (path, mode = 0o777) => {
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (error.code !== 'ENOENT' || isFolder(dirname(path))) {
      if (isFolder(path)) return
      throw error
    }
    makeFolder(dirname(path), mode)
    makeFolder(path, mode)
  }
}
