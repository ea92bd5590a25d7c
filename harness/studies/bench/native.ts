/** What a call costs on this machine's own /dev/kvm: a bare C loop, agent.ts and agent.c. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAgent } from '../../guest/agent-binary.ts'
import { childrenOf } from '../../process/children.ts'
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
export const loopSource = `#include <fcntl.h>
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

/** Seconds a call takes in C. */
const inC = (): number => {
  const folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-'))
  try {
    const binary = join(folder, 'loop')
    writeFileSync(`${binary}.c`, loopSource)
    execFileSync('gcc', ['-O2', '-o', binary, `${binary}.c`])
    return Number(execFileSync(binary, { encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Seconds a call takes when JavaScript makes so many at a time. */
const inBatches = async (size: number): Promise<number> => {
  const { Records, keep, run, syscall } = await import('../../agent/native/syscalls.ts')
  const { NR } = await import('../../agent/native/numbers.ts')
  const { openKvm } = await import('../../agent/native/areas.ts')
  const fd = syscall(NR.openat, ...openKvm)
  const records = new Records(keep(size * 64).address, size)
  for (let i = 0; i < size; i++) records.fill(i, NR.ioctl, fd, KVM_GET_API_VERSION, 0)
  const times = TURN / size
  const all = await fastest(() => {
    for (let i = 0; i < times; i++) run(records.address, size)
  })
  if (records.int(size - 1) !== 12) throw new Error(`KVM_GET_API_VERSION gave ${records.int(size - 1)}`)
  syscall(NR.close, fd)
  return all / times / size
}

/** MiB of the processes that one has started. */
const memoryUnder = (parent: number): number => {
  const kibibytes = ({ pid }: { pid: number }) =>
    Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0)
  return childrenOf(parent).reduce((sum, child) => sum + kibibytes(child), 0) / 1024
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
const benchAgent = async (name: string, argv: string[], bare: number | undefined): Promise<void> => {
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
  if (bare) figure(`native: ${name}, the same as a ratio to C`, perCall / bare, '×')
  figure(`native: ${name}, its players' memory after a million calls`, before, 'MiB')
  figure(`native: ${name}, and after a million more`, after, 'MiB')
}

/**
 * Prints what KVM_GET_API_VERSION costs, or why that cannot be measured here. Where there is no compiler, `binaries` is a
 * folder with `loop` and `agent`, built elsewhere.
 */
export const benchNative = async (binaries?: string): Promise<void> => {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
  } catch (error) {
    return console.log(`native: not measured, /dev/kvm cannot be opened (${(error as NodeJS.ErrnoException).code})`)
  }
  const gcc = !spawnSync('gcc', ['--version']).error
  const bare =
    binaries !== undefined
      ? Number(execFileSync(join(binaries, 'loop'), { encoding: 'utf8' }))
      : gcc
        ? inC()
        : undefined
  if (bare) figure('native: a call in a bare C loop', bare * 1e6, 'µs')
  else console.log('native: no C loop to compare with, gcc is missing')
  for (const size of [1, BATCH]) {
    const one = await inBatches(size)
    figure(`native: a call from JavaScript, ${size} at a time`, one * 1e6, 'µs')
    if (bare) figure('native: the same as a ratio to C', one / bare, '×')
  }
  const typescript = new URL('../../typescript.js', import.meta.url).href
  const agent = fileURLToPath(new URL('../../agent/agent.ts', import.meta.url))
  await benchAgent('agent.ts', [process.execPath, '--import', typescript, agent], bare)
  const c = binaries !== undefined ? join(binaries, 'agent') : gcc ? await buildAgent('host') : undefined
  if (c !== undefined) await benchAgent('agent.c', [c], bare)
}
