/** junit.xml is well-formed whatever is in it, is as the grammar wants it, and says of each verdict what it is. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { verdicts } from '../../../harness/model/verdict.ts'
import { junit } from '../../../reports/formats/junit.ts'
import { visible } from '../../../harness/process/visible.ts'
import { expectGolden } from '../golden.ts'
import { outcomes, run } from './sample-run.ts'
import { notTaken } from './junit-grammar.ts'
import { readXml, type Element } from './xml-reader.ts'

const cases = (text: string): Element[] =>
  readXml(text).children.flatMap((s) => s.children.filter((c) => c.name === 'testcase'))

const properties = (of: Element): Record<string, string> =>
  Object.fromEntries(
    of.children.find((c) => c.name === 'properties')!.children.map(({ attributes: a }) => [a.name, a.value]),
  )

/** What stands in the output of a test case. */
const outputOf = (of: Element) => {
  const [id, verdict, ...more] = of.children.find((c) => c.name === 'system-out')!.text.split('\n')
  return { id: id!.replace('id: ', ''), verdict: verdict!.replace('verdict: ', ''), more }
}

test('every verdict has its home', () => {
  const text = junit(run, outcomes)
  expectGolden('junit.xml', text)
  const shown = (c: Element) => [
    outputOf(c).verdict,
    ...c.children.slice(0, -1).map((e) => [e.name, e.attributes.message]),
  ]
  expect(cases(text).map(shown)).toEqual([
    ['broken', ['error', 'lost: the agent said "<bye]]>\\x00" \\x1b[31mand went\\x1b[0m']],
    ['drifts'],
    ['conforms'],
    ['violates', ['failure', 'kernel log: WARNING: at arch/arm64/kvm/reset.c:117 \\x1b[1m<kvm>]]>']],
    ['not offered', ['skipped', 'KVM_CAP_ARM_PTRAUTH_ADDRESS = 0 # TODO and so on']],
    ['known', ['skipped', '6c7a5dce22b3']],
  ])
})

test('a failure holds the trace as it was, what was allowed, and the kernel log', () => {
  const failure = cases(junit(run, outcomes))[3]!.children.find((c) => c.name === 'failure')!
  expect(failure.text).toBe([outcomes[3]!.why, ...outcomes[3]!.details.map(visible)].join('\n'))
})

test('the drifting name what they drift from, all their id', () => {
  const all = cases(junit(run, outcomes)).map(outputOf)
  expect(all.map(({ id }) => id)).toEqual(outcomes.map((o) => `${o.suite}_${o.test}`))
  expect(all[1]!.more).toEqual(outcomes[1]!.details)
})

test('it is as the schema of Jenkins wants it', () => {
  const unplayed = [{ file: 'suites/ordered/run.test.ts', suite: 'ordered_run' }]
  const text = junit(run, outcomes, unplayed, ['a machine died'])
  expect(notTaken(readXml(text))).toEqual([])
  // What it was before, which the schema refuses.
  expect(notTaken(readXml(text.replace('<testsuites ', '<testsuites skipped="2" ')))).toEqual([
    '<testsuites> has no attribute skipped',
  ])
  expect(notTaken(readXml(text.replace('</testcase>', '<properties></properties></testcase>')))).toEqual([
    '<testcase> has no <properties>',
  ])
})

test('the sums are right', () => {
  const { attributes, children } = readXml(junit(run, outcomes))
  expect(attributes).toMatchObject({ tests: '6', failures: '1', errors: '1' })
  expect(children.map((suite) => suite.attributes.skipped)).toEqual(['0', '0', '1', '1'])
  expect(readXml(junit({ ...run, strict: true }, outcomes)).attributes).toMatchObject({
    tests: '6',
    failures: '2',
    errors: '1',
  })
})

test('what was not played is an error', () => {
  const text = junit(run, outcomes, [
    { file: 'suites/ordered/run.test.ts', suite: 'ordered_run' },
    { file: outcomes[2]!.file, suite: outcomes[2]!.suite, tests: [{ test: 'a', name: 'a <b>' }] },
  ])
  expect(readXml(text).attributes).toMatchObject({ tests: '8', failures: '1', errors: '3' })
  const missing = cases(text).filter((c) => c.children.some((e) => e.attributes.message?.startsWith('not played')))
  expect(missing.map((c) => [c.attributes.classname, c.attributes.name, outputOf(c).id, c.children[0]!.name])).toEqual([
    ['ordered_arm-vcpu-finalize', 'a <b>', 'ordered_arm-vcpu-finalize_a', 'error'],
    ['ordered_run', 'suites/ordered/run.test.ts', 'ordered_run_not-loaded', 'error'],
  ])
  expect(properties(readXml(text).children[0]!).incomplete).toBe('the run is incomplete: 2 files not played to the end')
})

test('whatever a kernel or a test says, the XML is well-formed', () => {
  const words = fc.string({ unit: 'binary' })
  const lines = fc.array(words, { maxLength: 3 })
  fc.assert(
    fc.property(fc.constantFrom(...verdicts), words, words, lines, (verdict, name, why, details) => {
      const text = junit(run, [{ ...outcomes[0]!, name, verdict, why, details }])
      expect(cases(text).length).toBe(1)
      expect(notTaken(readXml(text))).toEqual([])
    }),
  )
})
