/** Lines of the notation that the laws of SME are written in. */
import type { Tools } from '../../../model/law.ts'
import { hasSme } from './state.ts'

export const SVCR = 'ARM64_SYS_REG(3, 3, 4, 2, 2)'
export const VLS = 'KVM_REG_ARM64_SME_VLS'
export const SVE_VLS = 'KVM_REG_ARM64_SVE_VLS'
export const ZT = 'KVM_REG_ARM64_SME_ZTREG(0)'
export const za = (n: number) => `KVM_REG_ARM64_SME_ZAHREG(${n}, 0)`
export const z = (n: number) => `KVM_REG_ARM64_SVE_ZREG(${n}, 0)`
export const p = (n: number) => `KVM_REG_ARM64_SVE_PREG(${n}, 0)`
export const init = (...features: string[]) =>
  `KVM_ARM_VCPU_INIT(features[] = ${features.map((f) => `KVM_ARM_VCPU_${f}`).join(' | ')}) -> ok`
export const final = 'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_VEC) -> ok'
export const get = (id: string, answer: string) => `KVM_GET_ONE_REG(${id}) -> ${answer}`
export const set = (id: string, value: bigint | number, answer = 'ok') =>
  `KVM_SET_ONE_REG(${id}, &0x${value.toString(16)}) -> ${answer}`
export const upTo = (n: number) => [...Array(n).keys()]
export const ones = (bits: number) => (1n << BigInt(bits)) - 1n

/** The notes of a host without SME. */
export const needsSme = ({ host, notOffered }: Tools): void => {
  if (!hasSme(host)) notOffered('KVM_CAP_ARM_SME = 0')
}
/** Non-empty prefixes of the lengths in a mask, each with its longest in bits. */
export const prefixesOf = (mask: bigint): { mask: bigint; bits: number }[] =>
  upTo(mask.toString(2).length)
    .filter((bit) => (mask >> BigInt(bit)) & 1n)
    .map((bit) => ({ mask: mask & ones(bit + 1), bits: (bit + 1) * 128 }))
export const readMask = async ({ ask }: Tools, feature: string, id: string): Promise<bigint> =>
  (await ask([init(feature), get(id, 'ok')].join('\n'))).last.value!
