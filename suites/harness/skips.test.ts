/**
 * Every skip says why: what vitest skips by a condition cannot, and only a machine that meets the condition shows it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../harness/process/root.ts'

const suites = join(root, 'suites')

test('no test is skipped by a condition alone', () => {
  const declared = readdirSync(suites, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  expect(declared.length).toBeGreaterThan(300)
  const silent = declared.filter((name) => /\b(?:skip|run)If\(/.test(readFileSync(join(suites, name), 'utf8')))
  expect(silent.map((name) => `suites/${name}: use context.skip(why), or skipWithout(context, program)`)).toEqual([])
})
