/** What the configuration of Vitest takes for an error, and what for an omission of Vitest's own. */
import { expect, test } from 'vitest'
import config from '../../../vitest.config.ts'

const isError = (message: string): boolean =>
  config.test!.onUnhandledError!({ name: 'Error', message } as never) !== false

test('an error outside of any test counts, but for imports of which Vitest was not told in time', () => {
  expect(isError('[vitest-worker]: Closing rpc while "ensureModuleGraphEntry" was pending')).toBe(false)
  expect(isError('[vitest-worker]: Closing rpc while "onCollected" was pending')).toBe(true)
  expect(isError('boom')).toBe(true)
})
