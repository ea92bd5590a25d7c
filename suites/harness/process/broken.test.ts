/** What breaks in the command itself is no verdict: one line that says what, and status 2. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../../../harness/process/root.ts'
import { commandAfter, commandMeanwhile, scratch } from '../command.ts'

/** A run of few suites. */
const some = (reports: string) => ['run', '--only', 'ordered_arm-vcpu-finalize_', '--reports', reports]

/** A command that starts, asks the mock and prints as a run does, but sooner. */
const replay = (): string[] => {
  const file = join(scratch(), 'a.trace')
  writeFileSync(file, 'KVM_GET_API_VERSION -> ok = 12')
  return ['replay', file]
}

/** The file that Node runs, in a copy of the project that has nothing but this command line. */
const commandOf = (commandLine: string): string => {
  const copy = scratch()
  mkdirSync(join(copy, 'harness', 'cli'), { recursive: true })
  for (const name of [
    'bin.js',
    'start.js',
    'typescript.js',
    'loader.js',
    'compiled.js',
    'process/limits.js',
    'process/make-folder.js',
  ])
    cpSync(join(root, 'harness', name), join(copy, 'harness', name))
  cpSync(join(root, 'package.json'), join(copy, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  writeFileSync(join(copy, 'harness', 'cli', 'cli.ts'), commandLine)
  return join(copy, 'harness', 'bin.js')
}

/** Told to the shell before: what the command does, besides, as soon as something in it listens to that event. */
const doing = (script: string, event = 'uncaughtException') => {
  const watch = `const timer = setInterval(() => {
    if (process.listenerCount("${event}") === 0) return
    clearInterval(timer)
    ${script}
  }, 1)`
  return `export NODE_OPTIONS='--import data:text/javascript,${encodeURIComponent(watch).replaceAll("'", '%27')}'`
}

describe('a Node that is too old', () => {
  // As far as Node 12 came: nothing that is newer may stand in what it reads.
  const older = /\?\.|\?\?|^\s*(import|await)\b|\|\|=/m

  test('is told what is needed, in one line', async () => {
    const version = `Object.defineProperty(process.versions, 'node', { value: '18.20.8' })`
    const told = `export NODE_OPTIONS='--import data:text/javascript,${encodeURIComponent(version).replaceAll("'", '%27')}'`
    const line = /^error: kvm-arm64-abi needs Node 20\.19 or later, this is 18\.20\.8; [^\n]+\n$/
    const ended = await commandAfter(told, 'run')
    expect(ended).toEqual({ code: 2, out: '', err: expect.stringMatching(line) as string })
    expect((await commandAfter(told, 'run', '--bisect')).code).toBe(125)
    expect(readFileSync(join(root, 'harness/bin.js'), 'utf8')).not.toMatch(older)
  })
})

describe('one line and status 2 where', () => {
  const broke = 'error: the run broke, which says nothing about the kernel: '
  test.each([
    [
      'so few files can be opened that suites would be left out',
      'ulimit -n 100',
      'error: a process may open only 100 files here, and a run needs 256; raise it with .ulimit -n.',
    ],
    [
      'so few can be opened that TypeScript cannot be loaded',
      'ulimit -n 25',
      'error: a process may open only 25 files here, and a run needs 256; raise it with .ulimit -n.',
    ],
    [
      'an exception is thrown',
      doing('throw new Error("a\\nb")'),
      `${broke}a b; this is a fault of kvm-arm64-abi itself`,
    ],
    [
      'a promise is rejected',
      doing('Promise.reject(new Error("no"))'),
      `${broke}no; this is a fault of kvm-arm64-abi itself`,
    ],
    [
      'nothing is thrown that is an error',
      doing('throw undefined'),
      `${broke}undefined; this is a fault of kvm-arm64-abi itself`,
    ],
    ['standard output is full', 'exec >/dev/full', 'error: standard output cannot be written \\(ENOSPC\\)'],
  ])('%s', async (_name, told, line) => {
    const { code, err } = await commandAfter(told, ...replay())
    expect(err).toMatch(new RegExp(`^${line}\n$`))
    expect(code).toBe(2)
  })

  // From Node 22 on it is Node's own memory that ends; see 'where memory ends altogether'.
  test('what loads TypeScript has no memory', (context) => {
    if (!process.versions.node.startsWith('20.')) return context.skip('on this Node it is its own memory that ends')
    // It has to hold this comment, and Node has not.
    const comment = 'many words '.repeat(2.5e6)
    const main = commandOf(`/* ${comment} */ export const main = () => new Promise(() => {})`)
    const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=26' }
    const { status, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8', env })
    expect(stderr).toMatch(new RegExp(`^${broke}.*heap out of memory; give it more memory, .*\n$`))
    expect(status).toBe(2)
  })

  test('nothing was installed', () => {
    const main = commandOf('')
    rmSync(join(main, '../../node_modules'))
    const { status, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' })
    expect(stderr).toMatch(new RegExp(`^${broke}Cannot find module [^\\n]+; install what it needs with .npm ci.\n$`))
    expect(status).toBe(2)
  })

  test('the project has a syntax error', async () => {
    const main = commandOf('export const main = (\n')
    const { status, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' })
    expect(stderr).toMatch(
      /^error: the run broke, which says nothing about the kernel: harness\/cli\/cli\.ts:1: Expression expected; .*\n$/,
    )
    expect(status).toBe(2)
    const never = commandOf('export const main = () => new Promise(() => {})\n')
    const stuck = spawnSync(process.execPath, [never], { encoding: 'utf8' })
    expect(stuck.stderr).toMatch(/^error: the run broke, .*: it ended before all was done; .*\n$/)
    expect(stuck.status).toBe(2)
  })
})

test('a verdict stays where standard output is full, which is told', async () => {
  const { code, err } = await commandAfter('exec >/dev/full', 'migrate', '6.12-max-gicv3', '6.1-max-gicv3')
  expect([code, err]).toEqual([1, 'error: standard output cannot be written (ENOSPC)\n'])
})

test('status 1 of a library is no verdict', async () => {
  expect((await commandAfter(doing('process.exit(1)'), ...replay())).code).toBe(2)
  // In the middle of a run, which listens to signals.
  expect((await commandAfter(doing('process.exit(1)', 'SIGHUP'), ...some(scratch()))).code).toBe(2)
})

test('a project that Node cannot load is no verdict', () => {
  const folder = scratch()
  cpSync(join(root, 'harness/bin.js'), join(folder, 'bin.js'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin.js')], { encoding: 'utf8' })
  expect(stderr).toMatch(/^error: kvm-arm64-abi cannot be loaded from where it lies: Cannot find module [^\n]+\n$/)
  expect(status).toBe(2)
})

test('a signal while vitest starts ends a run with the status of that signal', async () => {
  // Of that name is a listener of vitest, which ends the process with the status that it has then.
  const watch = `process.on("newListener", (event, { name }) => {
    if (event === "SIGTERM" && name === "onExit") setImmediate(() => process.kill(process.pid, event))
  })`
  const told = `export NODE_OPTIONS='--import data:text/javascript,${encodeURIComponent(watch)}'`
  expect((await commandAfter(told, ...some(scratch()))).code).toBe(143)
})

test('where memory ends altogether, Node ends with a status that git bisect stops at', async () => {
  const { code } = await commandAfter(
    doing('for (const all = [];;) all.push(new Array(1e6).fill({}))').replace(
      "'--import",
      "'--max-old-space-size=200 --import",
    ),
    ...replay(),
  )
  expect([134, null]).toContain(code)
})

test('a reader who has seen enough ends no run', async () => {
  const reports = scratch()
  const { code } = await commandMeanwhile(some(reports), (_kill, _pid, child) => {
    child.stdout!.destroy()
  })
  expect(code).toBe(0)
  expect(readFileSync(join(reports, 'conformance.ktap'), 'utf8')).toMatch(/^ok 1 ordered_arm-vcpu-finalize$/m)
})

test('nothing is compiled into the temporary directory, where others may write', async () => {
  const place = scratch()
  expect((await commandAfter(`export TMPDIR='${place}'`, 'judge', '/no/file')).code).toBe(2)
  expect(readdirSync(place)).toEqual([])
})
