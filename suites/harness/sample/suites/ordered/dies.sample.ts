/** A test that takes its process with it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { test, type TestContext } from 'vitest'

const conforms = ({ task }: TestContext) => {
  task.meta.report = { layer: 'sequence', verdict: 'conforms', lists: 1, calls: 1 }
}

test('is fine', conforms)
// Vitest may keep a result to itself until the next test ends.
test('rests', async (context) => {
  await sleep(300)
  conforms(context)
})
test('kills its process', async () => {
  await sleep(300)
  process.kill(process.pid, 'SIGKILL')
  await sleep(60_000)
})
