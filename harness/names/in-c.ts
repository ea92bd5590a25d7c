/** Names as C has them, for programs that include linux/kvm.h of Linux 6.1 or later. */
import { newer } from './newer.ts'
import { regs } from './registers.ts'
import { regName } from './regname.ts'

const absent: ReadonlySet<string> = new Set(Object.values(newer).flat())

/** True where the headers of 6.1 have the name of a constant or struct. */
export const isInHeaders = (name: string): boolean => !absent.has(name)

/** The name of a number in a table of names, where headers have it; undefined for a number without a name. */
export const nameInC = (names: Readonly<Record<string, number | bigint>>, value: number | bigint): string | undefined =>
  Object.keys(names).find((name) => BigInt(names[name]!) === BigInt(value) && isInHeaders(name))

/**
 * A register id as an expression in C, from what regName calls it. That is C already, but for two macros that give only
 * a part of the id.
 */
export const regInC = (id: bigint): string => {
  const name = regName(id)
  const core = /^KVM_REG_ARM_CORE_REG\((.*)\)$/.exec(name)?.[1]
  const size = `KVM_REG_SIZE_U${8 << Number((id & regs.KVM_REG_SIZE_MASK) >> regs.KVM_REG_SIZE_SHIFT)}`
  if (core) return `KVM_REG_ARM64 | ${size} | KVM_REG_ARM_CORE | ${name}`
  const csselr = /^KVM_REG_ARM_DEMUX_ID_CCSIDR\((.*)\)$/.exec(name)?.[1]
  if (csselr) return `KVM_REG_ARM64 | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX | KVM_REG_ARM_DEMUX_ID_CCSIDR | ${csselr}`
  return isInHeaders(name) ? name : `0x${id.toString(16)}`
}
