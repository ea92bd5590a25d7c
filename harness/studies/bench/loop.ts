/** A guest in which lists of calls are timed, by turns through the agent and in a bare loop (loop.c). */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { agentSourcesWithout } from '../../agent/sources.ts'
import { UserError } from '../../process/user-error.ts'
import { compiled, sourcesAt } from '../../guest/compile.ts'
import { Console } from '../../guest/console.ts'
import { prepareGuest, runningFirst } from '../../guest/prepare.ts'
import { startQemu } from '../../guest/qemu.ts'
import { root } from '../../process/root.ts'
import { parseTarget } from '../../model/target.ts'

/** What the loop does with each list; see loop.c. */
export type How = 'bare' | 'played' | 'logged' | 'parsed' | 'forked'

/** What came of lists, for each on average, and how many calls failed in one turn of all of them. */
export interface Timed {
  /** Seconds on the clock. */
  each: number
  /** Seconds of processor time that QEMU took, which other work on this machine does not lengthen. */
  busy: number
  failed: number
}

export interface Timer {
  /** Times lists of ops in the loop, so many turns of all of them. */
  loop(how: How, lists: readonly string[], turns: number): Promise<Timed>
  /** The same through the agent: all sent at once, or (`alone`) each when the one before is answered. */
  agent(lists: readonly string[], turns: number, alone?: boolean): Promise<Timed>
  end(): Promise<void>
}

/** The loop with those files of the agent that it needs: it has a main of its own, and plays lists itself. */
const buildLoop = async (): Promise<Uint8Array> =>
  readFileSync(
    await compiled(
      'loop',
      'arm64',
      sourcesAt([
        ...['loop.c', 'bare.c', 'loop.h'].map((name) => join(root, 'harness/studies/bench', name)),
        ...agentSourcesWithout('agent.c', 'library.c', 'offline.c', 'player.c', 'replace.c', 'supervisor.c'),
      ]),
    ),
  )

/** Seconds of processor time that all threads of a process have had. */
const busyOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1'))
    .reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e9

const repeated = (lists: readonly string[], turns: number) =>
  Array.from({ length: turns }, () => lists)
    .flat()
    .map((ops) => `play a 10000 ${ops}`.trimEnd() + '\n')

/** Boots a guest of a target such as qemu:6.12. Throws a UserError where that cannot be. */
export const bootTimer = async (text: string): Promise<Timer> => {
  const target = parseTarget(text)
  if (target.kind !== 'qemu') throw new UserError(`${text}: not a target in QEMU`)
  const { child, uart, port } = startQemu(await runningFirst(await prepareGuest(target), await buildLoop()))
  const console = new Console()
  uart.on('data', (chunk: Buffer) => console.hear(chunk))
  const lines: string[] = []
  let rest = '',
    wake = () => {},
    ended = ''
  port.setEncoding('latin1').on('data', (chunk: string) => {
    const whole = (rest + chunk).split('\n')
    rest = whole.pop()!
    lines.push(...whole.filter((line) => !line.startsWith('log ')))
    wake()
  })
  void child.ended.then((how) => {
    ended = how
    wake()
  })
  /** Takes so many lines as they come. */
  const hear = async (count: number): Promise<string[]> => {
    while (lines.length < count) {
      if (ended) throw new UserError(`${text}: QEMU ended (${ended}): ${console.since(0).slice(-3).join(' | ')}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return lines.splice(0, count)
  }
  const say = (line: string) => {
    port.write(line)
  }
  const timed = async (sent: string[], alone: boolean): Promise<Timed & { answers: string[] }> => {
    const start = performance.now(),
      before = busyOf(child.process.pid!)
    const answers: string[] = []
    if (alone) {
      for (const line of sent) {
        say(line)
        answers.push(...(await hear(1)))
      }
    } else {
      say(sent.join(''))
      answers.push(...(await hear(sent.length)))
    }
    const each = (performance.now() - start) / 1000 / sent.length
    const busy = (busyOf(child.process.pid!) - before) / sent.length
    return { each, busy, answers, failed: answers.join(' ').split(' -').length - 1 }
  }
  const looped = async (how: How, turns: number) => {
    const before = busyOf(child.process.pid!)
    say(`time ${how} ${turns}\n`)
    const [nanoseconds, failed] = (await hear(1))[0]!.split(' ').map(Number)
    return { seconds: nanoseconds! / 1e9, failed: failed!, busy: busyOf(child.process.pid!) - before }
  }
  // The guest waits for its controller to speak first.
  say('drop\n')
  await hear(1)
  let kept: readonly string[] = []
  return {
    async loop(how, lists, turns) {
      if (lists !== kept) {
        say(['drop\n', ...repeated(lists, 1)].join(''))
        await looped(how, 0)
      }
      kept = lists
      // Starting a process and its first turn are not counted.
      const none = await looped(how, 0)
      const all = await looped(how, turns)
      const count = turns * lists.length
      return { each: all.seconds / count, busy: (all.busy - none.busy) / count, failed: all.failed / turns }
    },
    async agent(lists, turns, alone = false) {
      say('agent\nhello 1\n')
      await hear(1)
      await timed(repeated(lists, 1), false)
      const { answers, failed, ...cost } = await timed(repeated(lists, turns), alone)
      const odd = answers.find((line) => !line.startsWith('done '))
      say('bye\n')
      await hear(2)
      if (odd) throw new Error(`${text}: the agent answers ${odd.slice(0, 200)}`)
      return { ...cost, failed: failed / turns }
    },
    async end() {
      child.kill()
      await child.ended
    },
  }
}
