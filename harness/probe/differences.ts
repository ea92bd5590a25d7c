/** What of a recording no sound kernel of its branch would give, as far as recorded kernels of that branch tell. */
import { otherValue, readsAfter, takes, telling } from '../abi/registers/recorded-writes.ts'
import { registersOf, type RegisterRow } from '../abi/registers/table.ts'
import { offers, type Host } from '../model/host.ts'
import { caps, features, featureWord, type Feature } from '../names/index.ts'
import { capsThatVary, mayBeAbsent, mayBeNew, mayStay, whyRegisterVaries } from './variation.ts'

/** A value that is written, whether it must be taken, and what the register reads then. */
export interface DueWrite {
  value: bigint
  isTaken: boolean
  reads?: bigint
}

/** What is otherwise than on every recorded kernel of the branch, and what it ought to be. */
export type Difference =
  | { of: 'cap'; name: string; due: number }
  /** `with`: the vcpu's features, none or one. */
  | { of: 'list'; with: readonly Feature[]; id: bigint; isListed: boolean }
  | { of: 'value'; with: readonly Feature[]; id: bigint; due: bigint }
  | { of: 'write'; with: readonly Feature[]; id: bigint; due: DueWrite }
  | { of: 'sharing'; with: readonly Feature[]; id: bigint; value: bigint; first: bigint; isShared: boolean }
  /** What `value`, which was written, has become after another KVM_ARM_VCPU_INIT. */
  | { of: 'reset'; with: readonly Feature[]; id: bigint; value: bigint; due: bigint }

/** What all agree on; undefined where they do not, or there are none. */
const agreed = <T>(all: readonly T[]): T | undefined =>
  all.length > 0 && all.every((one) => one === all[0]) ? all[0] : undefined

const capDifferences = (host: Host, others: readonly Host[]): Difference[] =>
  (Object.keys(caps) as (keyof typeof caps)[]).flatMap((name): Difference[] => {
    const due = agreed(others.map((other) => other.caps[name] ?? 0))
    return due === undefined || capsThatVary[name] !== undefined || (host.caps[name] ?? 0) === due
      ? []
      : [{ of: 'cap', name, due }]
  })

const writeDifference = (own: RegisterRow, rows: readonly RegisterRow[]): DueWrite | undefined => {
  for (const value of telling(own.id, own.reset ?? 0n)) {
    const isTaken = agreed(rows.map((row) => takes(row, value)))
    if (isTaken === undefined) continue
    const reads = isTaken ? agreed(rows.map((row) => readsAfter(row, value, row.reset))) : undefined
    const isOther =
      takes(own, value) !== isTaken || (reads !== undefined && readsAfter(own, value, own.reset) !== reads)
    if (isOther) return { value, isTaken, ...(reads !== undefined && { reads }) }
  }
  return undefined
}

/** Of one register that all have. */
const registerDifferences = (
  own: RegisterRow,
  rows: readonly RegisterRow[],
  names: readonly Feature[],
): Difference[] => {
  const { id } = own
  const found: Difference[] = []
  const first = agreed(rows.map(({ reset }) => reset))
  if (first !== undefined && own.reset !== first) found.push({ of: 'value', with: names, id, due: first })
  const write = writeDifference(own, rows)
  if (write) return [...found, { of: 'write', with: names, id, due: write }]
  const isShared = agreed(rows.map(({ shared }) => shared === true))
  const value = telling(id, own.reset ?? 0n).find(
    (one) => takes(own, one) && readsAfter(own, one, own.reset) === one && one !== own.reset,
  )
  if (isShared !== undefined && isShared !== (own.shared === true) && value !== undefined && first !== undefined)
    found.push({ of: 'sharing', with: names, id, value, first, isShared })
  return found
}

/** Whether INIT resets a register is no matter of the machine, whatever its values are. */
const resetDifferences = (own: RegisterRow, rows: readonly RegisterRow[], names: readonly Feature[]): Difference[] => {
  const value = otherValue(own)
  const isKept = agreed(rows.filter((row) => otherValue(row) !== undefined).map(({ survives }) => survives === true))
  return value === undefined || isKept === undefined || isKept === (own.survives === true)
    ? []
    : [{ of: 'reset', with: names, id: own.id, value, due: isKept ? value : own.reset! }]
}

/** No feature, and each that changes registers, as vcpus have them. */
const featureSets: readonly (readonly Feature[])[] = [
  [],
  ['KVM_ARM_VCPU_EL1_32BIT'],
  ['KVM_ARM_VCPU_PMU_V3'],
  ['KVM_ARM_VCPU_SVE'],
  ['KVM_ARM_VCPU_PTRAUTH_ADDRESS', 'KVM_ARM_VCPU_PTRAUTH_GENERIC'],
]

const setDifferences = (host: Host, others: readonly Host[], names: readonly Feature[]): Difference[] => {
  const bits = featureWord(names)
  const own = registersOf(host, bits)
  const lists = others.map((other) => registersOf(other, bits))
  const known = new Set(lists.flatMap((list) => [...list.keys()]))
  const missing = [...known].filter((id) => !own.has(id) && !mayBeAbsent(id) && lists.every((list) => list.has(id)))
  const extra = [...own.keys()].filter((id) => !known.has(id) && !mayBeNew(id))
  return [
    ...missing.map((id): Difference => ({ of: 'list', with: names, id, isListed: true })),
    ...extra.map((id): Difference => ({ of: 'list', with: names, id, isListed: false })),
    ...[...own].flatMap(([id, row]) => {
      const rows = lists.flatMap((list) => list.get(id) ?? [])
      if (rows.length < lists.length) return []
      const ofReset = mayStay(host, id) ? [] : resetDifferences(row, rows, names)
      return whyRegisterVaries(id) === undefined ? [...registerDifferences(row, rows, names), ...ofReset] : ofReset
    }),
  ]
}

/** Where the recording of `host` is otherwise than those of `others`, sound kernels of its branch, may explain. */
export const differencesOf = (host: Host, others: readonly Host[]): Difference[] => [
  ...capDifferences(host, others),
  ...featureSets.flatMap((names) => {
    const offering = others.filter((other) => names.every((name) => offers(other, features[name])))
    return offering.length === 0 || !names.every((name) => offers(host, features[name]))
      ? []
      : setDifferences(host, offering, names)
  }),
]
