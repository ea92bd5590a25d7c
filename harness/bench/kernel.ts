/** Real kernels in QEMU: what a list costs through the agent, against a bare C loop in the same guest, and where it goes. */
import fc from 'fast-check'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { toOps } from '../ops.ts'
import { withCreations } from '../play.ts'
import { anyCalls } from '../property.ts'
import { parse } from '../trace.ts'
import { type How, type Timer, bootTimer } from './loop.ts'
import { figure, median } from './measure.ts'

const ROUNDS = 15
const SEED = 20190307

const machines = [
  { target: 'qemu:6.12', host: '6.12-max-gicv3', name: 'cpu max' },
  { target: 'qemu:6.12,gic=2,cpu=cortex-a57', host: '6.12-cortex-a57-gicv2', name: 'cortex-a57' },
]

const eightRegisters = ['KVM_ARM_VCPU_INIT(features[] = 0)',
  ...Array.from({ length: 8 }, (_, n) => `KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[${n}]))`)].join('\n')

/**
 * The lists to time, and how many turns of them make one measurement of about a fifth of a second. The first creates a VM
 * and a vcpu, initialises it and reads eight registers; the last are 200 random sequences.
 */
const subjects = (hostName: string): { name: string, lists: string[], turns: number }[] => {
  const host = hostNamed(hostName)
  const ops = (text: string) => toOps(withCreations(parse(text, 'bench')).map(({ call }) => call), host)
  const random = fc.sample(anyCalls(), { numRuns: 200, seed: SEED })
  return [
    { name: 'vcpu, 8 registers', lists: [ops(eightRegisters)], turns: 100 },
    { name: 'VM alone', lists: [ops('KVM_CREATE_VM(0)')], turns: 200 },
    { name: 'random', lists: random.map(calls => toOps(calls, host)), turns: 1 },
  ]
}

/** By turns, so that what slows this machine for a while slows both. */
const compare = async (timer: Timer, name: string, { lists, turns }: { lists: string[], turns: number }): Promise<void> => {
  const bare: number[] = [], agent: number[] = []
  const parts: Record<Exclude<How, 'bare'>, number[]> = { played: [], logged: [], parsed: [], forked: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const own = await timer.loop('bare', lists, turns)
    const through = await timer.agent(lists, turns)
    if (own.failed !== through.failed)
      throw new Error(`${name}: ${own.failed} calls fail in the loop and ${through.failed} through the agent`)
    bare.push(own.each)
    agent.push(through.each)
    for (const how of Object.keys(parts) as (keyof typeof parts)[]) parts[how].push((await timer.loop(how, lists, turns)).each)
  }
  const µs = (what: string, values: number[]) => figure(`${name}: ${what}`, median(values) * 1e6, 'µs')
  const less = (one: number[], other: number[]) => one.map((value, round) => value - other[round]!)
  µs('bare C loop', bare)
  µs('through the agent, a batch', agent)
  figure(`${name}: agent ÷ loop`, median(agent.map((value, round) => value / bare[round]!)), '×')
  µs('of that, clean-up and reading back', less(parts.played, bare))
  µs('of that, a look at the kernel log', less(parts.logged, parts.played))
  µs('of that, parsing the line', parts.parsed)
  µs('of that, virtio and two processes', less(agent, parts.logged.map((value, round) => value + parts.parsed[round]!)))
  µs('fork and wait, which the agent does without', parts.forked)
}

/** What lines cost on their way, whatever they say. */
const transport = async (timer: Timer, name: string): Promise<void> => {
  const KIB = 1024
  const empty = [''], into = [`w,d:0,${'5a'.repeat(16 * KIB)}`], from = [`c,0${' x,d:0,1000'.repeat(4)}`]
  const alone: number[] = [], batch: number[] = [], write: number[] = [], read: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    alone.push((await timer.agent(empty, 100, true)).each)
    batch.push((await timer.agent(empty, 1000)).each)
    write.push(((await timer.agent(into, 20)).each - batch.at(-1)!) / 32)
    read.push(((await timer.agent(from, 20)).each - batch.at(-1)!) / 32)
  }
  figure(`${name}: an empty list sent alone, there and back`, median(alone) * 1e6, 'µs')
  figure(`${name}: an empty list, 1,000 sent at once`, median(batch) * 1e6, 'µs')
  figure(`${name}: a KiB more in a line to the agent`, median(write) * 1e6, 'µs')
  figure(`${name}: a KiB more in an answer`, median(read) * 1e6, 'µs')
}

/** Prints the costs of lists on both machines. Throws a Complaint where a guest cannot be booted. */
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
