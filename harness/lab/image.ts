// Whether a file is a kernel that QEMU can boot.
import { closeSync, openSync, readSync } from 'node:fs'
import { constants, gunzipSync } from 'node:zlib'
import { Complaint } from '../complaint.ts'

const firstBytes = (path: string): Buffer => {
  const bytes = Buffer.alloc(65536)
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    throw new Complaint(`${path}: no kernel can be read there (${(error as { code?: string }).code})`)
  }
  try {
    return bytes.subarray(0, readSync(file, bytes))
  } catch (error) {
    throw new Complaint(`${path}: not a kernel Image (${(error as { code?: string }).code})`)
  } finally {
    closeSync(file)
  }
}

/**
 * Checks that a file is an arm64 Image, or one compressed by gzip, which QEMU unpacks itself
 * (Documentation/arch/arm64/booting.rst: the word "ARM\x64" stands at byte 56). Throws a Complaint where it is neither.
 */
export const checkImage = (path: string): void => {
  const bytes = firstBytes(path)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  let header = bytes
  try {
    if (isGzip) header = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    header = Buffer.alloc(0)
  }
  if (header.toString('latin1', 56, 60) === 'ARMd') return
  const hint = bytes.toString('latin1', 4, 8) === 'zimg' ? 'it is a compressed EFI image; take arch/arm64/boot/Image'
    : bytes.toString('latin1', 1, 4) === 'ELF' ? 'it is an ELF file such as vmlinux; take arch/arm64/boot/Image'
      : 'take arch/arm64/boot/Image or Image.gz'
  throw new Complaint(`${path}: not an arm64 kernel Image; ${hint}`)
}
