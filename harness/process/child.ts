/** Child processes that never outlive this one. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { atEnd, ENDING } from './at-end.ts'
import { noteChild } from './left-behind.ts'

const alive = new Set<ChildProcess>()

const signal = (child: ChildProcess, name: NodeJS.Signals): void => {
  try {
    // A detached child leads a process group, which goes with it.
    process.kill(-child.pid!, name)
  } catch {
    child.kill(name)
  }
}

const killAll = (): void => {
  for (const child of alive) signal(child, 'SIGKILL')
}

atEnd(killAll)
// Before all other listeners: these may wait for the children to end.
for (const name of ENDING) process.prependOnceListener(name, killAll)

// Where this process is killed outright, only the kernel can still kill its children: PR_SET_PDEATHSIG. Without setpriv
// they are found when the next run starts.
const leash = ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--']

export interface Child {
  process: ChildProcess
  /** What it wrote to stderr last, at most 4 KiB. */
  stderr(): string
  /** Resolves when it has ended, to words such as 'exit status 1' or 'killed by SIGKILL'. */
  ended: Promise<string>
  kill(): void
}

/**
 * Spawns a command (argv, no shell) in a process group of its own, with stderr collected. It ends with this process
 * at the latest.
 */
export const spawnChild = (argv: string[], stdio: SpawnOptions['stdio']): Child => {
  const [command, ...args] = existsSync(leash[0]!) ? [...leash, ...argv] : argv
  const child = spawn(command!, args, { stdio, detached: true })
  alive.add(child)
  const strike = child.pid === undefined ? () => {} : noteChild(child.pid)
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4096)
  })
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => {
      alive.delete(child)
      resolve(error.message)
    })
    child.on('close', (code, name) => {
      alive.delete(child)
      strike()
      resolve(name ? `killed by ${name}` : `exit status ${code}`)
    })
  })
  return {
    process: child,
    stderr: () => said,
    ended,
    kill: () => {
      if (alive.has(child)) signal(child, 'SIGKILL')
    },
  }
}
