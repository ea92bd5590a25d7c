/** What a call costs on this machine's own /dev/kvm: in a bare C loop, through the agent inside Node, and alone. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, readFileSync } from 'node:fs'
import { buildAgent } from '../../guest/agent-binary.ts'
import { type Arch, compiled } from '../../guest/compile.ts'
import { descendantsOf } from '../../process/children.ts'
import { agentInNode } from '../../targets/native.ts'
import { figure, seconds } from './measure.ts'

const BATCH = 12
const KVM_GET_API_VERSION = 0xae00

/** Calls in a turn: few, so that some turns fall between what others do on the machine. */
const TURN = 9600
const TURNS = 100
/** Where turns are slow there are fewer of them, but not so few that the code was never warm. */
const ENOUGH_MS = 10_000
const LEAST_TURNS = 4

/** The bare loop, in C; it prints the seconds of a call. */
const loopSource = `#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
int main(void)
{
  struct timespec from, to;
  double least = 1, now;
  int fd = open("/dev/kvm", O_RDWR);
  for (int turn = 0; turn < ${TURNS}; turn++) {
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < ${TURN}; i++)
      if (ioctl(fd, ${KVM_GET_API_VERSION}, 0) != 12)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &to);
    now = (to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9;
    least = now < least ? now : least;
  }
  printf("%.9f\\n", least / ${TURN});
}
`

/** Seconds of the fastest of many turns, so that ratios do not depend on what else the machine does. */
const fastest = async (work: () => unknown): Promise<number> => {
  let least = Infinity
  const begun = performance.now()
  for (let i = 0; i < TURNS && (i < LEAST_TURNS || performance.now() - begun < ENOUGH_MS); i++) {
    const start = performance.now()
    await work()
    least = Math.min(least, performance.now() - start)
  }
  return least / 1000
}

/** The path of the bare loop's program. Throws a UserError where it cannot be built. */
export const buildBareLoop = (arch: Arch): Promise<string> =>
  compiled('bare-loop', arch, { 'bare-loop.c': Buffer.from(loopSource) })

/** MiB of the processes under one; what they share counts for each. */
const memoryUnder = (parent: number): number => {
  const kibibytes = ({ pid }: { pid: number }) =>
    Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0)
  return descendantsOf(parent).reduce((sum, process) => sum + kibibytes(process), 0) / 1024
}

/** An agent to time. */
const talk = (argv: string[]) => {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
  let heard = 0
  child.stdout.on('data', (chunk: Buffer) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) heard++
    child.stdout.emit('heard')
  })
  return {
    pid: child.pid!,
    /** Plays so many lists, sent at once, of so many calls. */
    async play(lists: number, calls: number): Promise<void> {
      const line = `play a 9000 k,0${` i,0,${KVM_GET_API_VERSION.toString(16)},0`.repeat(calls)}\n`
      heard = 0
      child.stdin.write(line.repeat(lists))
      while (heard < lists) await once(child.stdout, 'heard')
    },
    end: () => child.kill(),
  }
}

/** Starts an agent, has its first answer, and ends it. */
const greet = async (argv: string[]): Promise<void> => {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.write('hello 1\n')
  await once(child.stdout, 'data')
  child.kill()
  await once(child, 'close')
}

/** Prints how long an agent takes to start, what a list costs and a call more in it, and what a million calls leave. */
const benchAgent = async (name: string, argv: string[], bare: number): Promise<void> => {
  figure(`native: ${name}, from its start to its first answer`, (await seconds(() => greet(argv))) * 1000, 'ms')
  const agent = talk(argv)
  const LISTS = TURN / BATCH,
    LONG = 480
  const short = (await fastest(() => agent.play(LISTS, BATCH))) / LISTS
  const long = ((await fastest(() => agent.play(TURN / LONG, LONG))) / TURN) * LONG
  const million = () => agent.play(Math.ceil(1e6 / LONG), LONG)
  await million()
  const before = memoryUnder(agent.pid)
  await million()
  const after = memoryUnder(agent.pid)
  agent.end()
  const perCall = (long - short) / (LONG - BATCH)
  figure(`native: ${name}, a list of ${BATCH} calls, all`, short * 1e6, 'µs')
  figure(`native: ${name}, one more call in a list`, perCall * 1e6, 'µs')
  figure(`native: ${name}, the same as a ratio to C`, perCall / bare, '×')
  figure(`native: ${name}, the memory of its processes after a million calls`, before, 'MiB')
  figure(`native: ${name}, and after a million more`, after, 'MiB')
}

/**
 * Prints what KVM_GET_API_VERSION costs, or why that cannot be measured here. Throws a UserError where a program cannot
 * be built.
 */
export const benchNative = async (): Promise<void> => {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
  } catch (error) {
    return console.log(`native: not measured, /dev/kvm cannot be opened (${(error as NodeJS.ErrnoException).code})`)
  }
  const bare = Number(execFileSync(await buildBareLoop('host'), { encoding: 'utf8' }))
  figure('native: a call in a bare C loop', bare * 1e6, 'µs')
  await benchAgent('agent in Node', await agentInNode(), bare)
  await benchAgent('agent', [await buildAgent('host')], bare)
}
