/** Which registers vcpus have, in which order and with which values, for many sets of features. */
import { sizeOf } from '../abi/registers/table.ts'
import type { Answer } from '../call.ts'
import { Complaint } from '../complaint.ts'
import type { Host } from '../host.ts'
import { features, regName, type Feature } from '../names.ts'
import { groups, vmType } from './machine.ts'
import { askCalls, lines, type Player } from './player.ts'

type Machine = Pick<Host, 'caps' | 'preferredTarget' | 'features'>

/** What vcpus with these features have: ids in the kernel's order, and values after KVM_ARM_VCPU_INIT. */
export interface FeatureSet {
  names: readonly string[]
  ids: readonly bigint[]
  /** Values by id; undefined where a second vcpu showed another. */
  values: ReadonlyMap<bigint, bigint | undefined>
}

/**
 * Lines that make a VM and `count` vcpus with these features, ready for every register. Each is initialised before the next is
 * made: to 5.10 a new vcpu counts as 64-bit, beside which no other can be 32-bit.
 */
export const ready = (machine: Machine, names: readonly string[], count: number): string[] => [
  `KVM_CREATE_VM(${vmType(machine)})`,
  ...[...Array(count).keys()].flatMap((n) => [
    `KVM_CREATE_VCPU(${n})`,
    `vcpu${n}: KVM_ARM_VCPU_INIT(target = ${machine.preferredTarget}, features[] = ${names.join(' | ') || '0'})`,
    ...names.includes('KVM_ARM_VCPU_SVE') ? [`vcpu${n}: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)`] : [],
  ]),
]

/** None, each alone, each two, and all: enough to see whether a register depends on more than one. */
export const subsets = (machine: Machine): string[][] => {
  const free = groups.filter((group) => group.every((name) => machine.features.includes(name)) && group[0] !== 'KVM_ARM_VCPU_POWER_OFF')
  const sets = [[], ...free, ...free.flatMap((a, i) => free.slice(i + 1).map((b) => [...a, ...b])), free.flat()]
  const bits = (set: readonly string[]) => set.reduce((all, name) => all | (1 << features[name as Feature]), 0)
  return [...new Map(sets.map((set) => [bits(set), set])).values()].map((set) => [...set])
}

/** KVM_GET_ONE_REG takes five ops. */
const AT_ONCE = 90

const chunks = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) => all.slice(i * AT_ONCE, (i + 1) * AT_ONCE))

/** Reads the registers `ids` of a fresh vcpu, the `count`th of its VM. */
const readAll = async (player: Player, setUp: readonly string[], vcpu: string, ids: readonly bigint[]): Promise<(bigint | undefined)[]> =>
  (await Promise.all(chunks(ids).map(async (some) => {
    const answers = await askCalls(player, lines(...setUp, ...some.map((id) => `${vcpu}: KVM_GET_ONE_REG(${regName(id)})`)))
    return answers.slice(setUp.length).map((answer: Answer, i) => {
      if (answer.ret < 0) throw new Complaint(`the target cannot be recorded: it lists ${regName(some[i]!)} but reading it gives ${answer.ret}`)
      return answer.value
    })
  }))).flat()

/** Records one set of features; undefined where the host does not take it. */
export const probeSet = async (player: Player, machine: Machine, names: readonly string[]): Promise<FeatureSet | undefined> => {
  const alone = ready(machine, names, 1)
  const asked = await askCalls(player, lines(...alone, 'vcpu0: KVM_GET_REG_LIST(n = 1000)'))
  if (asked.slice(0, alone.length).some((answer) => answer.ret < 0)) return undefined
  const ids = asked.at(-1)!.list
  if (!ids) throw new Complaint(`the target cannot be recorded: KVM_GET_REG_LIST gives ${asked.at(-1)!.ret}`)
  const small = ids.filter((id) => sizeOf(id) <= 64)
  const [first, second] = await Promise.all([
    readAll(player, alone, 'vcpu0', ids), readAll(player, ready(machine, names, 2), 'vcpu1', small),
  ])
  const again = new Map(small.map((id, i) => [id, second[i]]))
  return { names, ids, values: new Map(ids.map((id, i) => [id, !again.has(id) || again.get(id) === first[i] ? first[i] : undefined])) }
}
