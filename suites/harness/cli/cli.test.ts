import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { command, scratch } from '../command.ts'

describe('what cannot be done is refused in one line, with status 2', () => {
  const bad: [args: string, line: RegExp][] = [
    ['nonsense', /^error: unknown command 'nonsense'\n$/],
    ['run --sed 1', /^error: unknown option '--sed' \(Did you mean --seed\?\)\n$/],
    ['run more', /^error: too many arguments for 'run'\. Expected 0 arguments but got 1\.\n$/],
    ['run --only', /^error: option '--only <text>' argument missing\n$/],
    ['run --seed 0x7', /^error: .*'0x7' is invalid\. It takes a number from 0 to 2147483647\.\n$/],
    ['run --runs 0', /^error: .*'0' is invalid\. It takes a number from 1 to 10000000\.\n$/],
    ['run --release six', /^error: .*'six' is invalid\. Write it like 6\.12 or 6\.12\.107\.\n$/],
    ['run --target qmeu:6.12', /^error: .*"qmeu:6\.12" is no target; understood are mock, .*\n$/],
    ['run --target mock:nobody', /^error: no host called "nobody" was recorded; there are .*\n$/],
    ['run --target qemu:/no/Image', /^error: \/no\/Image: no kernel can be read there \(ENOENT\)\n$/],
    ['run --only xyzzy', /^error: --only "xyzzy": no test has that in its file, id or name; --list shows them all\n$/],
    ['probe --out /no/host.json', /^error: \/no\/host\.json: cannot be written \(ENOENT\)\n$/],
    ['citations 6.12=.', /^error: 5\.10: where is its documentation\? Add 5\.10=FOLDER; citations --help says .*\n$/],
    ['citations 6.11=.', /^error: .*'6\.11=\.' is invalid.* The recorded branches are 5\.10, .*\n$/],
    ['replay', /^error: missing required argument 'file'\n$/],
    ['replay /no/file.trace', /^error: \/no\/file\.trace: cannot be read \(ENOENT\)\n$/],
    ['judge package.json', /^error: package\.json:1: not JSON; this wants an answers\.jsonl as a run writes it\n$/],
    ['judge /no/answers.jsonl', /^error: \/no\/answers\.jsonl: cannot be read \(ENOENT\)\n$/],
  ]
  for (const [args, line] of bad)
    test.concurrent(args, async ({ expect, onTestFinished }) => {
      const words = args.split(' ')
      const reports = words[0] === 'run' ? ['--reports', scratch(onTestFinished)] : []
      const { code, out, err } = await command(words[0]!, ...reports, ...words.slice(1))
      expect(err).toMatch(line)
      expect([code, out]).toEqual([2, ''])
    })
})

test('without a command, help is shown and nothing is done', async () => {
  const { code, err } = await command()
  expect(code).toBe(2)
  expect(err).toMatch(/^Usage: kvm-arm64-abi \[options\] \[command\]\n/)
})

test('help is asked for with success', async () => {
  const { code, out, err } = await command('run', '--help')
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^Usage: kvm-arm64-abi run \[options\]\n[^]*Exit status: 0 conforms, 1 violates, /)
})

test('--list names tests and plays none; every id is there once, and has neither seed nor address in it', async () => {
  const { code, out } = await command('run', '--list')
  expect(code).toBe(0)
  const ids = out
    .trimEnd()
    .split('\n')
    .map((l) => l.split('\t')[0]!)
  expect(ids.length).toBeGreaterThan(100)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^(ordered|laws|any-order)_[A-Za-z0-9_-]+$/.test(id))).toEqual([])
  expect(ids.filter((id) => /seed|0x[0-9a-f]{5}/i.test(id))).toEqual([])
})

test('--only plays what has the text in it and nothing else; what it recorded can be judged later', async () => {
  const reports = scratch()
  const { out, code } = await command('run', '--only', 'ordered_arm-vcpu-finalize_', '--reports', reports)
  expect(code).toBe(0)
  expect(out).toMatch(/\nplayed {7}[1-9]\d* sequences?, no laws, no random sequences, [\d,]+ calls in /)
  expect(readFileSync(join(reports, 'conformance.ktap'), 'utf8')).toMatch(
    /^1\.\.1\n[^]*^ok 1 ordered_arm-vcpu-finalize\n$/m,
  )

  const file = join(reports, 'answers.jsonl')
  const same = await command('judge', file)
  expect(same.out).toMatch(/ 0 failed, 0 skipped\n$/)
  expect([same.code, same.err]).toEqual([0, ''])
  writeFileSync(file, readFileSync(file, 'utf8').replace('-> -EPERM', '-> -EIO'))
  const other = await command('judge', file)
  expect(other.out).toMatch(/^violates: .*\n[^]*-> -EIO\n {4}allowed here: -EPERM \(too (early|late)\): /)
  expect(other.code).toBe(1)
})

test('replay shows what came, and marks what the file says otherwise', async () => {
  const file = join(scratch(), 'a.trace')
  const text = 'KVM_ARM_VCPU_INIT(features[] = 0) -> ok\nKVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)'
  writeFileSync(file, text)
  expect(await command('replay', file)).toEqual({
    code: 0,
    err: '',
    out:
      'KVM_CREATE_VM(0)                        -> ok\nKVM_CREATE_VCPU(0)                      -> ok\n'
      + 'KVM_ARM_VCPU_INIT(features[] = 0)       -> ok\nKVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -EINVAL\n',
  })
  writeFileSync(file, `${text} -> -EPERM (too late)`)
  const { code, out } = await command('replay', file)
  expect(out.endsWith('-> -EINVAL   # the file says -EPERM (too late)\n'), out).toBe(true)
  expect(code).toBe(1)
  writeFileSync(file, '# nothing\n')
  expect(await command('replay', file)).toEqual({ code: 2, out: '', err: `error: ${file}: there is no call in it\n` })
})

test('probe writes a host profile that is read again', async () => {
  const file = join(scratch(), 'host.json')
  expect(await command('probe', '--out', file)).toEqual({ code: 0, out: '', err: '' })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(hostNamed())
})
