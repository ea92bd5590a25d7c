/** Registers and values for KVM_GET_ONE_REG and KVM_SET_ONE_REG, and what shows the state of a vcpu. */
import { PC, PSTATE, X } from '../../names/index.ts'
import { SVE } from './vcpu-init.ts'

const X0 = X(0)
const VLS = 'KVM_REG_ARM64_SVE_VLS',
  VERSION = 'KVM_REG_ARM_PSCI_VERSION',
  BITMAP = 'KVM_REG_ARM_STD_BMAP'
const PFR0 = 'ARM64_SYS_REG(3, 0, 0, 4, 0)',
  DFR0 = 'ARM64_SYS_REG(3, 0, 0, 5, 0)',
  SCTLR = 'ARM64_SYS_REG(3, 0, 1, 0, 0)',
  MIDR = 'ARM64_SYS_REG(3, 0, 0, 0, 0)'
/** What shows a vcpu's state. */
export const reads = [
  (v: string) => `${v}: KVM_GET_REG_LIST(n = 1000)`,
  (v: string) => `${v}: KVM_GET_ONE_REG(${PC})`,
  (v: string) => `${v}: KVM_GET_ONE_REG(${VLS})`,
  (v: string) => `${v}: KVM_GET_ONE_REG(${VERSION})`,
  (v: string) => `${v}: KVM_RUN(immediate_exit)`,
  (v: string) => `${v}: KVM_ARM_VCPU_FINALIZE(${SVE})`,
  (v: string) => `${v}: KVM_GET_VCPU_EVENTS`,
  (v: string) => `${v}: KVM_GET_ONE_REG(ARM64_SYS_REG(3, 3, 9, 12, 0))`,
  (v: string) => `${v}: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))`,
]
/** What is asked for too early. */
export const early = [
  ...reads,
  (v: string) => `${v}: KVM_SET_ONE_REG(${X0}, &0x1)`,
  (v: string) => `${v}: KVM_SET_ONE_REG(${VLS}, &0x1)`,
  (v: string) => `${v}: KVM_GET_REG_LIST(n = 0)`,
  (v: string) => `${v}: KVM_GET_ONE_REG(&short(15), ${PC})`,
  (v: string) => `${v}: KVM_SET_ONE_REG(&unmapped, ${PC}, &0x1)`,
  (v: string) => `${v}: KVM_GET_REG_LIST(&unmapped, n = 0)`,
  (v: string) => `${v}: KVM_ARM_VCPU_FINALIZE(&unmapped, ${SVE})`,
  (v: string) => `${v}: KVM_RUN(immediate_exit, arg = 1)`,
  (v: string) => `${v}: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x1)`,
  (v: string) => `${v}: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &unmapped)`,
  (v: string) => `${v}: KVM_GET_VCPU_EVENTS(&unmapped)`,
  (v: string) => `${v}: KVM_SET_VCPU_EVENTS(&unmapped)`,
  (v: string) => `${v}: KVM_SET_VCPU_EVENTS`,
]
/** A register, a value that is refused somewhere, and one that is taken. */
export const settings: readonly (readonly [string, string, string])[] = [
  [PC, '&unmapped, &0x0', '&0x1234'],
  [PSTATE, '&0x9', '&0x3c5'],
  [PSTATE, '&0x1d', '&0x1d3'],
  [VLS, '&0x0', '&0x1'],
  [VLS, '&0x5', '&0x1'],
  [VERSION, '&0x7', '&0x2'],
  [VERSION, '&0x10004', '&0x1'],
  [BITMAP, '&0x8000000000000000', '&0x0'],
  [PFR0, '&0x0', '&reset'],
  [DFR0, '&0x0', '&reset'],
  [SCTLR, '&short(7), &0x0', '&reset'],
  [MIDR, '&0x0', '&reset'],
  ['KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1', '&0x3', '&0x0'],
  ['KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2', '&0x13', '&0x0'],
  ['KVM_REG_ARM_DEMUX_ID_CCSIDR(0)', '&reset ^ 0x1', '&reset'],
  ['KVM_REG_ARM_FW_REG(5)', '&0x0', '&0x0'],
  ['KVM_REG_ARM_FW_FEAT_BMAP_REG(9)', '&0x0', '&0x0'],
  ['KVM_REG_ARM64_SVE_ZREG(0, 0)', '&unmapped', '&0x1'],
  ['ARM64_SYS_REG(3, 3, 0, 0, 1)', '&0x0', '&reset'],
  ['ARM64_SYS_REG(3, 7, 15, 15, 7)', '&unmapped', '&0x0'],
]
export const neighbouringValues = [
  [`${PSTATE}, &0x3c5`, `${PSTATE}, &0x3c6`, `${PSTATE}, &0x3c4`],
  [`${PSTATE}, &0x10`, `${PSTATE}, &0x1f`],
  [`${VLS}, &0x1`, `${VLS}, &0x2`, `${VLS}, &0x3`],
  [`${VLS}, &0xf`, `${VLS}, &0x7`],
  [`${VERSION}, &0x1`, `${VERSION}, &0x2`],
  [`${VERSION}, &0x10001`, `${VERSION}, &0x10002`, `${VERSION}, &0x10003`],
  [`${BITMAP}, &0x1`, `${BITMAP}, &0x2`, `${BITMAP}, &0x0`],
  [`${PFR0}, &0x0`, `${PFR0}, &reset`],
  [`${DFR0}, &0x0`, `${DFR0}, &reset`],
]
const CCSIDR = 'KVM_REG_ARM_DEMUX_ID_CCSIDR'
export const neighbouringIds = [
  [`${CCSIDR}(12)`, `${CCSIDR}(13)`, `${CCSIDR}(14)`],
  [`${CCSIDR}(0)`, `${CCSIDR}(0), &unmapped`],
  ['KVM_REG_ARM64_SVE_ZREG(0, 0)', 'KVM_REG_ARM64_SVE_ZREG(0, 1)'],
  ['KVM_REG_ARM64_SVE_PREG(15, 0)', 'KVM_REG_ARM64_SVE_FFR(1)'],
  ['KVM_REG_ARM_CORE_REG(fp_regs.vregs[0])', 'KVM_REG_ARM64_SVE_ZREG(0, 0)'],
  ['KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]), &unmapped', 'KVM_REG_ARM64_SVE_ZREG(0, 0), &short(3)'],
  ['KVM_REG_ARM_FW_REG(2)', 'KVM_REG_ARM_FW_REG(3)', 'KVM_REG_ARM_FW_REG(4)'],
  [MIDR, `${MIDR}, &short(7)`],
  ['0x60300000001000d4', '0x60300000001000d5', '0x6030000000100001'],
]
/** Registers whose refusal the documentation promises otherwise, or not at all. */
export const disputedRegisters = [
  'KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)',
  'KVM_GET_ONE_REG(0x6080000000150400)',
  'KVM_GET_ONE_REG(0x6030000000140000)',
  'KVM_GET_ONE_REG(0x6020000000140000)',
  'KVM_SET_ONE_REG(0x6020000000140000, &0x0)',
  'KVM_SET_ONE_REG(0x6020000000160000, &0x0)',
  'KVM_GET_ONE_REG(0x4030000000100000)',
  'KVM_GET_ONE_REG(KVM_REG_ARM_FW_REG(7))',
  'KVM_GET_ONE_REG(0x603000000013c001)',
  'KVM_GET_ONE_REG(0x6030000000120000)',
  'KVM_GET_REG_LIST(&short(16), n = 1000)',
  'KVM_GET_REG_LIST(n = 0x100000000)',
]
