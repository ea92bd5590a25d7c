/** Files of JSON, a line a record, which grow while a run plays; a run that is killed may cut off the last line. */
import type { z } from 'zod'
import { MOST_OF_LINE, readBytes, textOf } from '../../harness/process/files.ts'
import { UserError } from '../../harness/process/user-error.ts'

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * One line of the file, in the shape given. Throws a UserError that begins with `where`; `wanted` says what it should
 * be.
 */
export const parseLine = <T>(shape: z.ZodType<T>, text: string, where: string, wanted: string): T => {
  const value = parsed(text)
  if (value === undefined) throw new UserError(`${where}: this is not JSON; expected ${wanted}`)
  const { success, data, error } = shape.safeParse(value)
  if (success) return data
  const { path, message } = error.issues[0]!
  throw new UserError(`${where}: ${path.join('.') || 'line'}: ${message}`)
}

/**
 * The lines of a file, but for a last one that is cut off. Throws a UserError where it cannot be read, or is no text.
 */
export const readLines = (file: string): { lines: string[]; isCutOff: boolean } => {
  const bytes = readBytes(file)
  // Of a character that is cut off in its middle, too.
  const end = bytes.lastIndexOf('\n') + 1
  const [lines, last] = [textOf(file, bytes.subarray(0, end)).split(/\r?\n/).slice(0, -1), bytes.toString('utf8', end)]
  const isWhole = last.length <= MOST_OF_LINE && parsed(last) !== undefined
  return { lines: isWhole ? [...lines, last] : lines, isCutOff: last !== '' && !isWhole }
}
