/** Which files are taken for a kernel, and what is said at once of those that are not, or not whole. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { lastWords } from '../../../harness/guest/boot-failure.ts'
import { checkImage } from '../../../harness/guest/image.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

const LENGTH = 0x30000 + 0x5c0

/**
 * An Image laid out as Debian's: two sections, .data shorter in the file than in memory, and a signature behind them.
 */
const whole = (): Buffer => {
  const bytes = Buffer.alloc(LENGTH, 'code')
  bytes.fill(0, 0, 0x1000)
  bytes.write('MZ')
  bytes.writeUInt32LE(0x80000, 16)
  bytes.writeUInt32LE(0b1010, 24)
  bytes.write('ARMd@\0\0\0PE\0\0\x64\xaa\x02\0', 56, 'latin1')
  bytes.writeUInt16LE(0xa0, 0x40 + 20)
  bytes.writeUInt32LE(6, 0x58 + 108)
  const pairs: [at: number, first: number, second: number][] = [
    [0x58 + 112 + 32, 0x30000, 0x5c0],
    [0xf8 + 16, 0x10000, 0x10000],
    [0xf8 + 40 + 16, 0x10000, 0x20000],
  ]
  for (const [at, first, second] of pairs) {
    bytes.writeUInt32LE(first, at)
    bytes.writeUInt32LE(second, at + 4)
  }
  return bytes
}

const changed = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at]! ^= 1
  return copy
}

/** Zeros with a word in them. */
const with_ = (word: string, at = 0): Buffer => {
  const bytes = Buffer.alloc(4096)
  bytes.write(word, at, 'latin1')
  return bytes
}

const TAKE = 'take arch/arm64/boot/Image of the same build'
const OTHER = 'take arch/arm64/boot/Image of a kernel for arm64 (make ARCH=arm64)'
const packed = (how: string, program: string) =>
  `is compressed with ${how}, which QEMU does not unpack; unpack it (${program} -dc FILE > Image), or ${TAKE}`

describe('a kernel by path', () => {
  it('is an Image or an Image.gz, also one without a table for EFI', () => {
    checkImage(file('Image', whole()))
    checkImage(file('longer', Buffer.concat([whole(), Buffer.alloc(512)])))
    checkImage(file('Image.gz', gzipSync(whole())))
    checkImage(file('no-efi', with_('ARMd', 56)))
  })

  it('is whole: no shorter file is', () => {
    for (const length of [LENGTH - 1, 0x30000, 0x20000, 0x1000, 0x150, 64]) {
      const path = file('short', whole().subarray(0, length))
      expect(() => checkImage(path), String(length)).toThrow(/ is truncated/)
    }
    expect(() => checkImage(file('short', whole().subarray(0, 0x20000)))).toThrow(
      `short is truncated: it has 131072 bytes, its header says ${LENGTH}; build or copy it again`,
    )
  })

  const gz = gzipSync(whole())
  const half = gz.subarray(0, gz.length / 2)
  it.each<[string, Buffer, string]>([
    ['empty', Buffer.alloc(0), 'is empty; build or copy it again'],
    ['half.gz', half, 'is truncated: the gzip stream in it does not end; build or copy it again'],
    ['sum.gz', changed(gz, gz.length - 8), 'is damaged: gzip finds an incorrect data check; build or copy it again'],
    [
      'length.gz',
      changed(gz, gz.length - 4),
      'is damaged: gzip finds an incorrect length check; build or copy it again',
    ],
    [
      'half-inside.gz',
      gzipSync(whole().subarray(0, 0x20000)),
      `: what is packed in it is truncated: it has 131072 bytes, its header says ${LENGTH}; build or copy it again`,
    ],
    ['text.gz', gzipSync('noise'), `: what is packed in it is not an arm64 kernel Image; ${TAKE}, or Image.gz`],
    [
      'big-endian',
      changed(whole(), 24),
      'is a big-endian kernel, which the agent cannot be run on; build it without CONFIG_CPU_BIG_ENDIAN',
    ],
    ['vmlinux', with_(`\x7fELF\x02\x01${'\0'.repeat(12)}\xb7\0`), `is an ELF file such as vmlinux; ${TAKE}`],
    ['vmlinux-x86', with_(`\x7fELF\x02\x01${'\0'.repeat(12)}\x3e\0`), `is an ELF file for x86-64; ${OTHER}`],
    ['vmlinuz.efi', with_('MZ\0\0zimg'), `is a compressed EFI image (CONFIG_EFI_ZBOOT); ${TAKE}`],
    ['bzImage', with_('HdrS', 0x202), `is a kernel for x86 (bzImage); ${OTHER}`],
    ['zImage', with_('\x18\x28\x6f\x01', 0x24), `is a kernel for 32-bit ARM (zImage); ${OTHER}`],
    ['riscv', with_('RSC\x05', 56), `is a kernel for RISC-V; ${OTHER}`],
    ['Image.bz2', with_('BZh9'), packed('bzip2', 'bzip2')],
    ['Image.xz', with_('\xfd7zXZ\0'), packed('xz', 'xz')],
    ['Image.lz4', with_('\x02\x21\x4c\x18'), packed('lz4', 'lz4')],
    ['Image.zst', with_('\x28\xb5\x2f\xfd'), packed('zstd', 'zstd')],
    [
      'linux.deb',
      with_('!<arch>\ndebian'),
      'is an archive such as a Debian package; name a release of Debian: qemu:6.12',
    ],
    ['noise', Buffer.alloc(4096, 'x'), `is not an arm64 kernel Image; ${TAKE}, or Image.gz`],
  ])('is not %s', (name, bytes, message) => {
    const path = file(name, bytes)
    expect(() => checkImage(path)).toThrow(UserError)
    expect(() => checkImage(path)).toThrow(`${path}${message.startsWith(':') ? '' : ' '}${message}`)
  })

  it('is a file: nothing else is waited for', () => {
    expect(() => checkImage(join(folder, 'nothing'))).toThrow('nothing: no kernel can be read there (ENOENT)')
    expect(() => checkImage(folder)).toThrow(/ is a directory; name the file of a kernel Image$/)
    expect(() => checkImage('/dev/zero')).toThrow('/dev/zero is a device; name the file of a kernel Image')
    execFileSync('mkfifo', [join(folder, 'fifo')])
    expect(() => checkImage(join(folder, 'fifo'))).toThrow(/fifo is a pipe; name the file of a kernel Image$/)
  })
})

describe('a guest that stays down', () => {
  it.each([
    ['', /^its console stayed empty: .*CONFIG_SERIAL_AMBA_PL011_CONSOLE/],
    [
      '[ 1.0] a\nb\nKernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n',
      /^its console ended: .* \| b \| Kernel panic .*\(0,0\); check that it has CONFIG_BLK_DEV_INITRD/,
    ],
    [
      'kvm-arm64-abi: no virtio port kvm-arm64-abi and no /dev/ttyAMA0: No such file',
      /CONFIG_VIRTIO_CONSOLE built in$/,
    ],
    ['something else', /^its console ended: something else$/],
  ])('is told with what to check: %j', (console, words) => {
    expect(lastWords(console)).toMatch(words)
  })
})
