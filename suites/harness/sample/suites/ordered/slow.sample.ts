// Time enough to be interrupted.
import { setTimeout as sleep } from 'node:timers/promises'
import { test, type TestContext } from 'vitest'

const conforms = ({ task }: TestContext) => { task.meta.report = { layer: 'sequence', verdict: 'conforms', lists: 1, calls: 1 } }

test('is quick', conforms)
// Vitest may keep a result to itself until the next test ends.
test('rests', async (context) => {
  await sleep(300)
  conforms(context)
})
test('takes a minute', async () => { await sleep(60_000) })
