/** How much more time a list has that is played again. */
import { expect, test } from 'vitest'
import { withMoreTime } from '../../../harness/targets/more-time.ts'

const list = { ops: 'k,0 t,100 i,1,ae80 t,20 i,1,ae80', deadlineMs: 3000 }

test('all of its time is ten times as long', () => {
  expect(withMoreTime(list, false)).toEqual({ ops: 'k,0 t,1000 i,1,ae80 t,200 i,1,ae80', deadlineMs: 30_000 })
})

test('where time is counted in instructions, signals come earlier, and the deadline is for calls that hang', () => {
  expect(withMoreTime(list, true)).toEqual({ ops: 'k,0 t,13 i,1,ae80 t,3 i,1,ae80', deadlineMs: 30_000 })
})
