/** What a user does with the failures of a run: play them again, or list them as known. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, scratch } from '../command.ts'

const ERRATUM = 'mock,erratum=8c86dfe39d5d'

test('what failed is played again as it was asked, and can be listed as known', async () => {
  const [first, again, sound, known] = [scratch(), scratch(), scratch(), scratch()]
  const begun = await command('run', '--target', ERRATUM, '--only', 'ordered_one-reg-sve', '--reports', first)
  expect(begun.out).toMatch(/\n\d+ passed, 2 failed, /)

  const same = await command('run', '--failed', first, '--reports', again)
  expect([same.code, same.out]).toEqual([1, expect.stringMatching(/\n0 passed, 2 failed, 0 skipped\n$/)])
  const mended = await command('run', '--failed', first, '--target', 'mock', '--reports', sound)
  expect([mended.code, mended.out]).toEqual([0, expect.stringMatching(/\n2 passed, 0 failed, 0 skipped\n$/)])
  expect(await command('run', '--failed', sound)).toEqual({
    code: 2,
    out: '',
    err: `error: ${sound}: no test failed in that run\n`,
  })

  const list = join(known, 'known.txt')
  writeFileSync(list, 'expected -EINVAL (use SVE registers)  # patch 17 is not in this tree\n')
  const listed = await command('run', '--failed', first, '--known', list, '--reports', join(known, 'out'))
  expect(listed.out).toMatch(/\nknown {15}2\n {2}2 {2}listed in known\.txt:1: patch 17 is not in this tree\n/)
  const ktap = readFileSync(join(known, 'out/conformance.ktap'), 'utf8')
  expect(ktap).toMatch(/# XFAIL listed in known\.txt:1: patch 17/)
})

test('the mock has no agents of which there could be more', async () => {
  expect((await command('run', '--jobs', '3', '--reports', scratch())).err).toBe(
    'error: --jobs 3: mock has no agents, and uses as many cores as there are\n',
  )
})
