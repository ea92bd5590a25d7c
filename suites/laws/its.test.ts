/** What an ITS translates, over the tables in guest memory in which it is saved (devices/arm-vgic-its.rst). */
import fc from 'fast-check'
import { doc } from '../../harness/model/rule.ts'
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

/** The lines that read the entries of all tables as the documentation lays them out. */
const entries = (all: Mapping): string[] => {
  const { devices, collections, events } = all
  // In the order in which they were mapped, of which the documentation promises none, and an invalid one at the end.
  const mapped = [
    ...collections.filter(({ cpu }) => cpu !== undefined),
    ...new Set(events.map(({ of }) => collections[of]!).filter(({ cpu }) => cpu === undefined)),
  ]
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
    ...mapped.map(({ id, cpu }, i) =>
      reads(COLLECTIONS + i * ENTRY, VALID | ((cpu === undefined ? NOWHERE : BigInt(cpu)) << 16n) | BigInt(id)),
    ),
    reads(COLLECTIONS + mapped.length * ENTRY, 0n),
  ]
}

law(
  'what an ITS translates is saved as it is documented, the same twice, and translates so again once it is restored',
  doc('devices/arm-vgic-its.rst', 'ITS Table ABI REV0'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!hasIts(host)) notOffered(LACKS)
    await forAll(
      mappings,
      async (all) => {
        const events = all.events.map((one) => ({ ...one, cpu: all.collections[one.of]!.cpu }))
        const numbers = events.map(({ lpi }) => lpi)
        const sent = events.filter(({ isPending }) => isPending)
        const isPending = pending(numbers, byCpu(CPUS, sent))
        await ask(
          [
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
          ]
            .flat()
            .join('\n'),
        )
      },
      15,
    )
  },
)
