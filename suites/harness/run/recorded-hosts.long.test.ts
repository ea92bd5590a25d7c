/** The suites on every recorded host: a law that holds on the default one alone convicts the kernels of the others. */
import { expect, test } from 'vitest'
import { hostNames } from '../../../fixtures/hosts/index.ts'
import { command, scratch } from '../command.ts'

test.each(hostNames)('%s conforms', { timeout: 300_000 }, async (name) => {
  const { code, out, err } = await command('run', '--target', `mock:${name}`, '--runs', '50', '--reports', scratch())
  expect({ code, err, failures: out.match(/^.*[1-9]\d* failed,.*$/m)?.[0] }).toEqual({ code: 0, err: '' })
})
