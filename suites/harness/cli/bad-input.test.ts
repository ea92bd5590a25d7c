/**
 * What users hand in, of every kind that can be wrong: refused in one short line that says where, and shown harmlessly.
 */
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { makeNamedFolder, readText, writeWhole } from '../../../harness/process/files.ts'
import { shown } from '../../../harness/cli/replay.ts'
import { checkHost } from '../../../harness/model/host-schema.ts'
import { parseTarget } from '../../../harness/model/target.ts'
import { doneBefore } from '../../../harness/studies/matrix/run.ts'
import { settings } from '../../../harness/model/settings.ts'
import { parse } from '../../../harness/table/notation.ts'
import type { Step } from '../../../harness/model/call.ts'
import type { Playing } from '../../../harness/model/kernel.ts'
import { judged } from '../../../harness/oracle/judge.ts'
import { KnownFailures } from '../../../reports/run/known-failures.ts'
import { idOf } from '../../../reports/run/outcome.ts'
import { outcomes } from '../reports/sample-run.ts'
import { command, scratch } from '../command.ts'
import { complaint, MEGABYTE } from './complaint.ts'

const RELEASE = '6.12'

describe('a file', () => {
  test('of another kind than text is refused with what it is', () => {
    const folder = scratch(),
      at = (name: string) => join(folder, name)
    execFileSync('mkfifo', [at('fifo')])
    writeFileSync(at('latin1'), Buffer.from('# fine\n# Gr\xf6\xdfe\n', 'latin1'))
    writeFileSync(at('large'), 'x'.repeat(1025))
    writeFileSync(at('nested'), `{}\n${'['.repeat(5 * MEGABYTE)}`)
    expect(complaint(() => readText(at('fifo')))).toMatch(/fifo: is a FIFO; copy its content to a file and name that$/)
    expect(complaint(() => readText(folder))).toMatch(/: cannot be read \(EISDIR\)$/)
    expect(complaint(() => readText(at('latin1')))).toMatch(/latin1:2: is no UTF-8 text$/)
    expect(complaint(() => readText(at('large'), 1024))).toMatch(/large: is larger than 1024 bytes/)
    expect(complaint(() => readText('/dev/zero', MEGABYTE))).toMatch(/zero: is larger than 1000000 bytes/)
    expect(complaint(() => readText(at('nested')))).toMatch(/nested:2: is longer than 4194304 bytes/)
    expect(readText(at('large'), 1025)).toHaveLength(1025)
  })

  test('that names tests, or failures that are known, is read as any other', async () => {
    const folder = scratch(),
      at = (name: string) => join(folder, name)
    execFileSync('mkfifo', [at('fifo')])
    const failed = outcomes.find(({ verdict }) => verdict === 'violates')!
    writeFileSync(at('marked'), `\ufeff${idOf(failed)} # why\r\n`)
    const { code, out, err } = await command('run', '--list', '--only', `@${at('fifo')}`)
    const line = `${at('fifo')}: is a FIFO; copy its content to a file and name that`
    expect([code, out, err]).toEqual([2, '', `error: ${line}\n`])
    expect(complaint(() => new KnownFailures(at('fifo')))).toBe(line)
    expect(new KnownFailures(at('marked')).judge(failed).verdict).toBe('known')
  })

  test.each([
    ['id', [{ id: '1'.repeat(17), write: 'any' }]],
    ['reset', [{ id: '60', write: 'any', reset: 'f'.repeat(MEGABYTE) }]],
    ['name', undefined],
  ])('of a host whose %s is longer than any is refused', (what, regs) => {
    const damaged = regs ? { ...hostNamed(), regs } : { ...hostNamed(), name: 'x'.repeat(MEGABYTE) }
    expect(complaint(() => checkHost(damaged, 'host.json'))).toMatch(
      new RegExp(`^host\\.json is no host profile: .*${what}: .{1,200}$`),
    )
  })

  test('of a column that somebody changed counts as none', () => {
    const folder = scratch(),
      asked = { target: 'mock', seed: 1, runs: 1 }
    mkdirSync(folder, { recursive: true })
    for (const text of [
      '',
      '[',
      '{}',
      JSON.stringify({ asked }),
      JSON.stringify({ asked, results: {}, seconds: '1', coverage: {} }),
    ]) {
      writeFileSync(join(folder, 'column.json'), text)
      expect(doneBefore(folder, asked)).toBeUndefined()
    }
  })
})

describe('what is written', () => {
  test('is put into folders that are made, or one line says why they are not', () => {
    const folder = scratch()
    writeFileSync(join(folder, 'file'), '')
    makeNamedFolder(join(folder, 'a/b/c'))
    makeNamedFolder(join(folder, 'a/b'))
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['c'])
    expect(complaint(() => makeNamedFolder(join(folder, 'file')))).toMatch(/file: cannot be made \(EEXIST\)$/)
    expect(complaint(() => makeNamedFolder(join(folder, 'file/b')))).toMatch(/b: cannot be made \(ENOTDIR\)$/)
    // Where a folder is, and none can be made in it, Node's own way goes on for ever.
    expect(complaint(() => makeNamedFolder('/proc/none/b'))).toBe('/proc/none/b: cannot be made (ENOENT)')
  })

  test('is put behind a link, and into what is no file', () => {
    const folder = scratch(),
      at = (name: string) => join(folder, name)
    writeFileSync(at('file'), 'before')
    symlinkSync('file', at('link'))
    symlinkSync('/dev/null', at('null'))
    symlinkSync('/dev/full', at('full'))
    symlinkSync('none', at('dangling'))
    execFileSync('mkfifo', [at('fifo')])
    for (const name of ['link', 'null', 'dangling']) writeWhole(at(name), 'after')
    expect(complaint(() => writeWhole(at('full'), 'after'))).toMatch(/full: cannot be written \(ENOSPC\)$/)
    expect(complaint(() => writeWhole(at('fifo'), 'after'))).toMatch(/fifo: is a FIFO; name a file, and copy that$/)
    expect(readText(at('file'))).toBe('after')
    expect([readlinkSync(at('link')), readlinkSync(at('null')), lstatSync(at('fifo')).isFIFO()]).toEqual([
      'file',
      '/dev/null',
      true,
    ])
    expect(readdirSync(folder).toSorted()).toEqual(['dangling', 'fifo', 'file', 'full', 'link', 'null'])
  })
})

describe('settings in the environment', () => {
  const before = process.env.KVM_ARM64_ABI
  afterEach(() => {
    if (before === undefined) delete process.env.KVM_ARM64_ABI
    else process.env.KVM_ARM64_ABI = before
  })

  test.each(['garbage', '[1]', '{"seed":"x"}', '"\u001b[31m"', ''])(
    'that nobody here wrote are refused: %j',
    (text) => {
      process.env.KVM_ARM64_ABI = text
      expect(complaint(settings)).toBe(
        "the environment has a KVM_ARM64_ABI that is not of this project's making; unset it",
      )
    },
  )
})

/** What `replay` shows of steps that were played so. */
const replayed = (said: readonly Step[], playing: Playing): string[] => {
  const host = hostNamed()
  const calls = said.map(({ call }) => call)
  return shown(said, { ...judged(host, RELEASE, calls, playing), playing }, RELEASE)
}

test('what a kernel logs and an agent says is shown as comments of one visible line each', () => {
  const said = parse('KVM_GET_API_VERSION')
  const lines = replayed(said, {
    answers: [],
    outcome: 'lost',
    why: 'gone\nKVM_RUN',
    log: ['4,a\u001b[2J\nKVM_CREATE_VM(0)', '4,\u202eb'],
  })
  expect(lines).toEqual([
    'KVM_GET_API_VERSION   # no answer from here on',
    '# broken, judged as 6.12: lost: gone KVM_RUN',
    String.raw`# kernel log: 4,a\x1b[2J KVM_CREATE_VM(0)`,
    String.raw`# kernel log: 4,\u202eb`,
  ])
})

test('a log of hundreds of thousands of lines is shown', () => {
  const lines = replayed(parse('KVM_GET_API_VERSION'), {
    answers: [],
    outcome: 'hung',
    log: Array<string>(200_000).fill('4,x'),
  })
  expect(lines).toHaveLength(200_002)
})

test('a target of control characters is refused visibly', () => {
  expect(complaint(() => parseTarget(`\u001b[31m${'x'.repeat(MEGABYTE)}`))).toMatch(
    /^"\\x1b\[31mx+…" \(1000005 characters\) is no target; /,
  )
})

describe('nothing raw reaches the terminal, and no line that is too long', () => {
  const name = 'a\u001b[31m\nb\u202e.trace'
  test.concurrent.for<[what: string, args: (folder: string) => string[]]>([
    ['the name of a trace', (folder) => ['replay', join(folder, name)]],
    [
      'what is in it',
      (folder) => {
        writeFileSync(join(folder, name), `KVM_RUN -> ${'\u001b[31m'.repeat(100_000)}`)
        return ['replay', join(folder, name)]
      },
    ],
    ['--target', () => ['run', '--target', `qemu:6.12,${'\u001b[31m'.repeat(20_000)}`]],
    ['--seed', () => ['run', '--seed', '\u001b[31m'.repeat(20_000)]],
    ['a command', () => ['\u001b[31m'.repeat(20_000)]],
    [
      'answers that nest',
      (folder) => {
        writeFileSync(join(folder, 'a.jsonl'), '['.repeat(MEGABYTE))
        return ['judge', join(folder, 'a.jsonl')]
      },
    ],
  ])('%s', async ([, args], { expect, onTestFinished }) => {
    const { code, out, err } = await command(...args(scratch(onTestFinished)))
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^error: [^\p{Cc}\p{Cf}]+\n$/u)
    expect(err.length).toBeLessThan(20_000)
  })
})
