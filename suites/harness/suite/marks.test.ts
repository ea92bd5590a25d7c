/** The trace of a failure marks the call that went wrong and what was expected there, and can be played as it is. */
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import type { Answer, Call } from '../../../harness/model/call.ts'
import type { Kernel, Playing } from '../../../harness/model/kernel.ts'
import { api } from '../../../harness/model/rule.ts'
import { mock } from '../../../harness/oracle/mock.ts'
import { judgedReport } from '../../../harness/suite/judged-report.ts'
import type { Law } from '../../../harness/model/law.ts'
import { runLaw } from '../../../harness/suite/law.ts'
import { runSequence } from '../../../harness/suite/sequence.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { parse, print } from '../../../harness/table/notation.ts'

const host = hostNamed('6.12-max-gicv3')
const { release } = host.kernel
const sound = mock(host)

/** The same kernel, whose playing is changed. */
const lying = (lie: (came: Playing, calls: readonly Call[]) => Partial<Playing>): Kernel => ({
  ...sound,
  async play(calls) {
    const came = await sound.play(calls)
    return { ...came, ...lie(came, calls) }
  },
})

/** Answers every call of this name so. */
const answering = (name: string, answer: Answer): Kernel =>
  lying(({ answers }, calls) => ({ answers: answers.map((one, i) => (calls[i]!.ioctl.name === name ? answer : one)) }))

const text = `KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_RUN(immediate_exit) -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> ok`
const sequence = { title: 'SVE is finalized before the vcpu runs', text }
const calls = withCreations(parse(text)).map(({ call }) => call)

const runs = answering('KVM_RUN', { ret: 0 })
const last = (trace = '') => trace.split('\n').at(-1)

test('in a sequence', async () => {
  const { verdict, trace } = await runSequence(sequence, { kernel: runs, release })
  expect([verdict, last(trace)]).toEqual([
    'violates',
    'KVM_RUN(immediate_exit)                          -> ok   # expected -EPERM (too early)',
  ])
  expect(print(parse(trace!))).toBe(trace)
})

test('in calls in any order, whether the answer violates or drifts', async () => {
  const violating = await judgedReport({ kernel: runs, release }, calls)
  expect([violating.verdict, last(violating.trace)]).toEqual([
    'violates',
    'KVM_RUN(immediate_exit)                          -> ok   # expected -EPERM (too early)',
  ])
  const drifting = await judgedReport({ kernel: answering('KVM_RUN', { ret: -4 }), release }, calls)
  expect([drifting.verdict, last(drifting.trace)]).toEqual([
    'drifts',
    'KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)   # expected -EPERM (too early)',
  ])
})

test('where a value or a list is another', async () => {
  const version = await judgedReport(
    { kernel: answering('KVM_GET_API_VERSION', { ret: 0, value: 13n }), release },
    parse('KVM_GET_API_VERSION').map(({ call }) => call),
  )
  expect(version.trace).toBe('KVM_GET_API_VERSION -> ok = 13   # expected ok = 12')
  const listed = await judgedReport(
    { kernel: answering('KVM_GET_REG_LIST', { ret: 0, value: 259n, list: [1n] }), release },
    [
      ...withCreations(parse('KVM_ARM_VCPU_INIT(features[] = 0)')).map(({ call }) => call),
      ...parse('KVM_GET_REG_LIST(n = 500)').map(({ call }) => call),
    ],
  )
  expect(last(listed.trace)).toMatch(
    /^KVM_GET_REG_LIST\(n = 500\) +-> ok = 259   # the list came without KVM_REG_ARM_CORE_REG\(regs\.regs\[0\]\), .* and 256 more, with 0x0+1$/,
  )
})

test('in a law, at an answer of its text and at what it compares', async () => {
  const cite = api('4.1', '')
  const said: Law = { title: 'said', cite, body: async ({ ask }) => void (await ask('KVM_GET_API_VERSION -> ok = 13')) }
  expect((await runLaw(said, sound)).trace).toBe('KVM_GET_API_VERSION -> ok = 12   # expected ok = 13')
  const compared: Law = {
    title: 'compared',
    cite,
    body: async ({ ask, holds }) => holds(false, await ask('KVM_GET_API_VERSION'), 'ok with an odd number'),
  }
  expect((await runLaw(compared, sound)).trace).toBe(
    'KVM_GET_API_VERSION -> ok = 12   # expected ok with an odd number',
  )
})

test('in a law, a number that is expected as the answers to its call are shown', async () => {
  const text = `KVM_ARM_VCPU_INIT(features[] = 0)
    KVM_SET_ONE_REG(KVM_REG_ARM_PTIMER_CVAL, &0x10) -> ok
    KVM_GET_ONE_REG(KVM_REG_ARM_PTIMER_CVAL) -> ok = ${(1n << 64n) - 1n} or -ENOENT`
  const law: Law = { title: 'kept', cite: api('4.1', ''), body: async ({ ask }) => void (await ask(text)) }
  expect((await runLaw(law, sound)).trace).toMatch(/ -> ok = 0x10 {3}# expected ok = 0xf{16} or -ENOENT$/)
})

test('a law whose answer is misspelt is broken, and the kernel is not blamed', async () => {
  const law: Law = {
    title: 'misspelt',
    cite: api('4.1', ''),
    body: async ({ ask }) => void (await ask('KVM_GET_API_VERSION -> ok or -EPREM')),
  }
  expect(await runLaw(law, sound)).toMatchObject({
    verdict: 'broken',
    why: 'no such errno "EPREM"; did you mean EPERM?',
  })
})

test.each([
  ['hung', 'did not return'],
  ['died', 'the process ended here'],
  ['lost', 'no answer from here on'],
] as const)('at the call without an answer where a list %s', async (outcome, mark) => {
  const kernel = lying(({ answers }) => ({ answers: answers.slice(0, 3), outcome }))
  const { trace } = await runSequence(sequence, { kernel, release })
  const lines = trace!.split('\n')
  expect([lines[3], lines.length]).toEqual([`KVM_RUN(immediate_exit)   # ${mark}`, outcome === 'lost' ? 5 : 4])
  expect(print(parse(trace!))).toBe(trace)
})
