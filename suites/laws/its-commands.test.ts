/** What commands of an ITS come to, whatever their order. */
import fc from 'fast-check'
import { src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { byCpu, commands, hasIts, ITTS, LACKS, pending, queue, ready, SAVE_PENDING } from '../its.ts'

const [CPUS, FIRST_LPI] = [2, 8192]
/** A command of an ITS on two events that are mapped and one that is not, and on two collections. */
type Step =
  | { does: 'INT' | 'CLEAR' | 'DISCARD'; event: number }
  | { does: 'MOVI'; event: number; collection: number }
  | { does: 'MAPC'; collection: number; cpu: number }
  | { does: 'MOVALL'; from: number; to: number }
const DEVICE = 3
const event = fc.constantFrom(0, 1, 1, 2, 2, 3)
const collection = fc.nat(2)
const cpu = fc.nat(CPUS - 1)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ does: fc.constantFrom('INT' as const, 'INT' as const, 'CLEAR' as const, 'DISCARD' as const), event }),
    fc.record({ does: fc.constant('MOVI' as const), event, collection }),
    fc.record({ does: fc.constant('MAPC' as const), collection: fc.nat(1), cpu }),
    fc.record({ does: fc.constant('MOVALL' as const), from: cpu, to: cpu }),
  ),
  { minLength: 1, maxLength: 12 },
)
const commandOf = (step: Step) =>
  step.does === 'MOVI'
    ? commands.MOVI(DEVICE, step.event, step.collection)
    : step.does === 'MAPC'
      ? commands.MAPC(step.collection, step.cpu)
      : step.does === 'MOVALL'
        ? commands.MOVALL(step.from, step.to)
        : commands[step.does](DEVICE, step.event)

interface Mapped {
  lpi: number
  cpu: number
  isPending: boolean
}
const EVENTS = [1, 2, 3]
/** Those that are pending before. */
const BEFORE = [1, 2]

/** Which interrupts are mapped after these commands, and to which vcpu: to begin with one for each event. */
const after = (all: readonly Step[]): Mapped[] => {
  const cpus = [0, 1]
  const mapped = new Map(
    EVENTS.map((n) => [n, { lpi: FIRST_LPI + n, of: n & 1, cpu: cpus[n & 1]!, isPending: BEFORE.includes(n) }]),
  )
  for (const step of all) {
    const one = 'event' in step ? mapped.get(step.event) : undefined
    if (step.does === 'MAPC') {
      cpus[step.collection] = step.cpu
      for (const other of mapped.values()) if (other.of === step.collection) other.cpu = step.cpu
    } else if (step.does === 'MOVALL') {
      for (const other of mapped.values()) if (other.cpu === step.from) other.cpu = step.to
    } else if (one && step.does === 'MOVI' && step.collection < cpus.length) {
      one.of = step.collection
      one.cpu = cpus[step.collection]!
    } else if (one && step.does === 'INT') one.isPending = true
    else if (one && step.does === 'CLEAR') one.isPending = false
    else if (step.does === 'DISCARD') mapped.delete(step.event)
  }
  return [...mapped.values()]
}

law(
  'an interrupt is pending on the vcpu to which the commands have sent it, until they take it back',
  src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_its_handle_command'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!hasIts(host)) notOffered(LACKS)
    await forAll(
      steps,
      async (all) => {
        const first = [
          commands.MAPD(DEVICE, ITTS, 4),
          commands.MAPC(0, 0),
          commands.MAPC(1, 1),
          ...EVENTS.map((n) => commands.MAPTI(DEVICE, n, FIRST_LPI + n, n & 1)),
          ...BEFORE.map((n) => commands.INT(DEVICE, n)),
        ]
        const mapped = after(all)
        const arePending = (some: readonly Mapped[]) => pending([FIRST_LPI], byCpu(CPUS, some))
        await ask(
          [
            ready(CPUS),
            queue(0, ...first, ...all.map(commandOf)),
            SAVE_PENDING,
            arePending(mapped.filter(({ isPending }) => isPending)),
            queue(first.length + all.length, ...EVENTS.map((n) => commands.INT(DEVICE, n))),
            SAVE_PENDING,
            arePending(mapped),
          ]
            .flat()
            .join('\n'),
        )
      },
      25,
    )
  },
)
