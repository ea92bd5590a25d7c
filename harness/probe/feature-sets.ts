/** Which registers vcpus have, in which order and with which values, for many sets of features. */
import { sizeOf } from '../abi/registers/table.ts'
import type { Host } from '../model/host.ts'
import { featureWord, regName } from '../names/index.ts'
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
export const ready = (session: ProbeSession, machine: Machine, names: readonly string[], count: number): string[] => [
  `KVM_CREATE_VM(${vmType(machine)})`,
  ...[...Array(count).keys()].flatMap((n) => [
    `KVM_CREATE_VCPU(${n})`,
    `vcpu${n}: KVM_ARM_VCPU_INIT(target = ${machine.preferredTarget}, features[] = ${names.join(' | ') || '0'})`,
    ...(names.includes('KVM_ARM_VCPU_SVE') ? finalizing(session).map((line) => `vcpu${n}: ${line}`) : []),
  ]),
]

const freeGroups = (machine: Machine) =>
  groups.filter(
    (group) => group.every((name) => machine.features.includes(name)) && group[0] !== 'KVM_ARM_VCPU_POWER_OFF',
  )

const distinct = (sets: readonly (readonly string[])[]): string[][] =>
  [...new Map(sets.map((set) => [featureWord(set), set])).values()].map((set) => [...set])

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
  session: ProbeSession,
  setUp: readonly string[],
  vcpu: string,
  ids: readonly bigint[],
  atOnce = AT_ONCE,
): Promise<Map<bigint, bigint>> => {
  const left = ids.filter((id) => !session.stuck.has(id))
  const parts = await Promise.all(
    chunks(left, atOnce).map(async (some) => {
      const calls = spokenLines(session, ...setUp, ...some.map((id) => `${vcpu}: KVM_GET_ONE_REG(${regName(id)})`))
      const came = await played(session, toOps(calls, {} as Host))
      const answers = toAnswers(calls, came).slice(setUp.length)
      const values = some.flatMap((id, i): [bigint, bigint][] =>
        answers[i]?.value === undefined ? [] : [[id, answers[i].value]],
      )
      if (isSound(came)) return values
      // One by one, which also tells which register it was.
      if (some.length > 1 && !hasMuch(session)) {
        if (came.outcome === 'hung')
          return [...values, ...(await readAfter(session, setUp, vcpu, some, answers.length))]
        return [...(await readAll(session, setUp, vcpu, some, 1))]
      }
      note(session, calls, came)
      if (came.outcome !== 'done') session.stuck.add(some[answers.length]!)
      return values
    }),
  )
  return new Map(parts.flat())
}

/** Leaves alone the register at `at`, whose read hung, and reads those after it. */
const readAfter = async (
  session: ProbeSession,
  setUp: readonly string[],
  vcpu: string,
  ids: readonly bigint[],
  at: number,
): Promise<[bigint, bigint][]> => {
  await readAll(session, setUp, vcpu, ids.slice(at, at + 1))
  return [...(await readAll(session, setUp, vcpu, ids.slice(at + 1)))]
}

/** Records one set of features; undefined where the host does not take it, or lists no registers. */
export const probeSet = async (
  session: ProbeSession,
  machine: Machine,
  names: readonly string[],
): Promise<FeatureSet | undefined> => {
  const alone = ready(session, machine, names, 1)
  const list = spokenLines(session, ...alone, 'vcpu0: KVM_GET_REG_LIST(n = 1000)')
  const ids = (await askCalls(session, list))[alone.length]?.list
  if (!ids) return undefined
  const small = ids.filter((id) => sizeOf(id) <= 64)
  const [first, second] = await Promise.all([
    readAll(session, alone, 'vcpu0', ids),
    readAll(session, ready(session, machine, names, 2), 'vcpu1', small),
  ])
  const other = new Set(small.filter((id) => second.get(id) !== first.get(id)))
  return { names, ids, values: new Map(ids.map((id) => [id, other.has(id) ? undefined : first.get(id)])) }
}
