/** The A64 instructions that guest programs are made of, as far as the table knows what they do. */

export type Instruction =
  /** `rd` keeps these bits, and has the value in the others. */
  | { does: 'move'; rd: number; keeps: bigint; value: bigint }
  | Access
  | { does: 'add'; rd: number; rn: number; value: bigint }
  | { does: 'branch'; by: bigint }
  | { does: 'hvc' }
  | { does: 'smc'; immediate: number }
  | { does: 'brk'; comment: number }
  /** Reads a register that exceptions change. */
  | { does: 'mrs'; rt: number; of: 'esr' | 'far' | 'elr' | 'spsr' }
  | { does: 'eret' }
  /** Asks a GICv3 for an interrupt, and tells it that the guest is done with one. */
  | { does: 'acknowledge'; rt: number }
  | { does: 'end interrupt' }
  /** Sends an interrupt to vcpus of a GICv3. */
  | { does: 'send'; rt: number; isGroup1: boolean }

export interface Access {
  does: 'load' | 'store'
  /** Registers; 31 is the zero register. */
  rt: number
  rn: number
  /** In bytes. */
  size: number
  offset: bigint
  /** Bits of the register that a load fills with the sign; 0 where it fills them with zeros. */
  signed: 0 | 32 | 64
  /** What is added to `rn` afterwards; the CPU tells a hypervisor nothing of such an access. */
  writesBack?: bigint
}

const bitsOf = (word: number, at: number, width: number): number => (word >>> at) & (2 ** width - 1)
const signedBits = (word: number, at: number, width: number): bigint =>
  BigInt.asIntN(width, BigInt(bitsOf(word, at, width)))

const move = (word: number): Instruction => {
  const shift = BigInt(bitsOf(word, 21, 2) * 16)
  const keepsOthers = bitsOf(word, 29, 2) === 3
  const whole = bitsOf(word, 31, 1) === 1 ? 64 : 32
  return {
    does: 'move',
    rd: bitsOf(word, 0, 5),
    keeps: keepsOthers ? BigInt.asUintN(whole, ~(0xffffn << shift)) : 0n,
    value: BigInt(bitsOf(word, 5, 16)) << shift,
  }
}

const access = (word: number, offset: bigint, writesBack?: bigint): Access => {
  const kind = bitsOf(word, 22, 2)
  return {
    does: kind === 0 ? 'store' : 'load',
    rt: bitsOf(word, 0, 5),
    rn: bitsOf(word, 5, 5),
    size: 1 << bitsOf(word, 30, 2),
    offset,
    signed: kind < 2 ? 0 : kind === 2 ? 64 : 32,
    ...(writesBack !== undefined && { writesBack }),
  }
}

/** MRS of each, but for the register that it goes to. */
const systemRegisters = { esr: 0xd538_5200, far: 0xd538_6000, elr: 0xd538_4020, spsr: 0xd538_4000 } as const

const forms: readonly { mask: number; bits: number; read(word: number): Instruction }[] = [
  // MOVZ and MOVK, of x and of w.
  { mask: 0x7f80_0000, bits: 0x5280_0000, read: move },
  { mask: 0x7f80_0000, bits: 0x7280_0000, read: move },
  // ADD of a number to an x; 31 would be the stack pointer, which no program has.
  {
    mask: 0xff80_0000,
    bits: 0x9100_0000,
    read: (word) => ({
      does: 'add',
      rd: bitsOf(word, 0, 5),
      rn: bitsOf(word, 5, 5),
      value: BigInt(bitsOf(word, 10, 12)) << BigInt(bitsOf(word, 22, 1) * 12),
    }),
  },
  // Loads and stores of one general register: with an unsigned offset, and with one that is added afterwards.
  {
    mask: 0x3f00_0000,
    bits: 0x3900_0000,
    read: (word) => access(word, BigInt(bitsOf(word, 10, 12) << bitsOf(word, 30, 2))),
  },
  { mask: 0x3f20_0c00, bits: 0x3800_0400, read: (word) => access(word, 0n, signedBits(word, 12, 9)) },
  { mask: 0xfc00_0000, bits: 0x1400_0000, read: (word) => ({ does: 'branch', by: 4n * signedBits(word, 0, 26) }) },
  { mask: 0xffe0_001f, bits: 0xd400_0002, read: () => ({ does: 'hvc' }) },
  { mask: 0xffe0_001f, bits: 0xd400_0003, read: (word) => ({ does: 'smc', immediate: bitsOf(word, 5, 16) }) },
  ...(Object.keys(systemRegisters) as (keyof typeof systemRegisters)[]).map((of) => ({
    mask: 0xffff_ffe0,
    bits: systemRegisters[of],
    read: (word: number): Instruction => ({ does: 'mrs', rt: bitsOf(word, 0, 5), of }),
  })),
  { mask: 0xffff_ffff, bits: 0xd69f_03e0, read: () => ({ does: 'eret' }) },
  // MRS of ICC_IAR1_EL1, MSR of ICC_EOIR1_EL1.
  { mask: 0xffff_ffe0, bits: 0xd538_cc00, read: (word) => ({ does: 'acknowledge', rt: bitsOf(word, 0, 5) }) },
  { mask: 0xffff_ffe0, bits: 0xd518_cc20, read: () => ({ does: 'end interrupt' }) },
  // MSR of ICC_SGI1R_EL1, ICC_ASGI1R_EL1 and ICC_SGI0R_EL1.
  ...[0xd518_cba0, 0xd518_cbc0, 0xd518_cbe0].map((bits, i) => ({
    mask: 0xffff_ffe0,
    bits,
    read: (word: number): Instruction => ({ does: 'send', rt: bitsOf(word, 0, 5), isGroup1: i === 0 }),
  })),
  { mask: 0xffe0_001f, bits: 0xd420_0000, read: (word) => ({ does: 'brk', comment: bitsOf(word, 5, 16) }) },
]

/** What the word of an instruction does; undefined where it is none of those that guest programs have. */
export const instructionOf = (word: number): Instruction | undefined =>
  forms.find(({ mask, bits }) => (word & mask) >>> 0 === bits)?.read(word)
