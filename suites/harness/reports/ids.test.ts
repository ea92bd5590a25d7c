/** The ids of tests: the same in each run, no two alike, and made of characters that every format takes. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idsOfRun, suiteId, testId } from '../../../reports/run/ids.ts'

test('an id is made of the file and the names, and of nothing else', () => {
  expect(suiteId('suites/ordered/arm-vcpu-finalize.test.ts')).toBe('ordered_arm-vcpu-finalize')
  expect(suiteId('/anywhere/suites/laws/create-vm.test.ts')).toBe('laws_create-vm')
  expect(testId(['KVM_ARM_VCPU_INIT', '-> -EPERM (too late), 32 ≤ n'])).toBe('KVM_ARM_VCPU_INIT_EPERM-too-late-32-n')
})

test('an id has only characters that every reader keeps, and at least one', () => {
  const words = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(words, fc.array(words), (file, names) => {
      expect(suiteId(`suites/${file}.test.ts`)).toMatch(/^[A-Za-z0-9_-]+$/)
      expect(testId(names)).toMatch(/^[A-Za-z0-9_-]+$/)
    }),
  )
})

test('two tests with the same id are told apart, and the suite is told', () => {
  const ids = idsOfRun()
  expect(ids.claim('ordered_run_a-b', 'run > a b')).toEqual({ id: 'ordered_run_a-b' })
  expect(ids.claim('ordered_run_a-b', 'run > a-b')).toEqual({
    id: 'ordered_run_a-b-2',
    clash: 'its id ordered_run_a-b is taken by run > a b; rename one of them',
  })
  expect(ids.claim('ordered_run_a-b', 'run > a b')).toEqual({ id: 'ordered_run_a-b' })
})
