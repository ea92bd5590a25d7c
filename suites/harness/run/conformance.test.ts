/** Whole runs of small suites, as vitest brings them: its events, its ways to fail, its signals. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sample, scratch } from '../command.ts'
import { readKtap, type Result } from '../reports/ktap-reader.ts'
import { notTaken } from '../reports/junit-grammar.ts'
import { readXml } from '../reports/xml-reader.ts'

interface AllureResult {
  name: string
  status: string
  statusDetails: { message?: string }
  attachments: { source: string }[]
}

const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8')

const results = (reports: string) => readKtap(read(reports, 'conformance.ktap')).results.flatMap((s) => s.subtests)

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)

test('every verdict comes through to every report, and a test that says none is broken', async () => {
  const reports = scratch()
  const { code, out, err } = await sample(reports, ['verdicts'])
  expect(err).toBe('')
  const shown = ({ ok, directive, reason }: Result) =>
    `${ok ? 'ok' : 'not ok'}${directive ? ` # ${directive} ${reason}` : ''}`
  // On a busy host vitest tells of the tests of a file in another order.
  const byId = (all: [string, unknown][]) => all.toSorted(([a], [b]) => (a < b ? -1 : 1))
  const came = results(reports).map((t): [string, string] => [t.id, shown(t)])
  expect(byId(came)).toEqual(
    byId([
      ['conforms', 'ok'],
      ['drifts', 'ok'],
      ['violates', 'not ok'],
      ['not-offered', 'ok # SKIP no KVM_ARM_VCPU_SVE'],
      ['known', 'ok # XFAIL 6c7a5dce22b3'],
      ['broken', 'not ok # ERROR lost: the machine went away'],
      ['conforms-and-then-fails', 'not ok # ERROR conforms, and then: as a test does that fails'],
      ['throws-without-a-verdict', 'not ok # ERROR expected 2 to be 3 // Object.is equality'],
      ['passes-without-a-verdict', 'not ok # ERROR passed without a verdict: task.meta.report is missing'],
      ['is-skipped-without-a-reason', 'not ok # ERROR skipped without a reason; every skip says why'],
      ['has-the-id-of', 'ok'],
      [
        'has-the-id-of-2',
        expect.stringMatching(/^not ok # ERROR its id \S+_has-the-id-of is taken by \S+ > has the id of; /),
      ],
    ]),
  )
  expect(lastLine(out)).toBe('3 passed, 7 failed, 2 skipped')
  expect(code).toBe(1)
  const xml = readXml(read(reports, 'junit.xml'))
  expect(xml.attributes).toMatchObject({ tests: '12', failures: '1', errors: '6' })
  expect(notTaken(xml)).toEqual([])

  const folder = join(reports, 'allure-results')
  const allure = readdirSync(folder)
    .filter((f) => f.endsWith('-result.json'))
    .map((f) => JSON.parse(read(folder, f)) as AllureResult)
  const status = new Map(allure.map((r) => [r.name, [r.status, r.statusDetails.message]]))
  expect(status.get('conforms')).toEqual(['passed', undefined])
  expect(status.get('not offered')).toEqual(['skipped', 'no KVM_ARM_VCPU_SVE'])
  expect(status.get('known')).toEqual(['failed', '6c7a5dce22b3'])
  expect(status.get('passes without a verdict')![0]).toBe('broken')
  expect(allure.length).toBe(12)
  expect(read(folder, 'environment.properties')).toMatch(
    /^target = mock\nhost = 6\.12-max-gicv3\nkernel = Linux 6\.12\S+\njudged\.as = 6\.12\S+\nseed = 20190307\nsuites = \d/,
  )
  const traced = allure.find((r) => r.name === 'violates')!
  expect(read(folder, traced.attachments[0]!.source)).toBe('KVM_RUN -> -EIO')
})
