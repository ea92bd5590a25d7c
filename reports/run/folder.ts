/** The folder that reports are written to. A full disk costs the reports, not the run. */
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../harness/process/make-folder.js'
import { replaceFile } from '../../harness/process/files.ts'

export interface Folder {
  path: string
  /** What could not be written, one line; undefined while all could. */
  readonly trouble: string | undefined
  /** Adds to a file. */
  append(name: string, text: string): void
  /** Writes a file whole: it is there as it was before, or complete. */
  write(name: string, content: string | Buffer): void
  remove(name: string): void
  /** Does something else in the folder, under the same care. */
  attempt(name: string, work: () => void): void
}

/** Opens the folder, making it where it is missing. `tell` is called once, with the first trouble. */
export const folder = (path: string, tell: (line: string) => void): Folder => {
  let trouble: string | undefined
  const attempt = (name: string, work: () => void) => {
    try {
      work()
    } catch (error) {
      if (trouble !== undefined) return
      const { code, message } = error as NodeJS.ErrnoException
      trouble =
        `${join(path, name)} cannot be written (${code ?? message}); `
        + 'the run goes on without reports that are whole'
      tell(trouble)
    }
  }
  attempt('', () => makeFolder(path))
  return {
    path,
    get trouble() {
      return trouble
    },
    append: (name, text) => attempt(name, () => appendFileSync(join(path, name), text)),
    write: (name, content) => attempt(name, () => replaceFile(join(path, name), content)),
    remove: (name) => attempt(name, () => rmSync(join(path, name), { recursive: true, force: true })),
    attempt,
  }
}
