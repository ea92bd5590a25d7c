/** Registers as laws read and write them. */
import { hex } from '../../harness/model/scalar.ts'
import type { Tools } from '../../harness/model/law.ts'
import { namedRegs, regName, regs } from '../../harness/names/index.ts'
import { ready } from './feature-sets.ts'

export const { KVM_REG_ARM64_SVE_VLS: VLS } = namedRegs

/** What a 64-bit register can hold. */
export const u64 = { min: 0n, max: (1n << 64n) - 1n }

/** The line that reads a register, and how it must be answered. */
export const get = (id: bigint, answer = 'ok') => `KVM_GET_ONE_REG(${regName(id)}) -> ${answer}`

/** The line that writes a register, and how it must be answered. */
export const set = (id: bigint, value: bigint, answer = 'ok') =>
  `KVM_SET_ONE_REG(${regName(id)}, &${hex(value)}) -> ${answer}`

/** Bytes that the size code of an id stands for. */
export const bytesOf = (id: bigint) => 1 << Number((id & regs.KVM_REG_SIZE_MASK) >> regs.KVM_REG_SIZE_SHIFT)

/** Every listed register with the value it has at first. */
export const values = async (
  { ask, askEach }: Tools,
  features: readonly string[],
): Promise<[id: bigint, value: bigint][]> => {
  const ids = (await ask([...ready(features), 'KVM_GET_REG_LIST(n = 1000) -> ok'].join('\n'))).last.list!
  const read = await askEach(
    ready(features),
    ids.map((id) => get(id)),
  )
  return ids.map((id, i) => [id, read[i]!.value!])
}
