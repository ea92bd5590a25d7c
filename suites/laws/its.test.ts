/** What an ITS translates, over the tables in guest memory in which it is saved (devices/arm-vgic-its.rst). */
import fc from 'fast-check'
import { doc } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { law } from '../../harness/suite/law.ts'
import {
  address,
  byCpu,
  COLLECTIONS,
  commands,
  DEVICES,
  ENABLE,
  hasIts,
  ITTS,
  LACKS,
  message,
  pending,
  queue,
  RAM_AT,
  ready,
  reads,
  RESET,
  RESTORE,
  SAVE,
  SAVE_PENDING,
  tables,
} from '../its.ts'

const [CPUS, FIRST_LPI, END_OF_LPIS] = [2, 8192, 65536]
/** Bytes of an entry; entries of a table of 64K. */
const [ENTRY, ENTRIES] = [8, 8192]
/** Bytes of an interrupt translation table, of 32 events. */
const ITT = 0x100

interface Event {
  device: number
  event: number
  lpi: number
  /** Which of the collections. */
  of: number
  isPending: boolean
}
/** Numbers of devices, of events each, of collections each with its vcpu or none, and events with their interrupts. */
interface Mapping {
  devices: readonly number[]
  collections: readonly { id: number; cpu: number | undefined }[]
  events: readonly Event[]
}

const mappings: fc.Arbitrary<Mapping> = fc
  .record({
    devices: fc.uniqueArray(fc.nat(ENTRIES - 1), { minLength: 1, maxLength: 3 }),
    collections: fc.uniqueArray(
      fc.record({ id: fc.nat(ENTRIES - 1), cpu: fc.constantFrom<(number | undefined)[]>(0, 1, 1, undefined) }),
      { minLength: 1, maxLength: 3, selector: ({ id }) => id },
    ),
    places: fc.uniqueArray(fc.tuple(fc.nat(2), fc.nat(31)), {
      minLength: 1,
      maxLength: 8,
      selector: ([device, event]) => device * 32 + event,
    }),
    numbers: fc.uniqueArray(fc.integer({ min: FIRST_LPI, max: END_OF_LPIS - 1 }), { minLength: 8, maxLength: 8 }),
    kinds: fc.array(fc.tuple(fc.nat(2), fc.boolean()), { minLength: 8, maxLength: 8 }),
  })
  .map(({ devices, collections, places, numbers, kinds }) => ({
    devices,
    collections,
    events: places.map(([device, event], i) => ({
      device: devices[device % devices.length]!,
      event: event % 32,
      lpi: numbers[i]!,
      of: kinds[i]![0] % collections.length,
      isPending: kinds[i]![1],
    })),
  }))
  .map(({ events, ...rest }) => ({
    ...rest,
    events: events.filter(
      (one, i) => events.findIndex(({ device, event }) => device === one.device && event === one.event) === i,
    ),
  }))

const ittOf = ({ devices }: Mapping, device: number) => ITTS + devices.indexOf(device) * ITT
const BITS = 5

/** Commands that make the mapping. A collection without a vcpu is there once an event names it. */
const mapping = (all: Mapping) => [
  ...all.devices.map((device) => commands.MAPD(device, ittOf(all, device), BITS)),
  ...all.collections.flatMap(({ id, cpu }) => (cpu === undefined ? [] : [commands.MAPC(id, cpu)])),
  ...all.events.map(({ device, event, lpi, of }) => commands.MAPTI(device, event, lpi, all.collections[of]!.id)),
]

/** How far the next of these numbers is, 0 from the last. */
const next = (all: readonly number[], one: number) => Math.min(...all.filter((n) => n > one), Infinity) - one
const orNone = (n: number) => BigInt(Number.isFinite(n) ? n : 0)
const VALID = 1n << 63n
const NOWHERE = 0xffff_ffffn

const collectionAt = (i: number) => `vcpu0: ram(${hex(RAM_AT + COLLECTIONS + i * ENTRY)})`
/** What is in the collection table, in no particular order. */
const collectionEntries = ({ collections, events }: Mapping): bigint[] =>
  [
    ...collections.filter(({ cpu }) => cpu !== undefined),
    ...new Set(events.map(({ of }) => collections[of]!).filter(({ cpu }) => cpu === undefined)),
  ].map(({ id, cpu }) => VALID | ((cpu === undefined ? NOWHERE : BigInt(cpu)) << 16n) | BigInt(id))

/** The lines that read the entries of all tables as the documentation lays them out; an invalid one ends the last. */
const entries = (all: Mapping): string[] => {
  const { devices, collections, events } = all
  const mapped = collectionEntries(all)
  return [
    ...devices.map((device) =>
      reads(
        DEVICES + device * ENTRY,
        VALID | (orNone(next(devices, device)) << 49n) | ((address(ittOf(all, device)) >> 8n) << 5n) | BigInt(BITS - 1),
      ),
    ),
    ...events.map(({ device, event, lpi, of }) => {
      const others = events.filter((one) => one.device === device).map((one) => one.event)
      return reads(
        ittOf(all, device) + event * ENTRY,
        (orNone(next(others, event)) << 48n) | (BigInt(lpi) << 16n) | BigInt(collections[of]!.id),
      )
    }),
    ...mapped.map((_, i) => `${collectionAt(i)} -> ${mapped.map((entry) => `ok = ${hex(entry)}`).join(' or ')}`),
    reads(COLLECTIONS + mapped.length * ENTRY, 0n),
  ]
}

law(
  'what an ITS translates is saved as it is documented, the same twice, and translates so again once it is restored',
  doc('devices/arm-vgic-its.rst', 'ITS Table ABI REV0'),
  async ({ host, ask, forAll, holds, notOffered }) => {
    if (!hasIts(host)) notOffered(LACKS)
    await forAll(
      mappings,
      async (all) => {
        const events = all.events.map((one) => ({ ...one, cpu: all.collections[one.of]!.cpu }))
        const numbers = events.map(({ lpi }) => lpi)
        const sent = events.filter(({ isPending }) => isPending)
        const isPending = pending(numbers, byCpu(CPUS, sent))
        const lines = [
          ready(CPUS),
          queue(0, ...mapping(all)),
          sent.map(({ device, event, cpu }) => message(device, event, `ok = ${cpu === undefined ? 0 : 1}`)),
          SAVE,
          SAVE_PENDING,
          entries(all),
          isPending,
          SAVE,
          SAVE_PENDING,
          entries(all),
          isPending,
          RESET,
          tables(),
          RESTORE,
          ENABLE,
          SAVE_PENDING,
          isPending,
          events.map(({ device, event, cpu }) => message(device, event, `ok = ${cpu === undefined ? 0 : 1}`)),
          SAVE,
          SAVE_PENDING,
          entries(all),
          pending(numbers, byCpu(CPUS, events)),
        ].flat()
        const heard = await ask(lines.join('\n'))
        const once = collectionEntries(all)
        for (let save = lines.indexOf(SAVE); save >= 0; save = lines.indexOf(SAVE, save + 1)) {
          const first = lines.findIndex((line, i) => i > save && line.startsWith(collectionAt(0)))
          const came = heard.answers.slice(first, first + once.length).map(({ value }) => value)
          const words = `ok, each of ${once.map(hex).join(', ')} once`
          holds(new Set(came).size === once.length, heard, words, first + once.length - 1)
        }
      },
      15,
    )
  },
)
