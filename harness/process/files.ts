/** Files that are read and written whole, with complaints in one line. */
import { isUtf8 } from 'node:buffer'
import {
  closeSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from './make-folder.js'
import { UserError } from './user-error.ts'

const code = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message

/** Bytes of the largest file that is read whole, where its reader says no less: a string holds not much more. */
const MOST = 256 << 20

/** How long to wait where standard input has nothing yet and was opened so that reading does not wait. */
const WAIT_MS = 20

/** Reads a piece; waits where there is nothing yet. */
const readPiece = (file: number, piece: Buffer): number => {
  for (;;)
    try {
      return readSync(file, piece)
    } catch (error) {
      if (code(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS)
    }
}

/** What an open file has, or its first `most` bytes and one more: what is no file may have no end. */
const readUpTo = (file: number, most: number): Buffer => {
  const pieces: Buffer[] = []
  let total = 0,
    read: number
  do {
    const piece = Buffer.allocUnsafe(Math.min(1 << 20, most + 1 - total))
    read = readPiece(file, piece)
    pieces.push(piece.subarray(0, read))
    total += read
  } while (read > 0 && total <= most)
  return Buffer.concat(pieces)
}

const tooLarge = (path: string, most: number): UserError =>
  new UserError(`${path}: is larger than ${most} bytes, more than such a file can have`)

/** Bytes of the longest line: what is nested that deep takes a hundred times as much to read. */
export const MOST_OF_LINE = 4 << 20

/** The number of the first line that is as `is` says; 0 where none is. */
const lineThat = (bytes: Buffer, is: (line: Buffer) => boolean): number => {
  let line = 1
  for (let from = 0; from < bytes.length; line++) {
    const newline = bytes.indexOf('\n', from),
      end = newline < 0 ? bytes.length : newline
    if (is(bytes.subarray(from, end))) return line
    from = end + 1
  }
  return 0
}

/** The bytes of a file. Throws a UserError where it cannot be read, or has more than `most`. */
export const readBytes = (path: string, most = MOST): Buffer => {
  let bytes: Buffer
  try {
    // Opening it would wait for a writer, maybe for ever. What a shell puts in its place (/dev/fd/63) has one.
    if (lstatSync(path).isFIFO()) throw new UserError(`${path}: is a FIFO; copy its content to a file and name that`)
    const file = openSync(path, 'r')
    try {
      bytes = readUpTo(file, most)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`${path}: cannot be read (${code(error)})`)
  }
  if (bytes.length > most) throw tooLarge(path, most)
  return bytes
}

/**
 * The text that bytes of a file are, without a byte order mark. Throws a UserError where they are no UTF-8, or a line
 * is too long.
 */
export const textOf = (path: string, bytes: Buffer): string => {
  if (!isUtf8(bytes)) throw new UserError(`${path}:${lineThat(bytes, (line) => !isUtf8(line))}: is no UTF-8 text`)
  const long = lineThat(bytes, (line) => line.length > MOST_OF_LINE)
  if (long > 0)
    throw new UserError(
      `${path}:${long}: is longer than ${MOST_OF_LINE} bytes, more than a line of such a file can have`,
    )
  return bytes.toString().replace(/^\ufeff/, '')
}

/**
 * The text of a file, without a byte order mark. Throws a UserError where it cannot be read, has more than `most` bytes
 * or a line that is too long, or is no UTF-8.
 */
export const readText = (path: string, most = MOST): string => textOf(path, readBytes(path, most))

/** The text that standard input has up to its end. Throws a UserError as readText does. */
export const textOfInput = (most: number): string => {
  const name = 'standard input'
  let bytes: Buffer
  try {
    bytes = readUpTo(0, most)
  } catch (error) {
    throw new UserError(`${name}: cannot be read (${code(error)})`)
  }
  if (bytes.length > most) throw tooLarge(name, most)
  return textOf(name, bytes)
}

/** Makes a folder that a user has named, and those around it. Throws a UserError where it cannot be made. */
export const makeNamedFolder = (path: string): void => {
  try {
    makeFolder(path)
  } catch (error) {
    throw new UserError(`${path}: cannot be made (${code(error)})`)
  }
}

/** Where a file is that may be named by a link; `path` where there is none yet. */
const behindLinks = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** Whether it is a device, a pipe or a socket, such as /dev/stdout: nothing can be put in its place. */
const isStream = (path: string): boolean => {
  const there = statSync(path, { throwIfNoEntry: false })
  return there !== undefined && !there.isFile() && !there.isDirectory()
}

/**
 * Writes a file so that it is there as it was before, or complete; what is no file is written to. Throws what the system
 * says where that cannot be, and a UserError for a FIFO.
 */
export const replaceFile = (named: string, content: string | Uint8Array): void => {
  if (isStream(named)) {
    // As of one that is read.
    if (lstatSync(named).isFIFO()) throw new UserError(`${named}: is a FIFO; name a file, and copy that`)
    writeFileSync(named, content)
    return
  }
  const path = behindLinks(named)
  // In the same folder, since no file can be moved from one disk to another at once.
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}`)
  try {
    writeFileSync(draft, content)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** The same. Throws a UserError where it cannot be written. */
export const writeWhole = (path: string, content: string | Uint8Array): void => {
  try {
    replaceFile(path, content)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`${path}: cannot be written (${code(error)})`)
  }
}
