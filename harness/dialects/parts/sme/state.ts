/** What a vcpu with SME has besides, and what a write to SVCR does to it. */
import type { Host } from '../../../model/host.ts'
import { has, type Vcpu } from '../../../model/vcpu.ts'
import type { Here } from '../../../model/world.ts'
import { coreRegs, regs, namedRegs, sveFfr } from '../../../names/index.ts'
import { SME, SVCR, SVE } from './names.ts'

export interface Sme {
  /** Vector lengths of streaming mode. */
  vls: bigint
  svcr: bigint
  /** ZA and ZT0, by register id. */
  matrix: Map<bigint, bigint>
}

const SM = 1n
const ZA = 2n

/** 128, 256, 512, 1024 and 2048 bits: lengths of streaming mode are powers of two. */
const LENGTHS = 0x808bn

/** The host can give SME to a vcpu. No recorded host says so of its CPU: one with SVE is taken to have SME2, too. */
export const hasSme = ({ vls }: Host): boolean => vls !== '0'
/** Vector lengths of streaming mode that the host can give. */
export const lengthsOf = (host: Host): bigint => (hasSme(host) ? LENGTHS : 0n)

/** The SME state of a vcpu that has it. */
export const smeOf = (vcpu: Vcpu): Sme | undefined =>
  (has(vcpu) & SME) === 0 ? undefined : (vcpu.proposed as Sme | undefined)
export const isStreaming = (vcpu: Vcpu): boolean => ((smeOf(vcpu)?.svcr ?? 0n) & SM) !== 0n
export const isMatrixThere = (vcpu: Vcpu): boolean => ((smeOf(vcpu)?.svcr ?? 0n) & ZA) !== 0n

/** After a KVM_ARM_VCPU_INIT: registers are reset, and the lengths with them as long as they are not final. */
export const resetSme = ({ vcpu, host }: Here): void => {
  if ((has(vcpu) & SME) === 0) return
  const old = vcpu.proposed as Sme | undefined
  const kept = vcpu.sveFinalized ? old?.vls : undefined
  const fresh: Sme = { vls: kept ?? lengthsOf(host), svcr: 0n, matrix: new Map() }
  vcpu.proposed = fresh
}

const FPSR = coreRegs.get('fp_regs.fpsr')!
const vectorsOfCore = new Set([...coreRegs].filter(([name]) => name.startsWith('fp_regs.vregs')).map(([, id]) => id))
/** V0 to V31. */
export const isV = (id: bigint): boolean => vectorsOfCore.has(id)
/** Z0 to Z31, P0 to P15 and FFR, of any slice. */
export const isZ = (id: bigint): boolean =>
  (id & regs.KVM_REG_ARM_COPROC_MASK) === regs.KVM_REG_ARM64_SVE && id !== namedRegs.KVM_REG_ARM64_SVE_VLS
export const isFfr = (id: bigint): boolean => id >= sveFfr(0) && id <= sveFfr(31)

/** Bits of a Z or P register in streaming mode, or of a row of the matrix. */
export const bitsOf = (id: bigint, { vls }: Sme): bigint => {
  const bytes = vls.toString(2).length * (isZ(id) && (id & regs.KVM_REG_SIZE_MASK) === regs.KVM_REG_SIZE_U256 ? 2 : 16)
  return (1n << BigInt(bytes * 8)) - 1n
}

/** Rows of the matrix: as many as a vector of streaming mode has bytes. */
export const rowsOf = ({ vls }: Sme): number => vls.toString(2).length * 16

/** A write to SVCR that is taken. */
export const setSvcr = ({ vcpu }: Here, value: bigint): void => {
  const sme = smeOf(vcpu)!
  if ((value & ~sme.svcr & ZA) !== 0n) sme.matrix.clear()
  if (((value ^ sme.svcr) & SM) !== 0n) {
    for (const id of vcpu.regs.keys()) if (isZ(id) || isV(id)) vcpu.regs.delete(id)
    vcpu.regs.set(FPSR, 0x0800_009fn)
  }
  sme.svcr = value
}

/** The value of a register that is SME's, or that streaming mode shows; undefined for any other. */
export const ownValue = ({ vcpu }: Here, id: bigint): bigint | undefined => {
  const sme = smeOf(vcpu)
  if (!sme) return undefined
  if (id === SVCR) return sme.svcr
  if (isZ(id) && isStreaming(vcpu)) return vcpu.entered ? undefined : (vcpu.regs.get(id) ?? 0n)
  return undefined
}

/** True where the vcpu has an SVE that is not that of streaming mode. */
export const hasSve = (vcpu: Vcpu): boolean => (has(vcpu) & SVE) !== 0
