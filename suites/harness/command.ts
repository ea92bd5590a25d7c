/** Runs commands of this project as a user would, apart from the run that tests them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { root } from '../../harness/process/root.ts'

/** What lets Node load TypeScript. */
export const typescript = new URL('../../harness/typescript.js', import.meta.url).href

export interface Ended {
  code: number | null
  out: string
  err: string
}

const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|KVM_ARM64_ABI|TEST$|NODE_ENV$|NODE_OPTIONS$)/.test(name)),
)

/** Is given what sends the process a signal, its pid, and itself. */
type Started = (kill: (name: NodeJS.Signals) => void, pid: number, child: ChildProcess) => void

/** Runs a program in the project's folder. */
const program = (path: string, args: readonly string[], started?: Started): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(path, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended: Ended = { code: null, out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ended.err += text
    })
    child.on('close', (code) => resolve({ ...ended, code }))
    started?.(
      (name) => {
        child.kill(name)
      },
      child.pid!,
      child,
    )
  })

const node = (args: readonly string[], started?: Started): Promise<Ended> => program(process.execPath, args, started)

/** The command line with these arguments, in a shell that was told something first, such as a limit. */
export const commandAfter = (told: string, ...args: string[]): Promise<Ended> =>
  program('/bin/sh', ['-c', `${told} && exec "$0" "$@"`, process.execPath, 'harness/bin.js', ...args])

/** The command line with these arguments, and what it reads from standard input. */
export const commandReading = (input: string, ...args: string[]): Promise<Ended> =>
  program('/bin/sh', ['-c', 'printf %s "$0" | exec "$@"', input, process.execPath, 'harness/bin.js', ...args])

/** A line of a shell. */
export const commandInShell = (line: string): Promise<Ended> => program('/bin/sh', ['-c', line])

/** The command line with these arguments. */
export const command = (...args: string[]): Promise<Ended> => node(['harness/bin.js', ...args])

/** The same, and meanwhile something is done to it. */
export const commandMeanwhile = (args: readonly string[], started: Started): Promise<Ended> =>
  node(['harness/bin.js', ...args], started)

/** A run of the samples of these names, with reports in `reports`. */
export const sample = (reports: string, names: readonly string[], started?: Started, target = 'mock'): Promise<Ended> =>
  node(['--import', typescript, 'suites/harness/sample/run.ts', target, reports, ...names], started)

/** The same, in a shell that was told something first. */
export const sampleAfter = (
  told: string,
  reports: string,
  names: readonly string[],
  started?: Started,
): Promise<Ended> =>
  program(
    '/bin/sh',
    [
      '-c',
      `${told} && exec "$0" "$@"`,
      process.execPath,
      '--import',
      typescript,
      'suites/harness/sample/run.ts',
      'mock',
      reports,
      ...names,
    ],
    started,
  )

/** A folder that is gone after the test; a concurrent test gives its own onTestFinished. */
export const scratch = (afterwards: typeof onTestFinished = onTestFinished): string => {
  const path = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-test-'))
  afterwards(() => rmSync(path, { recursive: true, force: true }))
  return path
}
