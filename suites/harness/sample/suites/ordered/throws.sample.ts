/** A suite that cannot even be loaded. */
import { test } from 'vitest'

test('is never reached', () => {})
throw new Error('this file is no suite')
