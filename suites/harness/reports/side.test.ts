/** Asking one of two sides that are compared. */
import { expect, test } from 'vitest'
import type { Playing } from '../../../harness/model/kernel.ts'
import { errnos, exitReasons } from '../../../harness/names/index.ts'
import { parse } from '../../../harness/table/notation.ts'
import { openSide, playPatiently } from '../../../reports/diff/side.ts'

const interrupted = { ret: -errnos.EINTR }
const left = { ret: 0, value: BigInt(exitReasons.KVM_EXIT_MMIO) }

/** What is heard of a target whose busy host lets a signal come too early, and which is asked in peace once more. */
const heard = async (line: string) => {
  const playing = (answer: Playing['answers'][number]): Playing => ({ answers: [answer], outcome: 'done', log: [] })
  const mock = await openSide('6.12-max-gicv3')
  const { isTable: _, ...rest } = mock
  const target = { ...rest, play: async () => playing(interrupted), again: async () => playing(left) }
  const { answers } = await playPatiently(
    target,
    parse(line, 'test').map(({ call }) => call),
  )
  return answers[0]
}

test('a guest that a signal of ours may have cut short is run again', async () => {
  expect(await heard('vcpu0: KVM_RUN')).toEqual(left)
})

test('a run that has to be interrupted is asked for once', async () => {
  expect(await heard('vcpu0: KVM_RUN(immediate_exit)')).toEqual(interrupted)
})
