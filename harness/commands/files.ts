/** Files that commands read and write, with complaints in one line. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Complaint } from '../complaint.ts'

const code = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message

/** The text of a file. Throws a Complaint where it cannot be read. */
export const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Complaint(`${path}: cannot be read (${code(error)})`)
  }
}

/** Writes a file whole or not at all. Throws a Complaint where it cannot be written. */
export const writeWhole = (path: string, text: string): void => {
  const draft = `${path}.${process.pid}.partial`
  try {
    writeFileSync(draft, text)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw new Complaint(`${path}: cannot be written (${code(error)})`)
  }
}
