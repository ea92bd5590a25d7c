/** The commands as a user types them: what they print, and how they end. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { command, scratch } from '../command.ts'

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
  expect(other.out).toMatch(/^violates: .*\n[^]*-> -EIO {3}# expected -EPERM \(too (early|late)\)\n {4}allowed here: /)
  expect(other.code).toBe(1)
})

test('probe writes a host profile that is read again', async () => {
  const file = join(scratch(), 'host.json')
  expect(await command('probe', '--out', file)).toEqual({ code: 0, out: '', err: '' })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(hostNamed())
})
