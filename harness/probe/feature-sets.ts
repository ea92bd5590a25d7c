/** Which registers vcpus have, in which order and with which values, for many sets of features. */
import { sizeOf } from '../abi/registers/table.ts'
import type { Host } from '../host.ts'
import { features, regName, type Feature } from '../names.ts'
import { toAnswers, toOps } from '../ops.ts'
import { groups, vmType } from './machine.ts'
import { askCalls, hasMuch, isSound, lines, note, played, type Recorder } from './player.ts'

type Machine = Pick<Host, 'caps' | 'preferredTarget' | 'features'>

/** What vcpus with these features have: ids in the kernel's order, and values after KVM_ARM_VCPU_INIT. */
export interface FeatureSet {
  names: readonly string[]
  ids: readonly bigint[]
  /** Values by id; undefined where a second vcpu showed another, or the register cannot be read. */
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

const freeGroups = (machine: Machine) => groups.filter((group) =>
  group.every((name) => machine.features.includes(name)) && group[0] !== 'KVM_ARM_VCPU_POWER_OFF')

const distinct = (sets: readonly (readonly string[])[]): string[][] => {
  const bits = (set: readonly string[]) => set.reduce((all, name) => all | (1 << features[name as Feature]), 0)
  return [...new Map(sets.map((set) => [bits(set), set])).values()].map((set) => [...set])
}

/** None, each alone, each two, and all: enough to see whether a register depends on more than one. */
export const subsets = (machine: Machine): string[][] => {
  const free = freeGroups(machine)
  return distinct([[], ...free, ...free.flatMap((a, i) => free.slice(i + 1).map((b) => [...a, ...b])), free.flat()])
}

/** Every set of features. */
export const everySubset = (machine: Machine): string[][] =>
  distinct(freeGroups(machine).reduce<string[][]>((sets, group) => [...sets, ...sets.map((set) => [...set, ...group])], [[]]))

/** KVM_GET_ONE_REG takes five ops. */
const AT_ONCE = 90

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/** Reads the registers `ids` of a fresh vcpu, the last of its VM; undefined for those that give no value. */
const readAll = async (
  recorder: Recorder, setUp: readonly string[], vcpu: string, ids: readonly bigint[], atOnce = AT_ONCE,
): Promise<(bigint | undefined)[]> => (await Promise.all(chunks(ids, atOnce).map(async (some) => {
  const calls = lines(...setUp, ...some.map((id) => `${vcpu}: KVM_GET_ONE_REG(${regName(id)})`))
  const came = await played(recorder, toOps(calls, {} as Host))
  if (!isSound(came)) {
    // One by one, which also tells the register that it was.
    if (some.length > 1 && !hasMuch(recorder)) return readAll(recorder, setUp, vcpu, some, 1)
    note(recorder, calls, came)
  }
  const answers = toAnswers(calls, came).slice(setUp.length)
  return some.map((_, i) => answers[i]?.value)
}))).flat()

/** Records one set of features; undefined where the host does not take it, or lists no registers. */
export const probeSet = async (recorder: Recorder, machine: Machine, names: readonly string[]): Promise<FeatureSet | undefined> => {
  const alone = ready(machine, names, 1)
  const ids = (await askCalls(recorder, lines(...alone, 'vcpu0: KVM_GET_REG_LIST(n = 1000)')))[alone.length]?.list
  if (!ids) return undefined
  const small = ids.filter((id) => sizeOf(id) <= 64)
  const [first, second] = await Promise.all([
    readAll(recorder, alone, 'vcpu0', ids), readAll(recorder, ready(machine, names, 2), 'vcpu1', small),
  ])
  const again = new Map(small.map((id, i) => [id, second[i]]))
  return { names, ids, values: new Map(ids.map((id, i) => [id, !again.has(id) || again.get(id) === first[i] ? first[i] : undefined])) }
}
