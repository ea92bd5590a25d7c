/**
 * Register ids of KVM_GET_ONE_REG and KVM_SET_ONE_REG, 64 bits wide: the numbers and macros of asm/kvm.h. All bigint,
 * because ids are made by ORing them.
 */
import { UserError } from '../process/user-error.ts'

export const regs = {
  KVM_REG_ARCH_MASK: 0xff00_0000_0000_0000n,
  KVM_REG_GENERIC: 0n,
  KVM_REG_ARM: 0x4000_0000_0000_0000n,
  KVM_REG_ARM64: 0x6000_0000_0000_0000n,
  KVM_REG_SIZE_SHIFT: 52n,
  KVM_REG_SIZE_MASK: 0x00f0_0000_0000_0000n,
  KVM_REG_SIZE_U8: 0n,
  KVM_REG_SIZE_U16: 0x0010_0000_0000_0000n,
  KVM_REG_SIZE_U32: 0x0020_0000_0000_0000n,
  KVM_REG_SIZE_U64: 0x0030_0000_0000_0000n,
  KVM_REG_SIZE_U128: 0x0040_0000_0000_0000n,
  KVM_REG_SIZE_U256: 0x0050_0000_0000_0000n,
  KVM_REG_SIZE_U512: 0x0060_0000_0000_0000n,
  KVM_REG_SIZE_U1024: 0x0070_0000_0000_0000n,
  KVM_REG_SIZE_U2048: 0x0080_0000_0000_0000n,
  KVM_REG_ARM_COPROC_SHIFT: 16n,
  KVM_REG_ARM_COPROC_MASK: 0x0fff_0000n,

  KVM_REG_ARM_CORE: 0x0010_0000n,
  KVM_REG_ARM_DEMUX: 0x0011_0000n,
  KVM_REG_ARM_DEMUX_ID_MASK: 0xff00n,
  KVM_REG_ARM_DEMUX_ID_SHIFT: 8n,
  KVM_REG_ARM_DEMUX_ID_CCSIDR: 0n,
  KVM_REG_ARM_DEMUX_VAL_MASK: 0xffn,
  KVM_REG_ARM_DEMUX_VAL_SHIFT: 0n,

  KVM_REG_ARM64_SYSREG: 0x0013_0000n,
  KVM_REG_ARM64_SYSREG_OP0_MASK: 0xc000n,
  KVM_REG_ARM64_SYSREG_OP0_SHIFT: 14n,
  KVM_REG_ARM64_SYSREG_OP1_MASK: 0x3800n,
  KVM_REG_ARM64_SYSREG_OP1_SHIFT: 11n,
  KVM_REG_ARM64_SYSREG_CRN_MASK: 0x780n,
  KVM_REG_ARM64_SYSREG_CRN_SHIFT: 7n,
  KVM_REG_ARM64_SYSREG_CRM_MASK: 0x78n,
  KVM_REG_ARM64_SYSREG_CRM_SHIFT: 3n,
  KVM_REG_ARM64_SYSREG_OP2_MASK: 0x7n,
  KVM_REG_ARM64_SYSREG_OP2_SHIFT: 0n,

  KVM_REG_ARM_FW: 0x0014_0000n,
  KVM_REG_ARM_FW_FEAT_BMAP: 0x0016_0000n,

  KVM_REG_ARM64_SVE: 0x0015_0000n,
  KVM_REG_ARM64_SVE_ZREG_BASE: 0n,
  KVM_REG_ARM64_SVE_PREG_BASE: 0x400n,
  KVM_REG_ARM64_SVE_FFR_BASE: 0x600n,
  KVM_ARM64_SVE_NUM_ZREGS: 32n,
  KVM_ARM64_SVE_NUM_PREGS: 16n,
  KVM_ARM64_SVE_MAX_SLICES: 32n,
  KVM_ARM64_SVE_VQ_MIN: 1n,
  KVM_ARM64_SVE_VQ_MAX: 512n,
  KVM_ARM64_SVE_VLS_WORDS: 8n,
} as const

/** A number that fits the field it is for, as bigint; what names field and register in the UserError otherwise. */
const within = (what: string, value: number, limit: number): bigint => {
  if (Number.isInteger(value) && value >= 0 && value < limit) return BigInt(value)
  throw new UserError(`${what} is ${value}: write a whole number from 0 to ${limit - 1}`)
}

const u64 = regs.KVM_REG_ARM64 | regs.KVM_REG_SIZE_U64

/** The id of a system register by the numbers of its encoding. Throws UserError where one does not fit its field. */
export const arm64SysReg = (op0: number, op1: number, crn: number, crm: number, op2: number): bigint =>
  u64
  | regs.KVM_REG_ARM64_SYSREG
  | (within('op0 of ARM64_SYS_REG', op0, 4) << regs.KVM_REG_ARM64_SYSREG_OP0_SHIFT)
  | (within('op1 of ARM64_SYS_REG', op1, 8) << regs.KVM_REG_ARM64_SYSREG_OP1_SHIFT)
  | (within('crn of ARM64_SYS_REG', crn, 16) << regs.KVM_REG_ARM64_SYSREG_CRN_SHIFT)
  | (within('crm of ARM64_SYS_REG', crm, 16) << regs.KVM_REG_ARM64_SYSREG_CRM_SHIFT)
  | within('op2 of ARM64_SYS_REG', op2, 8)

/**
 * The id of a field of struct kvm_regs; the id counts in words of 4 bytes. Any whole word and any size of 1 to 32768
 * bytes makes an id, also one that no kernel accepts. Throws UserError for an offset or size that no id can express.
 */
export const coreReg = (offsetInBytes: number, sizeBytes: number): bigint => {
  const log2 = Math.log2(sizeBytes)
  if (!Number.isInteger(log2)) {
    throw new UserError(`the size of a core register is ${sizeBytes}: write a power of two, in bytes`)
  }
  return (
    regs.KVM_REG_ARM64
    | regs.KVM_REG_ARM_CORE
    | (within('log2 of the size of a core register', log2, 16) << regs.KVM_REG_SIZE_SHIFT)
    | within('offset of a core register, in words of 4 bytes,', offsetInBytes / 4, 0x10000)
  )
}

/** The id of slice `slice` (2048 bits each) of vector register Zn. */
export const sveZReg = (n: number, slice: number): bigint =>
  regs.KVM_REG_ARM64
  | regs.KVM_REG_ARM64_SVE
  | regs.KVM_REG_SIZE_U2048
  | regs.KVM_REG_ARM64_SVE_ZREG_BASE
  | (within('n of KVM_REG_ARM64_SVE_ZREG', n, 32) << 5n)
  | within('slice of KVM_REG_ARM64_SVE_ZREG', slice, 32)

/** The id of slice `slice` (256 bits each) of predicate register Pn. */
export const svePReg = (n: number, slice: number): bigint =>
  regs.KVM_REG_ARM64
  | regs.KVM_REG_ARM64_SVE
  | regs.KVM_REG_SIZE_U256
  | regs.KVM_REG_ARM64_SVE_PREG_BASE
  | (within('n of KVM_REG_ARM64_SVE_PREG', n, 16) << 5n)
  | within('slice of KVM_REG_ARM64_SVE_PREG', slice, 32)

/** The id of slice `slice` (256 bits each) of the first-fault register. */
export const sveFfr = (slice: number): bigint =>
  regs.KVM_REG_ARM64
  | regs.KVM_REG_ARM64_SVE
  | regs.KVM_REG_SIZE_U256
  | regs.KVM_REG_ARM64_SVE_FFR_BASE
  | within('slice of KVM_REG_ARM64_SVE_FFR', slice, 32)

/** The id of CCSIDR_EL1 as seen when CSSELR_EL1 is n. */
export const demuxCcsidr = (n: number): bigint =>
  regs.KVM_REG_ARM64
  | regs.KVM_REG_SIZE_U32
  | regs.KVM_REG_ARM_DEMUX
  | regs.KVM_REG_ARM_DEMUX_ID_CCSIDR
  | within('n of KVM_REG_ARM_DEMUX_ID_CCSIDR', n, 0x100)

/** The id of firmware pseudo-register n. */
export const fwReg = (n: number): bigint => u64 | regs.KVM_REG_ARM_FW | within('n of KVM_REG_ARM_FW_REG', n, 0x10000)

/** The id of the firmware's feature bitmap n. */
export const fwBmapReg = (n: number): bigint =>
  u64 | regs.KVM_REG_ARM_FW_FEAT_BMAP | within('n of KVM_REG_ARM_FW_FEAT_BMAP_REG', n, 0x10000)

/** Registers with a name of their own. TIMER_CVAL and TIMER_CNT have each other's encoding: a slip that became ABI. */
export const namedRegs = {
  KVM_REG_ARM_TIMER_CTL: arm64SysReg(3, 3, 14, 3, 1),
  KVM_REG_ARM_TIMER_CVAL: arm64SysReg(3, 3, 14, 0, 2),
  KVM_REG_ARM_TIMER_CNT: arm64SysReg(3, 3, 14, 3, 2),
  KVM_REG_ARM_PTIMER_CTL: arm64SysReg(3, 3, 14, 2, 1),
  KVM_REG_ARM_PTIMER_CVAL: arm64SysReg(3, 3, 14, 2, 2),
  KVM_REG_ARM_PTIMER_CNT: arm64SysReg(3, 3, 14, 0, 1),
  KVM_REG_ARM_PSCI_VERSION: fwReg(0),
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1: fwReg(1),
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2: fwReg(2),
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3: fwReg(3),
  KVM_REG_ARM_STD_BMAP: fwBmapReg(0),
  KVM_REG_ARM_STD_HYP_BMAP: fwBmapReg(1),
  KVM_REG_ARM_VENDOR_HYP_BMAP: fwBmapReg(2),
  KVM_REG_ARM_VENDOR_HYP_BMAP_2: fwBmapReg(3),
  KVM_REG_ARM64_SVE_VLS: regs.KVM_REG_ARM64 | regs.KVM_REG_ARM64_SVE | regs.KVM_REG_SIZE_U512 | 0xffffn,
} as const
