/** Commands that have to load every suite before they can answer. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../../harness/process/root.ts'
import { suiteId } from '../../../reports/run/ids.ts'
import { command, scratch } from '../command.ts'

test('--list names tests and plays none; every id is there once, and has neither seed nor address in it', async () => {
  const { code, out } = await command('run', '--list')
  expect(code).toBe(0)
  const lines = out.trimEnd().split('\n')
  const ids = lines.map((l) => l.split('\t')[0]!)
  expect(ids.length).toBeGreaterThan(100)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^(ordered|laws|any-order)_[A-Za-z0-9_-]+$/.test(id))).toEqual([])
  expect(ids.filter((id) => /seed|0x[0-9a-f]{5}/i.test(id))).toEqual([])
  // For a text that begins with the path or the id of a suite, --only loads no other suites.
  const suites = ['ordered', 'laws', 'any-order'].flatMap((layer) =>
    readdirSync(join(root, 'suites', layer)).map((name) => `suites/${layer}/${name}`),
  )
  const names = lines.map((l) => l.split('\t')[1]!)
  const misleading = (name: string) => suites.some((file) => name.includes(file) || name.includes(suiteId(file)))
  expect(names.filter(misleading)).toEqual([])
})

test('--only with what no test has is refused in one line', async () => {
  expect(await command('run', '--only', 'xyzzy', '--reports', scratch())).toEqual({
    code: 2,
    out: '',
    err: 'error: --only "xyzzy": no test has that in its file, id or name; --list shows them all\n',
  })
})

test('--fast plays all sequences, no laws, no sweep, and fewer random sequences; --runs has the last word', async () => {
  const whole = await command('run', '--list', '--only', 'ordered_')
  const sequences = whole.out.trimEnd().split('\n').length
  const [fast, few] = [
    await command('run', '--fast', '--list'),
    await command('run', '--fast', '--runs', '50', '--reports', scratch()),
  ]
  const layers = fast.out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('_', 1)[0])
  expect(layers.filter((layer) => layer === 'ordered').length).toBe(sequences)
  expect(layers).not.toContain('laws')
  expect(fast.out).not.toMatch(/vgic-registers_KVM_DEV/)
  expect(few.code).toBe(0)
  const [, random] = /\nplayed .* no laws, (\d+) random sequences/.exec(few.out)!
  const usual = await command('run', '--fast', '--reports', scratch())
  const [, more] = /\nplayed .* no laws, (\d+) random sequences/.exec(usual.out)!
  expect(Number(more) - Number(random)).toBe(150)
})
