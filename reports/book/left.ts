/** What the last call of an example changed although it was refused, as the world tells. */
import { hex } from '../../harness/model/scalar.ts'
import { ioctlsOf } from '../../harness/dialects/index.ts'
import { answersIn } from '../../harness/oracle/mock.ts'
import { withCreations } from '../../harness/table/creations.ts'
import { boot, type RuledWorld } from '../../harness/table/rules.ts'
import type { Example } from '../../harness/studies/examples/example.ts'

const plain = (value: unknown): string =>
  typeof value === 'bigint' ? hex(value) : value === undefined ? 'not set' : String(value)

/** Every value of an object below `path`, as text, but for what belongs to another descriptor, which is in `others`. */
const flatten = (value: unknown, path: string, others: ReadonlySet<unknown>, into: Map<string, string>): void => {
  const below = (one: unknown, at: string) => others.has(one) || flatten(one, at, others, into)
  if (value instanceof Map || value instanceof Set)
    for (const [key, one] of value.entries()) below(one, `${path}[${plain(key)}]`)
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) below(one, `${path}.${key}`)
  else if (typeof value !== 'function') into.set(path, plain(value))
}

const snapshot = ({ descriptors }: RuledWorld): Map<string, string> => {
  const all = new Map<string, string>()
  const others = new Set<unknown>(
    [...descriptors.values()].flatMap(({ vm, vcpu, its, memfd }) => [vm, vcpu, its, memfd]),
  )
  others.delete(undefined)
  for (const [name, { kind, vm, vcpu, its }] of descriptors) {
    if (kind === 'kvm') continue
    const { vcpus, ...rest } = vm
    flatten(
      kind === 'vm' ? { ...rest, vcpus: vcpus.length } : kind === 'vcpu' ? vcpu : kind === 'its' ? its : {},
      name,
      others,
      all,
    )
  }
  return all
}

/** A line each: what was and what is now. Empty where the refusal left nothing. */
export const left = ({ host, steps }: Example): string[] => {
  const world = boot(host)
  const calls = withCreations(steps, undefined, ioctlsOf(host)).map(({ call }) => call)
  answersIn(world, calls.slice(0, -1))
  const before = snapshot(world)
  answersIn(world, calls.slice(-1))
  const after = snapshot(world)
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => `${path}: ${before.get(path) ?? 'none'}, then ${after.get(path) ?? 'none'}`)
}
