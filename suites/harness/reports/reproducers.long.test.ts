/** On a real kernel a program says of each trace just what its answers say, be they as they should or not. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { abi } from '../../../harness/abi/index.ts'
import { prepareGuest, runningFirst } from '../../../harness/guest/prepare.ts'
import type { Step } from '../../../harness/model/call.ts'
import type { Kernel, Playing } from '../../../harness/model/kernel.ts'
import { parseTarget, type Target } from '../../../harness/model/target.ts'
import { root } from '../../../harness/process/root.ts'
import { openKernel } from '../../../harness/run/open-target.ts'
import { allSequences } from '../../../harness/suite/declared.ts'
import { stepsOf } from '../../../harness/suite/sequence-text.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { parse, print } from '../../../harness/table/notation.ts'
import { inC } from '../../../reports/reproducers/c.ts'
import { reproductionOf, type Reproduction } from '../../../reports/reproducers/reproduction.ts'
import { scratch } from '../command.ts'
import { inOneBinary, toldIn } from './many-programs.ts'
import { skipWithout } from '../skip-without.ts'

const TARGET = 'qemu:6.12'
/** A host whose answers differ: programs that expect its own must tell of that. */
const OTHER = '5.10-max-gicv3'
/** Of how many traces one is told what the other host answers. */
const EVERY = 6

const folder = join(root, 'fixtures/traces')

const traces = async (): Promise<{ name: string; steps: readonly Step[] }[]> => [
  ...readdirSync(folder).map((name) => ({
    name,
    steps: withCreations(parse(readFileSync(join(folder, name), 'utf8'), name)),
  })),
  ...(await allSequences())
    .filter(({ dialect }) => dialect === undefined)
    .map((one) => ({ name: one.title, steps: stepsOf(one, abi) })),
]

/** `&reset` is another number on the other host than on the kernel whose answers are compared. */
const isRelative = (steps: readonly Step[]): boolean => print(steps).includes('&reset')

/** The calls of which the program should tell, by what an agent was answered; up to where it stops to compare. */
const deviating = ({ calls }: Reproduction, { answers }: Playing): string[] => {
  const told: string[] = []
  for (const [i, { due, value, list, isUnknown, line }] of calls.entries()) {
    const answer = answers[i]
    if (!answer || (isUnknown && answer.ret !== due)) break
    const isOtherList = list !== undefined && answer.list?.join() !== list.join()
    const isOther = answer.ret !== due || isOtherList || (value !== undefined && answer.value !== value.value)
    if (isOther && !isUnknown) told.push(line.split(' -> ')[0]!)
  }
  return told
}

const onKernel = async (
  all: (kernel: Kernel) => Promise<Playing[]>,
): Promise<{ kernel: Kernel; played: Playing[] }> => {
  const kernel = await openKernel(TARGET)
  try {
    return { kernel, played: await all(kernel) }
  } finally {
    await kernel.close()
  }
}

test('every trace and every sequence, as a program and as a trace', { timeout: 3_600_000 }, async (context) => {
  skipWithout(context, 'qemu-system-aarch64', 'aarch64-linux-gnu-gcc')
  const all = await traces()
  const { kernel, played } = await onKernel((on) =>
    Promise.all(all.map(({ steps }) => on.play(steps.map(({ call }) => call)))),
  )
  const own = all.map(({ name, steps }) => reproductionOf(name, steps, kernel.host, kernel.host.kernel.release))
  const other = hostNamed(OTHER)
  const others = all.map(({ name, steps }, i) =>
    i % EVERY === 0 && !isRelative(steps) ? reproductionOf(name, steps, other, other.kernel.release) : undefined,
  )
  const asked = [...own, ...others].flatMap((one, i) => (one ? [{ one, playing: played[i % all.length]! }] : []))
  const target = parseTarget(TARGET) as Extract<Target, { kind: 'qemu' }>
  const program = await inOneBinary(
    asked.map(({ one }) => inC(one)),
    scratch(),
  )
  const told = await toldIn(await runningFirst(await prepareGuest(target), program))
  expect(told.length).toBe(asked.length)
  const saw = asked.map(({ one, playing }, i) => ({
    name: `${one.name} on ${one.host.name}`,
    isDone: playing.outcome === 'done',
    lines: told[i]!.lines.filter((line) => !line.includes('nobody has looked at')),
    status: told[i]!.status,
    due: deviating(one, playing),
  }))
  const disagree = saw.filter(({ lines, status, due, isDone }) => {
    const said = lines.map((line) => line.replace(/: (answered|gave) .*$/, ''))
    return !isDone ? status !== -1 : said.join('\n') !== due.join('\n') || status !== (due.length > 0 ? 1 : 0)
  })
  expect(disagree).toEqual([])
  // Else nothing would show that a program can tell.
  expect(saw.filter(({ due }) => due.length > 0).length).toBeGreaterThan(10)
  expect(saw.slice(0, all.length).filter(({ due }) => due.length === 0).length).toBeGreaterThan(all.length - 10)
})
