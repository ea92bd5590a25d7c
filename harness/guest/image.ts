/** Whether a file is a kernel that QEMU can boot, and whether it is whole. */
import { type Stats, closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { UserError } from '../process/user-error.ts'
import { kindOf } from './not-an-image.ts'

/** QEMU unpacks no more (LOAD_IMAGE_MAX_GUNZIP_BYTES). */
const LARGEST = 256 * 2 ** 20
/** Far more than stands before the code of an Image. */
const HEADER = 65536
const BIG_ENDIAN = 1
/** "PE\0\0" */
const PE = 0x4550

const code = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message

const whatElse = (stats: Stats): string =>
  stats.isDirectory() ? 'a directory' : stats.isFIFO() ? 'a pipe' : 'a device'

const firstBytes = (path: string): Buffer => {
  const bytes = Buffer.alloc(HEADER)
  const file = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(file, bytes))
  } finally {
    closeSync(file)
  }
}

/**
 * How many bytes a file must have that begins so; 0 where nothing tells. The header's own image_size counts .bss, too,
 * which no file has; the table for EFI says where each section and the signature end (Microsoft's PE Format).
 */
const lengthSaid = (header: Buffer): number => {
  const pe = header.readUInt32LE(60)
  if (pe === 0 || header.readUInt32LE(pe) !== PE) return 0
  const optional = pe + 24
  const sections = optional + header.readUInt16LE(pe + 20)
  const end = (at: number) => header.readUInt32LE(at) + header.readUInt32LE(at + 4)
  const ends = Array.from({ length: header.readUInt16LE(pe + 6) }, (_, index) => end(sections + 40 * index + 16))
  // The certificates are the fifth of the data directories.
  return Math.max(0, ...ends, header.readUInt32LE(optional + 108) > 4 ? end(optional + 112 + 8 * 4) : 0)
}

/** What is wrong with a file of that length that begins so, and what to do; undefined where it is an Image. */
const fault = (bytes: Buffer, length: number): string | undefined => {
  if (length === 0) return 'is empty; build or copy it again'
  if (bytes.toString('latin1', 56, 60) !== 'ARMd' || bytes.length < 64) {
    const { is, todo } = kindOf(bytes)
    return `is ${is}; ${todo}`
  }
  if (bytes.readUInt32LE(24) & BIG_ENDIAN)
    return 'is a big-endian kernel, which the agent cannot be run on; build it without CONFIG_CPU_BIG_ENDIAN'
  let said: number
  try {
    said = lengthSaid(bytes)
  } catch {
    return `is truncated or damaged: its header ends after ${length} bytes; build or copy it again`
  }
  if (length >= said) return undefined
  return `is truncated: it has ${length} bytes, its header says ${said}; build or copy it again`
}

/** Unpacks a gzip file to its end, where its length and its sum stand. */
const unpacked = (path: string): Buffer => {
  try {
    return gunzipSync(readFileSync(path), { maxOutputLength: LARGEST })
  } catch (error) {
    const why: Record<string, string> = {
      Z_BUF_ERROR: 'is truncated: the gzip stream in it does not end; build or copy it again',
      Z_DATA_ERROR: `is damaged: gzip finds an ${(error as Error).message}; build or copy it again`,
      ERR_BUFFER_TOO_LARGE: 'unpacks to more than the 256 MiB that QEMU takes; take arch/arm64/boot/Image itself',
    }
    throw new UserError(`${path} ${why[code(error)] ?? `cannot be unpacked (${code(error)})`}`)
  }
}

/**
 * Checks that a file is an arm64 Image, or one compressed by gzip, which QEMU unpacks itself, and that it is whole as
 * far as its header tells (Documentation/arch/arm64/booting.rst). Throws a UserError that says what it is and what to
 * take instead.
 */
export const checkImage = (path: string): void => {
  let stats: Stats, bytes: Buffer
  try {
    stats = statSync(path)
    if (!stats.isFile()) throw new UserError(`${path} is ${whatElse(stats)}; name the file of a kernel Image`)
    bytes = firstBytes(path)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`${path}: no kernel can be read there (${code(error)})`)
  }
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (isGzip && stats.size > LARGEST)
    throw new UserError(`${path} is too large for a kernel Image; take arch/arm64/boot/Image`)
  const image = isGzip ? unpacked(path) : bytes
  const what = fault(image, isGzip ? image.length : stats.size)
  if (what !== undefined) throw new UserError(isGzip ? `${path}: what is packed in it ${what}` : `${path} ${what}`)
}
