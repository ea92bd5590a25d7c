/** Time enough to be interrupted: it ends once there is a file `go` beside the reports. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test, type TestContext } from 'vitest'
import { settings } from '../../../../../harness/model/settings.ts'

const conforms = ({ task }: TestContext) => {
  task.meta.report = { layer: 'sequence', verdict: 'conforms', lists: 1, calls: 1 }
}

test('is quick', conforms)
// Vitest may keep a result to itself until the next test ends.
test('rests', async (context) => {
  await sleep(300)
  conforms(context)
})
test('takes its time', async (context) => {
  const go = join(dirname(settings().answers!.file), 'go')
  for (let n = 0; n < 600 && !existsSync(go); n++) await sleep(100)
  conforms(context)
})
