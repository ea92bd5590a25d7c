/** Which registers vcpus have, in which order and with which values, for many sets of features. */
import { sizeOf } from '../abi/registers/table.ts'
import type { Host } from '../model/host.ts'
import { features, regName, type Feature } from '../names/index.ts'
import { toAnswers, toOps } from '../link/ops.ts'
import { groups, vmType } from './machine.ts'
import { askCalls, finalizing, hasMuch, isSound, note, played, spokenLines, type ProbeSession } from './player.ts'

type Machine = Pick<Host, 'caps' | 'preferredTarget' | 'features'>

/** What vcpus with these features have: ids in the kernel's order, and values after KVM_ARM_VCPU_INIT. */
export interface FeatureSet {
  names: readonly string[]
  ids: readonly bigint[]
  /** Values by id; undefined where a second vcpu showed another, or the register cannot be read. */
  values: ReadonlyMap<bigint, bigint | undefined>
}

/**
 * Lines that make a VM and `count` vcpus with these features, ready for every register. Each is initialised before the
 * next is made: to 5.10 a new vcpu counts as 64-bit, beside which no other can be 32-bit.
 */
export const ready = (recorder: ProbeSession, machine: Machine, names: readonly string[], count: number): string[] => [
  `KVM_CREATE_VM(${vmType(machine)})`,
  ...[...Array(count).keys()].flatMap((n) => [
    `KVM_CREATE_VCPU(${n})`,
    `vcpu${n}: KVM_ARM_VCPU_INIT(target = ${machine.preferredTarget}, features[] = ${names.join(' | ') || '0'})`,
    ...(names.includes('KVM_ARM_VCPU_SVE') ? finalizing(recorder).map((line) => `vcpu${n}: ${line}`) : []),
  ]),
]

const freeGroups = (machine: Machine) =>
  groups.filter(
    (group) => group.every((name) => machine.features.includes(name)) && group[0] !== 'KVM_ARM_VCPU_POWER_OFF',
  )

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
  distinct(
    freeGroups(machine).reduce<string[][]>((sets, group) => [...sets, ...sets.map((set) => [...set, ...group])], [[]]),
  )

/** KVM_GET_ONE_REG takes five ops. */
const AT_ONCE = 90

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/** Reads the registers `ids` of a fresh vcpu, the last of its VM. Those that give no value are not in the answer. */
const readAll = async (
  recorder: ProbeSession,
  setUp: readonly string[],
  vcpu: string,
  ids: readonly bigint[],
  atOnce = AT_ONCE,
): Promise<Map<bigint, bigint>> => {
  const left = ids.filter((id) => !recorder.stuck.has(id))
  const parts = await Promise.all(
    chunks(left, atOnce).map(async (some) => {
      const calls = spokenLines(recorder, ...setUp, ...some.map((id) => `${vcpu}: KVM_GET_ONE_REG(${regName(id)})`))
      const came = await played(recorder, toOps(calls, {} as Host))
      const answers = toAnswers(calls, came).slice(setUp.length)
      const values = some.flatMap((id, i): [bigint, bigint][] =>
        answers[i]?.value === undefined ? [] : [[id, answers[i].value]],
      )
      if (isSound(came)) return values
      // One by one, which also tells which register it was.
      if (some.length > 1 && !hasMuch(recorder)) {
        if (came.outcome === 'hung')
          return [...values, ...(await readAfter(recorder, setUp, vcpu, some, answers.length))]
        return [...(await readAll(recorder, setUp, vcpu, some, 1))]
      }
      note(recorder, calls, came)
      if (came.outcome !== 'done') recorder.stuck.add(some[answers.length]!)
      return values
    }),
  )
  return new Map(parts.flat())
}

/** Leaves alone the register at `at`, whose read hung, and reads those after it. */
const readAfter = async (
  recorder: ProbeSession,
  setUp: readonly string[],
  vcpu: string,
  ids: readonly bigint[],
  at: number,
): Promise<[bigint, bigint][]> => {
  await readAll(recorder, setUp, vcpu, ids.slice(at, at + 1))
  return [...(await readAll(recorder, setUp, vcpu, ids.slice(at + 1)))]
}

/** Records one set of features; undefined where the host does not take it, or lists no registers. */
export const probeSet = async (
  recorder: ProbeSession,
  machine: Machine,
  names: readonly string[],
): Promise<FeatureSet | undefined> => {
  const alone = ready(recorder, machine, names, 1)
  const list = spokenLines(recorder, ...alone, 'vcpu0: KVM_GET_REG_LIST(n = 1000)')
  const ids = (await askCalls(recorder, list))[alone.length]?.list
  if (!ids) return undefined
  const small = ids.filter((id) => sizeOf(id) <= 64)
  const [first, second] = await Promise.all([
    readAll(recorder, alone, 'vcpu0', ids),
    readAll(recorder, ready(recorder, machine, names, 2), 'vcpu1', small),
  ])
  const other = new Set(small.filter((id) => second.get(id) !== first.get(id)))
  return { names, ids, values: new Map(ids.map((id) => [id, other.has(id) ? undefined : first.get(id)])) }
}
