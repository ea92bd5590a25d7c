/** Releases: which rows hold, and what is said of a release that was not measured. */
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { answersIn } from '../../../harness/oracle/mock.ts'
import { howJudged, reached, releaseIn, releaseOf } from '../../../harness/model/release.ts'
import { boot } from '../../../harness/table/rules.ts'
import { parse } from '../../../harness/table/notation.ts'

test('a stable point release has what was backported to its branch, an earlier one has not', () => {
  const since = ['6.18', '6.12.56', '6.17.3']
  expect(['6.18', '7.2.13', '6.12.56', '6.12.107', '6.17.3'].map((r) => reached(r, since))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ])
  expect(['6.17.2', '6.12.55', '6.12', '6.1.176', '6.16.12'].map((r) => reached(r, since))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})

test('a point release answers as its branch has since a fix was backported to it', () => {
  const calls = parse('KVM_CREATE_VM(0)\nKVM_CREATE_VCPU(0)\nKVM_GET_VCPU_EVENTS').map(({ call }) => call)
  const lastOf = (release: string) => answersIn(boot(hostNamed(), release), calls).at(-1)!.ret
  expect(['6.1.180', '6.12.107', '6.17'].map(lastOf)).toEqual([0, 0, 0])
  expect(['6.1.187', '6.12.108', '6.12.117', '6.18'].map(lastOf)).toEqual([-8, -8, -8, -8])
})

test('the release of a running kernel is the stable one, also where uname -r has only the ABI of Debian', () => {
  expect(releaseOf('6.1.0-50-arm64', '#1 SMP Debian 6.1.176-1 (2026-10-01)')).toBe('6.1.176')
  expect(releaseOf('6.12.107+deb13-arm64', '#1 SMP Debian 6.12.107-1')).toBe('6.12.107')
  expect(releaseOf('7.3.0-rc1', '#1 SMP PREEMPT')).toBe('7.3.0')
})

test('a kernel whose release cannot be read is one clear line', () => {
  expect(() => releaseIn('next-20261120')).toThrow(
    'not a kernel release: "next-20261120"; write it like 6.12 or 6.12.107',
  )
})

test('a release that was not measured is said to be judged by the rows of another', () => {
  expect(howJudged('6.12.94')).toBeUndefined()
  expect(howJudged('7.4.1')).toBe('newer than the table: by its newest rows, 7.2')
  expect(howJudged('6.18.35')).toBe('not measured: by the rows of 6.12')
  expect(howJudged('5.4.1')).toBe('older than the table: by its oldest rows, 5.10')
})
