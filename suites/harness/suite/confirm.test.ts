/** A failure that was seen once is asked for again: on kernels that are flaky, slow, hang, or are broken for good. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyOrder } from '../../../harness/suite/any-order.ts'
import type { Call } from '../../../harness/model/call.ts'
import type { Kernel, Playing } from '../../../harness/model/kernel.ts'
import type { Law } from '../../../harness/model/law.ts'
import { src } from '../../../harness/model/rule.ts'
import { printCall } from '../../../harness/table/notation.ts'
import { mock } from '../../../harness/oracle/mock.ts'
import { runLaw } from '../../../harness/suite/law.ts'
import { allLaws } from '../../../harness/suite/declared.ts'
import { anyCalls } from '../../../harness/generate/any-calls.ts'
import { runSequence, type Sequence } from '../../../harness/suite/sequence.ts'
import { hostNamed } from '../../../fixtures/hosts/index.ts'

const host = hostNamed()
const sound = mock(host)
const release = host.kernel.release

type Lie = (calls: readonly Call[], came: Playing) => Playing

/** Lies the first `times` times a list is played, also those that are played again; `isCounted`: as a counted guest. */
const lying = (lie: Lie, times = Infinity, isCounted = true): Kernel & { asked: number } => {
  let left = times
  const kernel = {
    ...sound,
    asked: 0,
    play: async (calls: readonly Call[]): Promise<Playing> => {
      const came = await sound.play(calls)
      const lied = lie(calls, came)
      return lied !== came && left-- > 0 ? lied : came
    },
    again: async (calls: readonly Call[]): Promise<Playing> => {
      kernel.asked++
      return { ...(await kernel.play(calls)), ...(isCounted && { isCounted }) }
    },
  }
  return kernel
}

/** Answers calls of this name so. */
const answering =
  (name: string, ret: number): Lie =>
  (calls, came) =>
    calls.some(({ ioctl }) => ioctl.name === name)
      ? { ...came, answers: came.answers.map((answer, i) => (calls[i]!.ioctl.name === name ? { ret } : answer)) }
      : came

const hanging: Lie = (_, { answers, log }) => ({
  answers: answers.slice(0, 2),
  outcome: 'hung',
  why: 'no answer within 10 s',
  log,
})
const lost: Lie = () => ({ answers: [], outcome: 'lost', why: 'QEMU ended', log: [] })

const finalized: Sequence = {
  title: 'KVM_ARM_PREFERRED_TARGET is answered',
  text: 'KVM_ARM_PREFERRED_TARGET -> ok\nKVM_GET_API_VERSION -> ok = 12',
}
const runs: Sequence = {
  title: 'a guest leaves',
  text: [
    'KVM_CREATE_VM(0) -> ok',
    'KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok',
    'KVM_CREATE_VCPU(0) -> ok',
    'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
    'vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO',
  ].join('\n'),
}
const on = (kernel: Kernel) => ({ kernel, release })
const wrong = answering('KVM_GET_API_VERSION', -22)
const interrupted = answering('KVM_RUN', -4)

test('what comes again convicts, and what does not is not reproduced, with both traces', async () => {
  const broken = lying(wrong)
  expect(await runSequence(finalized, on(broken))).toMatchObject({ verdict: 'violates' })
  expect(broken.asked).toBe(1)
  const flaky = await runSequence(finalized, on(lying(wrong, 1)))
  expect(flaky).toMatchObject({
    verdict: 'not reproduced',
    why: expect.stringContaining('violates once, and not when'),
  })
  expect(flaky.trace).toMatch(/KVM_GET_API_VERSION +-> -EINVAL/)
  expect(flaky.again).toMatch(/KVM_GET_API_VERSION +-> ok = 12/)
  const often = lying(wrong, 1)
  await runSequence(finalized, on(often))
  expect(often.asked).toBe(3)
})

test('a signal of ours that came too early on a slow host is no failure', async () => {
  expect(await runSequence(runs, on(sound))).toMatchObject({ verdict: 'conforms' })
  expect(await runSequence(runs, on(lying(interrupted, 1)))).toMatchObject({ verdict: 'conforms' })
})

test('where time is counted, a guest that never leaves convicts; where it is not, that cannot be told', async () => {
  expect(await runSequence(runs, on(lying(interrupted)))).toMatchObject({ verdict: 'violates' })
  expect(await runSequence(runs, on(lying(interrupted, Infinity, false)))).toMatchObject({
    verdict: 'broken',
    why: expect.stringContaining('cannot be told'),
  })
})

test('a call that hangs for good convicts where time is counted, and one that hung once is no failure', async () => {
  expect(await runSequence(finalized, on(lying(hanging, 1)))).toMatchObject({ verdict: 'conforms' })
  expect(await runSequence(finalized, on(lying(hanging)))).toMatchObject({
    verdict: 'violates',
    why: expect.stringContaining('counted'),
  })
  expect(await runSequence(finalized, on(lying(hanging, Infinity, false)))).toMatchObject({ verdict: 'broken' })
})

test('a list that was lost once is played again, and one that is always lost is broken', async () => {
  expect(await runSequence(finalized, on(lying(lost, 1)))).toMatchObject({ verdict: 'conforms' })
  expect(await runSequence(finalized, on(lying(lost)))).toMatchObject({
    verdict: 'broken',
    why: expect.stringContaining('QEMU ended'),
  })
})

test('a mistake of the suite is not asked for again', async () => {
  const kernel = lying(wrong, 0)
  expect(await runSequence({ title: 'mistaken', text: 'KVM_GET_API_VERSION -> -EPERM' }, on(kernel))).toMatchObject({
    verdict: 'broken',
  })
  expect(kernel.asked).toBe(0)
})

test('a law that asks single lists is asked for again as a whole', async () => {
  const law = (await allLaws()).find(({ title }) => title.includes('KVM_CREATE_VM'))!
  expect(await runLaw(law, sound)).toMatchObject({ verdict: 'conforms' })
  const refusing = answering('KVM_CREATE_VM', -12)
  expect(await runLaw(law, lying(refusing))).toMatchObject({ verdict: 'violates' })
  expect(await runLaw(law, lying(refusing, 1))).toMatchObject({ verdict: 'not reproduced' })
})

test('of a property, the values that failed are asked again, one by one, and then those that had no turn', async () => {
  const played = { first: [] as string[], again: [] as string[] }
  let lies = 2
  const hung = { answers: [], outcome: 'hung' as const, log: [] }
  const asked: Law = {
    title: 'numbers are heard',
    cite: src('nowhere', 'nothing'),
    async body({ ask, holds, forAll }) {
      for (const ioctl of ['KVM_CHECK_EXTENSION', 'KVM_CREATE_VM'])
        await forAll(fc.nat(0xffff), async (value) => {
          const heard = await ask(`${ioctl}(${value + 1000})`)
          holds(heard.answers.length === 1, heard, 'an answer')
        })
    },
  }
  const kernel: Kernel = {
    ...sound,
    async play([call]) {
      played.first.push(printCall(call!))
      return lies-- > 0 ? hung : { answers: [{ ret: 0 }], outcome: 'done', log: [] }
    },
    async again([call]) {
      played.again.push(printCall(call!))
      return { answers: [{ ret: 0 }], outcome: 'done', log: [], isCounted: true }
    },
  }
  expect(await runLaw(asked, kernel)).toMatchObject({ verdict: 'conforms' })
  expect(played.again.slice(0, 2)).toEqual(played.first.slice(0, 2))
  expect(played.again).toHaveLength(102)
  expect(played.again.slice(2).filter((line) => !line.includes('KVM_CREATE_VM'))).toEqual([])
})

const drawn = { runs: 300, seed: 7, strict: false }

test('random sequences: one of each cause is asked for again, and counted as what it came to', async () => {
  expect(await anyOrder(on(sound), anyCalls(12, { host }), drawn)).toMatchObject({
    verdict: 'conforms',
    counts: { conforms: 300 },
  })
  const lie = answering('KVM_CHECK_EXTENSION', -5)
  const broken = await anyOrder(on(lying(lie)), anyCalls(12, { host }), drawn)
  expect(broken).toMatchObject({ verdict: 'violates', counts: { violates: expect.any(Number) } })
  expect(broken.trace!.split('\n').length).toBeLessThan(3)
  const flaky = await anyOrder(on(lying(lie, 1)), anyCalls(12, { host }), drawn)
  expect(flaky).toMatchObject({
    verdict: 'not reproduced',
    counts: { conforms: 299, 'not reproduced': 1, violates: 0 },
  })
  expect(flaky.again).toContain('KVM_CHECK_EXTENSION')
  const slow = await anyOrder(on({ ...lying(hanging, 5), again: sound.play }), anyCalls(12, { host }), drawn)
  expect(slow).toMatchObject({ verdict: 'conforms', counts: { conforms: 300 } })
})
