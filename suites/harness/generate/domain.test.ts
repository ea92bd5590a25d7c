/**
 * Random sequences reach all that the notation can say: each field's ends, each of its names, and every part between.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { abi } from '../../../harness/abi/index.ts'
import { anyCalls } from '../../../harness/generate/any-calls.ts'
import { sortOf, type Call } from '../../../harness/model/call.ts'
import type { Codec } from '../../../harness/model/codec.ts'
import { printNumber, type Range } from '../../../harness/model/scalar.ts'

const SEQUENCES = 20_000
/** So many of a thousand numbers may be missing by chance; of ALL sequences none. */
const BY_CHANCE = 10
const ALL = 4 * SEQUENCES
/** A range is cut into so many parts of one size, each of which has to be met. */
const PARTS = 4n

const partOf = ({ min, max }: Range, value: bigint): bigint => ((value - min) * PARTS) / (max - min + 1n)

/** What has to come up in a field with this range and these names. */
const wanted = (range: Range, named: readonly bigint[], canBe: (value: bigint) => boolean): string[] => [
  ...[range.min, range.max, ...named].filter(canBe).map(printNumber),
  ...(range.max - range.min < PARTS ? [] : Array.from({ length: Number(PARTS) }, (_, i) => `part ${i}`)),
]

/** Where it is made for; an ioctl that belongs elsewhere is only tried there. */
const isKnownThere = ({ ioctl, on }: Call): boolean =>
  ioctl.on.length === 0 || ioctl.on.map((kind) => (/^(kvm|vm|vcpu)$/.test(kind) ? kind : 'device')).includes(sortOf(on))

/** What has not come up in a field yet, by the field's name. */
type Missing = Map<string, Set<string>>
let all = 0

const note = (missing: Missing, calls: readonly Call[]): void => {
  for (const { ioctl, arg, on } of calls.filter(isKnownThere))
    for (const field of (ioctl.takes as Codec<unknown>).fields(sortOf(on))) {
      const value = field.get(arg)
      if (value === undefined) continue
      const key = `${ioctl.name} on a ${sortOf(on)}: ${field.name}`
      const range = field.range(arg)
      const canBe = (other: bigint) => field.set(arg, other) !== undefined
      if (!missing.has(key)) {
        missing.set(key, new Set(wanted(range, field.named(arg), canBe)))
        all += missing.get(key)!.size
      }
      missing.get(key)!.delete(printNumber(value))
      missing.get(key)!.delete(`part ${partOf(range, value)}`)
    }
}

const listed = (missing: Missing): string[] =>
  [...missing].flatMap(([key, left]) => [...left].map((it) => `${key}: ${it}`))

test('sequences reach the whole domain of every field', { timeout: 240_000 }, () => {
  const missing: Missing = new Map()
  const sample = fc.sample(anyCalls(12, { host: hostNamed() }), { seed: 20190307, numRuns: ALL })
  for (const calls of sample.slice(0, SEQUENCES)) note(missing, calls)
  const asked = abi.filter(({ takes }) => takes.fields('vcpu').length > 0).map(({ name }) => name)
  expect(asked.filter((name) => ![...missing.keys()].some((key) => key.startsWith(`${name} on `)))).toEqual([])
  expect(listed(missing).length, listed(missing).join('\n')).toBeLessThanOrEqual((all * BY_CHANCE) / 1000)
  for (const calls of sample.slice(SEQUENCES)) note(missing, calls)
  expect(listed(missing)).toEqual([])
})
