/** Which bits of ID registers a host says that userspace may change. */
import { featureIds } from '../abi/args/arm-get-reg-writable-masks.ts'
import type { Host } from '../model/host.ts'
import { regName } from '../names/index.ts'
import { vmType } from './machine.ts'
import { askCalls, lines, type ProbeSession } from './player.ts'

/** Calls of one list: each takes four ops, of which a list has 512. */
const AT_ONCE = 96

/** The masks that are not 0, by register id; none where the host does not know KVM_ARM_GET_REG_WRITABLE_MASKS. */
export const probeMasks = async (
  session: ProbeSession,
  machine: Pick<Host, 'caps'>,
): Promise<ReadonlyMap<bigint, bigint>> => {
  const masks = new Map<bigint, bigint>()
  if (!machine.caps.KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES) return masks
  for (let at = 0; at < featureIds.length; at += AT_ONCE) {
    const ids = featureIds.slice(at, at + AT_ONCE)
    const calls = ids.map((id) => `vm: KVM_ARM_GET_REG_WRITABLE_MASKS(${regName(id)})`)
    const [, ...answers] = await askCalls(session, lines(`KVM_CREATE_VM(${vmType(machine)})`, ...calls))
    for (const [i, { value }] of answers.entries()) if (value) masks.set(ids[i]!, value)
  }
  return masks
}
