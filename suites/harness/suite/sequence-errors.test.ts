/** What the author of a sequence is told: file, line, what is wrong there, and the word that may have been meant. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { mock } from '../../../harness/oracle/mock.ts'
import { runSequence, sequence, sequencesOf } from '../../../harness/suite/sequence.ts'
import { fileInFrame } from '../../../harness/suite/sequence-text.ts'

const FILE = 'suites/harness/suite/sequence-errors.test.ts'
const host = hostNamed('6.12-max-gicv3')
const source = readFileSync(import.meta.filename, 'utf8').split('\n')

const declared = await sequencesOf(async () => {
  sequence(
    'an ioctl',
    `
    KVM_ARM_VCPU_INIT(features[] = 0) -> ok

    KVM_RUM(immediate_exit)           -> -EINTR (immediate_exit)
  `,
  )
  sequence('a constant', 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SWE) -> ok')
  sequence('an errno', 'KVM_GET_API_VERSION -> -EPREM')
  sequence('a register', 'KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VSL) -> -ENOEXEC (not initialised)')
  sequence('a descriptor', 'vpcu0: KVM_RUN(immediate_exit) -> -ENOEXEC (not initialised)')
  sequence('a field', 'KVM_IRQ_LINE(0, levle = 1) -> ok')
  sequence('no answer', 'KVM_GET_API_VERSION')
  sequence('an errno that the table does not answer', 'KVM_RUN(immediate_exit) -> -EPERM (not initialised)')
  sequence(
    'a reason that the table does not give',
    `
    # a comment
    KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
    KVM_RUN(immediate_exit)                          -> -EPERM (too eraly)
  `,
  )
})

test.each([
  ['an ioctl', 'KVM_RUM(', 'no such ioctl "KVM_RUM"; did you mean KVM_RUN?'],
  ['a constant', 'VCPU_SWE) ->', /, not "KVM_ARM_VCPU_SWE"; did you mean KVM_ARM_VCPU_SVE\?$/],
  ['an errno', '-EPREM', 'no such errno "EPREM"; did you mean EPERM?'],
  ['a register', 'SVE_VSL) ->', /"KVM_REG_ARM64_SVE_VSL": .*; did you mean KVM_REG_ARM64_SVE_VLS\?$/],
  ['a descriptor', 'vpcu0: KVM', 'vpcu0 is used and never made; did you mean vcpu0?'],
  ['a field', 'levle = 1) ->', 'struct kvm_irq_level: cannot place "levle = 1"; did you mean level?'],
  [
    'no answer',
    "answer', 'KVM_GET_API",
    'say how kvm: KVM_GET_API_VERSION is answered: CALL -> ok, or CALL -> -ERRNO (rule)',
  ],
  [
    'an errno that the table does not answer',
    '-EPERM (not initialised)',
    'the table answers -ENOEXEC (not initialised) to KVM_RUN here, the sequence says -EPERM (not initialised)',
  ],
  [
    'a reason that the table does not give',
    '-EPERM (too eraly)',
    'the table answers -EPERM (too early) to KVM_RUN here, the sequence says -EPERM (too eraly)',
  ],
])('%s', async (title, text, says) => {
  const { verdict, why } = await runSequence(
    declared.find((one) => one.title === title)!,
    {
      kernel: mock(host),
      release: host.kernel.release,
    },
  )
  expect(verdict).toBe('broken')
  const where = `${FILE}:${source.findIndex((line) => line.includes(text)) + 1}: `
  expect(why).toContain(where)
  expect(why!.slice(where.length)).toEqual(typeof says === 'string' ? says : expect.stringMatching(says))
})

test('what contradicts the table between two measured releases is not offered there, and in a measured one the author is told', async () => {
  const [dated] = await sequencesOf(async () => {
    sequence(
      'a date that is not close enough',
      `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 0, &25) -> -ENXIO (unknown attribute)
    `,
    )
  })
  const as = async (release: string) => {
    const { verdict, why } = await runSequence(dated!, { kernel: mock(host, release), release })
    return [verdict, why]
  }
  expect((await as('6.12.107'))[0]).toBe('conforms')
  expect(await as('6.17.13')).toEqual(['not offered', 'another answer came between two measured releases'])
  expect((await as('7.2.13'))[0]).toBe('broken')
})

test.each([
  ['    at file:///home/x/suites/ordered/run.test.ts:3:1', '/home/x/suites/ordered/run.test.ts'],
  ['    at sequence (file:///a%20(1)/b:c/$(x)/run.test.ts:31:7)', '/a (1)/b:c/$(x)/run.test.ts'],
  ['    at Object.<anonymous> (/a (1)/b.ts.d/run.test.ts:31:7)', '/a (1)/b.ts.d/run.test.ts'],
  ['    at async file:///a/run.test.ts?t=12:31:7', '/a/run.test.ts'],
  ['    at new Promise (<anonymous>)', undefined],
])('the file of %j is known, whatever its folders are called', (frame, path) => {
  expect(fileInFrame(frame)).toBe(path)
})
