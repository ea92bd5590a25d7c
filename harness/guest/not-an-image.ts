/** What a file is that is no arm64 Image, by its first bytes, and what to take instead. */

/** What it is, and what to do. */
interface Kind {
  is: string
  todo: string
}

const IMAGE = 'take arch/arm64/boot/Image of the same build'
const OTHER = 'take arch/arm64/boot/Image of a kernel for arm64 (make ARCH=arm64)'

const has = (bytes: Buffer, at: number, word: string): boolean =>
  bytes.toString('latin1', at, at + word.length) === word

const ARM64 = 183
const machines: Record<number, string> = {
  3: 'x86',
  8: 'MIPS',
  21: 'POWER',
  22: 's390',
  40: '32-bit ARM',
  62: 'x86-64',
  243: 'RISC-V',
  258: 'LoongArch',
}

const elf = (bytes: Buffer): Kind => {
  const machine = bytes.length < 20 ? 0 : bytes[5] === 2 ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18)
  return machine === ARM64 || !machines[machine]
    ? { is: 'an ELF file such as vmlinux', todo: IMAGE }
    : { is: `an ELF file for ${machines[machine]}`, todo: OTHER }
}

const packed = (how: string, program: string): Kind => ({
  is: `compressed with ${how}, which QEMU does not unpack`,
  todo: `unpack it (${program} -dc FILE > Image), or ${IMAGE}`,
})

const beginnings: [at: number, word: string, kind: (bytes: Buffer) => Kind][] = [
  [0, '\x7fELF', elf],
  [4, 'zimg', () => ({ is: 'a compressed EFI image (CONFIG_EFI_ZBOOT)', todo: IMAGE })],
  [0x202, 'HdrS', () => ({ is: 'a kernel for x86 (bzImage)', todo: OTHER })],
  [0x24, '\x18\x28\x6f\x01', () => ({ is: 'a kernel for 32-bit ARM (zImage)', todo: OTHER })],
  [0x24, '\x01\x6f\x28\x18', () => ({ is: 'a kernel for 32-bit ARM (zImage)', todo: OTHER })],
  [56, 'RSC\x05', () => ({ is: 'a kernel for RISC-V', todo: OTHER })],
  [0, 'BZh', () => packed('bzip2', 'bzip2')],
  [0, '\xfd7zXZ\0', () => packed('xz', 'xz')],
  [0, '\x5d\0\0', () => packed('lzma', 'xz --format=lzma')],
  [0, '\x02\x21\x4c\x18', () => packed('lz4', 'lz4')],
  [0, '\x04\x22\x4d\x18', () => packed('lz4', 'lz4')],
  [0, '\x28\xb5\x2f\xfd', () => packed('zstd', 'zstd')],
  [0, '\x89LZO', () => packed('lzo', 'lzop')],
  [0, '\x27\x05\x19\x56', () => ({ is: 'an image for U-Boot', todo: IMAGE })],
  [0, '\xd0\x0d\xfe\xed', () => ({ is: 'a device tree or a FIT image', todo: IMAGE })],
  [0, '!<arch>\n', () => ({ is: 'an archive such as a Debian package', todo: 'name a release of Debian: qemu:6.12' })],
  [0, '070701', () => ({ is: 'an initramfs', todo: IMAGE })],
]

/** Says what a file is that is no arm64 Image. */
export const kindOf = (bytes: Buffer): Kind =>
  beginnings.find(([at, word]) => has(bytes, at, word))?.[2](bytes) ?? {
    is: 'not an arm64 kernel Image',
    todo: `${IMAGE}, or Image.gz`,
  }
