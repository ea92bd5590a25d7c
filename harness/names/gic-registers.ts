/**
 * Registers of interrupt controllers, as the GIC architecture names them: where each begins, and its bytes. No header
 * of the ABI has them, so that they are apart from names/index.ts.
 */
type Registers = Readonly<Record<string, readonly [at: number, size: number]>>

/** Of the distributor of a GICv3. */
export const gicd = {
  GICD_CTLR: [0x0000, 4],
  GICD_TYPER: [0x0004, 4],
  GICD_IIDR: [0x0008, 4],
  GICD_TYPER2: [0x000c, 4],
  GICD_STATUSR: [0x0010, 4],
  GICD_IGROUPR: [0x0080, 0x80],
  GICD_ISENABLER: [0x0100, 0x80],
  GICD_ICENABLER: [0x0180, 0x80],
  GICD_ISPENDR: [0x0200, 0x80],
  GICD_ICPENDR: [0x0280, 0x80],
  GICD_ISACTIVER: [0x0300, 0x80],
  GICD_ICACTIVER: [0x0380, 0x80],
  GICD_IPRIORITYR: [0x0400, 0x400],
  GICD_ITARGETSR: [0x0800, 0x400],
  GICD_ICFGR: [0x0c00, 0x100],
  GICD_IGRPMODR: [0x0d00, 0x80],
  GICD_IROUTER: [0x6000, 0x2000],
  GICD_IDREGS: [0xffd0, 0x30],
} as const satisfies Registers

/** Of the distributor of a GICv2 besides those. */
export const gicdV2 = {
  GICD_SGIR: [0xf00, 4],
  GICD_CPENDSGIR: [0xf10, 16],
  GICD_SPENDSGIR: [0xf20, 16],
} as const satisfies Registers

/** Of the CPU interface of a GICv2. */
export const gicc = {
  GICC_CTLR: [0x00, 4],
  GICC_PMR: [0x04, 4],
  GICC_BPR: [0x08, 4],
  GICC_ABPR: [0x1c, 4],
  GICC_APR: [0xd0, 16],
  GICC_IIDR: [0xfc, 4],
  GICC_DIR: [0x1000, 4],
} as const satisfies Registers

const SGI_BASE = 0x1_0000
/** Of a redistributor, both frames. */
export const gicr = {
  GICR_CTLR: [0x0000, 4],
  GICR_IIDR: [0x0004, 4],
  GICR_TYPER: [0x0008, 8],
  GICR_WAKER: [0x0014, 4],
  GICR_PROPBASER: [0x0070, 8],
  GICR_PENDBASER: [0x0078, 8],
  GICR_INVLPIR: [0x00a0, 8],
  GICR_INVALLR: [0x00b0, 8],
  GICR_SYNCR: [0x00c0, 4],
  GICR_IDREGS: [0xffd0, 0x30],
  GICR_IGROUPR0: [SGI_BASE + 0x080, 4],
  GICR_ISENABLER0: [SGI_BASE + 0x100, 4],
  GICR_ICENABLER0: [SGI_BASE + 0x180, 4],
  GICR_ISPENDR0: [SGI_BASE + 0x200, 4],
  GICR_ICPENDR0: [SGI_BASE + 0x280, 4],
  GICR_ISACTIVER0: [SGI_BASE + 0x300, 4],
  GICR_ICACTIVER0: [SGI_BASE + 0x380, 4],
  GICR_IPRIORITYR0: [SGI_BASE + 0x400, 32],
  GICR_ICFGR0: [SGI_BASE + 0xc00, 8],
  GICR_IGRPMODR0: [SGI_BASE + 0xd00, 4],
  GICR_NSACR: [SGI_BASE + 0xe00, 4],
} as const satisfies Registers

/** Of an ITS. */
export const gits = {
  GITS_CTLR: [0x0000, 4],
  GITS_IIDR: [0x0004, 4],
  GITS_TYPER: [0x0008, 8],
  GITS_CBASER: [0x0080, 8],
  GITS_CWRITER: [0x0088, 8],
  GITS_CREADR: [0x0090, 8],
  GITS_BASER: [0x0100, 64],
  GITS_IDREGS: [0xffd0, 0x30],
} as const satisfies Registers

/** Commands of an ITS. */
export const itsCommands = {
  MOVI: 0x01,
  INT: 0x03,
  CLEAR: 0x04,
  SYNC: 0x05,
  MAPD: 0x08,
  MAPC: 0x09,
  MAPTI: 0x0a,
  MAPI: 0x0b,
  INV: 0x0c,
  INVALL: 0x0d,
  MOVALL: 0x0e,
  DISCARD: 0x0f,
} as const

/** op0 3 and op1 0; then CRn, CRm and op2, as attributes have them. */
const sysreg = (crn: number, crm: number, op2: number) => (3 << 14) | (crn << 7) | (crm << 3) | op2

/**
 * System registers of the CPU interface of a GICv3, by their encoding; ICC_AP0R0_EL1 and ICC_AP1R0_EL1 begin four each.
 */
export const icc = {
  ICC_PMR_EL1: sysreg(4, 6, 0),
  ICC_BPR0_EL1: sysreg(12, 8, 3),
  ICC_AP0R0_EL1: sysreg(12, 8, 4),
  ICC_AP1R0_EL1: sysreg(12, 9, 0),
  ICC_BPR1_EL1: sysreg(12, 12, 3),
  ICC_CTLR_EL1: sysreg(12, 12, 4),
  ICC_SRE_EL1: sysreg(12, 12, 5),
  ICC_IGRPEN0_EL1: sysreg(12, 12, 6),
  ICC_IGRPEN1_EL1: sysreg(12, 12, 7),
} as const
