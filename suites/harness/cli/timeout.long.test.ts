/** How long a run may take, as a user limits it. */
import { expect, test } from 'vitest'
import { command, scratch } from '../command.ts'

test('a run that takes too long ends with what is known, and can be finished', async () => {
  const reports = scratch()
  const options = ['--only', 'in-whatever-order', '--runs', '10000000']
  const ended = await command('run', ...options, '--timeout', '20', '--reports', reports)
  expect(ended.code).toBe(2)
  expect(ended.out).toMatch(/\nincomplete .*\nnote {9}the run was ended after 20 s, as --timeout says\n/)
  const refused = await command('run', '--resume', '--runs', '5', '--reports', reports)
  expect(refused.err).toMatch(/^error: --runs 5: the run in .* was begun with --runs 10000000; /)
})

test('a run whose time is up before anything was played has not passed', async () => {
  expect((await command('run', '--timeout', '1', '--reports', scratch())).code).toBe(2)
})
