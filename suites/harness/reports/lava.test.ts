/** What LAVA is given: result lines, a test definition in the style of Linaro's test-definitions, and a job. */
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { check } from 'prettier'
import { describe, expect, test } from 'vitest'
import { root } from '../../../harness/process/root.ts'
import { lavaResults } from '../../../reports/formats/lava.ts'
import { idOf } from '../../../reports/run/outcome.ts'
import { readResults } from '../../../reports/run/results.ts'
import { command, scratch } from '../command.ts'
import { writeShard } from '../run/shards.ts'
import { outcomes, run } from './sample-run.ts'

/** What send-to-lava.sh takes for a result, with an id that LAVA takes for one: without a space, `=` or `>`. */
const LINE = /^[A-Za-z0-9._-]+ (pass|fail|skip)$/

const linesOf = (text: string): string[] => text.trimEnd().split('\n')

const here = join(root, 'reports/ci')
const DEFINITION = 'automated/linux/kvm-arm64-abi'
const read = (path: string): string => readFileSync(join(here, path), 'utf8')
const [definition, job] = [read(`test-definitions/${DEFINITION}/kvm-arm64-abi.yaml`), read('lava/job.yaml')]

/** The names before the colons of a block of a YAML file, below the line that `block` matches. */
const namesBelow = (text: string, block: RegExp): string[] => {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => block.test(line))
  const indent = /^ */.exec(lines[first + 1]!.replace(/^( *)#.*/, '$1x'))![0].length
  const below = lines.slice(first + 1)
  const end = below.findIndex((line) => line.trim() !== '' && /^ */.exec(line)![0].length < indent)
  return below.slice(0, end < 0 ? undefined : end).flatMap((line) => /^ *([A-Z_]+):/.exec(line)?.[1] ?? [])
}

test('every test has a line with its result, and a suite that was not played fails', () => {
  const lines = linesOf(lavaResults(run, outcomes, ['ordered_run']))
  for (const line of lines) expect(line).toMatch(LINE)
  expect(lines).toEqual([
    ...outcomes.map((o, i) => `${idOf(o)} ${['fail', 'pass', 'pass', 'fail', 'skip', 'skip'][i]!}`),
    'ordered_run.not-played fail',
  ])
  expect(lavaResults({ ...run, strict: true }, outcomes.slice(1, 2), [])).toMatch(/ fail\n$/)
})

test('the command writes what results.json has', async () => {
  const folder = join(scratch(), 'run')
  writeShard(
    folder,
    outcomes.map((o) => ({ test: o, outcomeOn: () => o })),
  )
  const { code, out, err } = await command('lava', folder)
  expect([code, err]).toEqual([0, ''])
  const { tests, tally } = readResults(folder)
  expect(linesOf(out).map((line) => line.split(' ')[0])).toEqual(tests.map(({ id }) => id))
  const count = (result: string) => linesOf(out).filter((line) => line.endsWith(` ${result}`)).length
  expect([count('pass'), count('fail'), count('skip')]).toEqual([tally.passed, tally.failed, tally.skipped])
})

describe('the test definition', () => {
  test('is YAML with what Linaro demands of one, and hands every parameter on', async () => {
    expect(await check(definition, { parser: 'yaml', singleQuote: true, printWidth: 120 })).toBe(true)
    for (const key of ['name', 'format', 'description', 'maintainer', 'os', 'devices'])
      expect(definition).toMatch(new RegExp(`^  ${key}:`, 'm'))
    const steps = definition.slice(definition.indexOf('\nrun:'))
    const handed = [...steps.matchAll(/-(\w) "\$\{([A-Z_]+)\}"/g)]
    expect(handed.map(([, , name]) => name).toSorted()).toEqual(namesBelow(definition, /^params:/).toSorted())
    const script = read(`test-definitions/${DEFINITION}/kvm-arm64-abi.sh`)
    for (const [, option, name] of handed) expect(script).toContain(`${option!}) ${name!}="\${OPTARG}" ;;`)
  })

  /** Runs the script, in a copy of the tree that has stand-ins for Linaro's library and for the suites. */
  const play = (status: number): { lines: string[]; asked: string } => {
    const folder = scratch()
    cpSync(join(here, 'test-definitions'), folder, { recursive: true })
    mkdirSync(join(folder, 'automated/lib'))
    mkdirSync(join(folder, 'suites/harness'), { recursive: true })
    writeFileSync(
      join(folder, 'automated/lib/sh-test-lib'),
      [
        'check_root() { true; }',
        'create_out_dir() { mkdir "$1"; }',
        'dist_name() { dist=debian; }',
        'install_deps() { [ "$2" = true ]; }',
        'info_msg() { :; }',
        'report_pass() { echo "$1 pass" >> "$RESULT_FILE"; }',
        'report_fail() { echo "$1 fail" >> "$RESULT_FILE"; }',
      ].join('\n'),
    )
    writeFileSync(
      join(folder, 'suites/harness/bin.js'),
      `const args = process.argv.slice(2)
       require('fs').appendFileSync(${JSON.stringify(join(folder, 'asked'))}, args.join(' ') + '\\n')
       if (args[0] === 'lava') console.log('ordered_run_a pass\\nordered_run_b skip')
       else process.exitCode = ${status}`,
    )
    const [script, out] = [join(folder, DEFINITION, 'kvm-arm64-abi.sh'), join(folder, DEFINITION, 'output')]
    chmodSync(script, 0o755)
    const args = ['-s', 'true', '-p', join(folder, 'suites'), '-t', 'exec:x', '-T', '60', '-n', '5', '-i', '2']
    const { stderr } = spawnSync(script, args, { cwd: join(folder, DEFINITION), encoding: 'utf8' })
    expect(stderr).toBe('')
    return {
      lines: linesOf(readFileSync(join(out, 'result.txt'), 'utf8')),
      asked: readFileSync(join(folder, 'asked'), 'utf8').replaceAll(out, 'OUT'),
    }
  }

  test('plays its shard, and says what came of it and of the run', () => {
    const { lines, asked } = play(0)
    expect(asked).toBe('run --target exec:x --shard 2/5 --timeout 60 --reports OUT/reports\nlava OUT/reports\n')
    expect(lines).toEqual(['kvm-arm64-abi-run pass', 'ordered_run_a pass', 'ordered_run_b skip'])
    for (const [status, result] of [[1, 'pass'] as const, [4, 'pass'] as const, [2, 'fail'] as const])
      expect(play(status).lines[0]).toBe(`kvm-arm64-abi-run ${result}`)
  })
})

test("the template of tuxrun's job gives parameters that the test definition has", () => {
  const given = namesBelow(read('tuxlava/tuxlava/templates/tests/kvm-arm64-abi.yaml.jinja2'), /^ +parameters:/)
  expect(given).toContain('SHARD_NUMBER')
  expect(namesBelow(definition, /^params:/)).toEqual(expect.arrayContaining(given))
})

test('the job is YAML, and gives parameters that the test definition has', async () => {
  const filled = job.replace(/\$\{(\w+)\}/g, (_, name: string) => (name.startsWith('SHARD') ? '1' : 'file:///x'))
  expect(await check(filled, { parser: 'yaml', singleQuote: true, printWidth: 120 })).toBe(true)
  const given = namesBelow(job, /^ +parameters:/)
  expect(given).toContain('SHARD_INDEX')
  expect(namesBelow(definition, /^params:/)).toEqual(expect.arrayContaining(given))
  expect(job).toContain(`path: ${DEFINITION}/kvm-arm64-abi.yaml`)
})
