/** A guest whose time is counted in instructions gives a call that is slow, and returns, the time that it needs. */
import { expect, test } from 'vitest'
import { openKernel } from '../../../harness/run/open-target.ts'
import { parse } from '../../../harness/table/notation.ts'
import { skipWithout } from '../skip-without.ts'

// The slowest that is known: 7.2 goes through all 52 bits of addresses when the VM is closed.
const SLOWEST = `
  vm0 = KVM_CREATE_VM(52)
  vm0: close`

test('the slowest list that is known returns there', { timeout: 600_000 }, async (context) => {
  skipWithout(context, 'qemu-system-aarch64', 'aarch64-linux-gnu-gcc')
  const kernel = await openKernel('qemu:7.2')
  try {
    const { outcome, answers, isCounted } = await kernel.again!(parse(SLOWEST).map(({ call }) => call))
    expect({ outcome, isCounted, answers: answers.map(({ ret }) => ret >= 0) }).toEqual({
      outcome: 'done',
      isCounted: true,
      answers: [true, true],
    })
  } finally {
    await kernel.close()
  }
})
