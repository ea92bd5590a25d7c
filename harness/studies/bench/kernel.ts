/** Real kernels in QEMU: what a list costs through the agent and in a bare C loop in the same guest. */
import { X } from '../../names/index.ts'
import fc from 'fast-check'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { toOps } from '../../link/ops.ts'
import { withCreations } from '../../table/creations.ts'
import { anyCalls } from '../../generate/any-calls.ts'
import { parse } from '../../table/notation.ts'
import { type How, type Timed, type Timer, bootTimer } from './loop.ts'
import { figure, median } from './measure.ts'

const ROUNDS = 11
const SEED = 20190307

const machines = [
  { target: 'qemu:6.12', host: '6.12-max-gicv3', name: 'cpu max' },
  { target: 'qemu:6.12,gic=2,cpu=cortex-a57', host: '6.12-cortex-a57-gicv2', name: 'cortex-a57' },
]

const eightRegisters = [
  'KVM_ARM_VCPU_INIT(features[] = 0)',
  ...Array.from({ length: 8 }, (_, n) => `KVM_GET_ONE_REG(${X(n)})`),
].join('\n')

interface Subject {
  name: string
  lists: string[]
  turns: number
}

/** Whether the bare loop has all ops of a list: it sends no signals, without which a guest may run for ever. */
const isForLoop = (ops: string): boolean => ops.split(' ').every((op) => 'kicwpfx'.includes(op[0]!))

/**
 * The lists to time, and how many turns of them make one measurement of about a fifth of a second. The first creates a
 * VM and a vcpu, initialises it and reads eight registers; the last are those of 250 random sequences that the bare
 * loop can make.
 */
const subjects = (hostName: string): Subject[] => {
  const host = hostNamed(hostName)
  const ops = (text: string) =>
    toOps(
      withCreations(parse(text, 'bench')).map(({ call }) => call),
      host,
    )
  const random = fc
    .sample(anyCalls(), { numRuns: 250, seed: SEED })
    .map((calls) => toOps(calls, host))
    .filter(isForLoop)
  return [
    { name: 'vcpu, 8 registers', lists: [ops(eightRegisters)], turns: 100 },
    { name: 'VM alone', lists: [ops('KVM_CREATE_VM(0)')], turns: 200 },
    { name: 'random', lists: random, turns: 1 },
  ]
}

const µs = (name: string, values: readonly number[]) => figure(name, median(values) * 1e6, 'µs')

/** By turns, so that what slows this machine for a while slows both. */
const compare = async (timer: Timer, name: string, { lists, turns }: Subject): Promise<void> => {
  const turn: { agent: Timed; loop: Record<How, Timed> }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const bare = await timer.loop('bare', lists, turns)
    const agent = await timer.agent(lists, turns)
    if (bare.failed !== agent.failed)
      throw new Error(`${name}: ${bare.failed} calls fail in the loop and ${agent.failed} through the agent`)
    const loop = { bare } as Record<How, Timed>
    for (const how of ['played', 'logged', 'parsed', 'forked'] as const) loop[how] = await timer.loop(how, lists, turns)
    turn.push({ agent, loop })
  }
  const each = (value: (of: { agent: Timed } & Record<How, Timed>) => number) =>
    turn.map(({ agent, loop }) => value({ agent, ...loop }))
  µs(
    `${name}: bare C loop`,
    each(({ bare }) => bare.each),
  )
  µs(
    `${name}: through the agent, a batch`,
    each(({ agent }) => agent.each),
  )
  figure(`${name}: agent ÷ loop, on the clock`, median(each(({ agent, bare }) => agent.each / bare.each)), '×')
  µs(
    `${name}: bare C loop, processor time`,
    each(({ bare }) => bare.busy),
  )
  µs(
    `${name}: through the agent, processor time`,
    each(({ agent }) => agent.busy),
  )
  figure(`${name}: agent ÷ loop, processor time`, median(each(({ agent, bare }) => agent.busy / bare.busy)), '×')
  µs(
    `${name}:   of that, reading back and clean-up`,
    each(({ played, bare }) => played.busy - bare.busy),
  )
  µs(
    `${name}:   of that, a look at the kernel log`,
    each(({ logged, played }) => logged.busy - played.busy),
  )
  µs(
    `${name}:   of that, parsing the line`,
    each(({ parsed }) => parsed.busy),
  )
  µs(
    `${name}:   of that, virtio and two processes`,
    each(({ agent, logged, parsed }) => agent.busy - logged.busy - parsed.busy),
  )
  µs(
    `${name}: fork and wait, which the agent does without`,
    each(({ forked }) => forked.busy),
  )
}

/** What lines cost on their way, whatever they say. */
const transport = async (timer: Timer, name: string): Promise<void> => {
  const KIB = 1024
  const empty = [''],
    into = [`w,d:0,${'5a'.repeat(16 * KIB)}`],
    from = [`c,0${' x,d:0,1000'.repeat(4)}`]
  const alone: Timed[] = [],
    batch: Timed[] = [],
    write: number[] = [],
    read: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await timer.agent(empty, 100, true))
    const many = await timer.agent(empty, 1000)
    batch.push(many)
    write.push(((await timer.agent(into, 20)).busy - many.busy) / 32)
    read.push(((await timer.agent(from, 20)).busy - many.busy) / 32)
  }
  µs(
    `${name}: an empty list sent alone, there and back`,
    alone.map(({ each }) => each),
  )
  µs(
    `${name}: an empty list sent alone, processor time`,
    alone.map(({ busy }) => busy),
  )
  µs(
    `${name}: an empty list of 1,000 in a batch, processor time`,
    batch.map(({ busy }) => busy),
  )
  µs(`${name}: a KiB more in a line to the agent, processor time`, write)
  µs(`${name}: a KiB more in an answer, processor time`, read)
}

/** Prints the costs of lists on both machines. Throws a UserError where a guest cannot be booted. */
export const benchKernel = async (): Promise<void> => {
  for (const { target, host, name } of machines) {
    const timer = await bootTimer(target)
    try {
      for (const subject of subjects(host)) await compare(timer, `${name}, ${subject.name}`, subject)
      await transport(timer, name)
    } finally {
      await timer.end()
    }
  }
}
