/** Nothing of this is offered anywhere. */
import { test } from 'vitest'

for (const name of ['one', 'another'])
  test(`${name} feature`, ({ task, skip }) => {
    task.meta.report = { layer: 'sequence', verdict: 'not offered', why: 'no host has it', lists: 0, calls: 0 }
    skip('no host has it')
  })
