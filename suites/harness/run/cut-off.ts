/** Runs that are cut off, and what is read of the reports that they leave. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { readAnswers } from '../../../reports/run/answers.ts'
import type { Results } from '../../../reports/run/results-schema.ts'
import { sample, type Ended } from '../command.ts'
import { readKtap } from '../reports/ktap-reader.ts'
import { readXml } from '../reports/xml-reader.ts'

export const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8')

export const resultsOf = (folder: string): Results => JSON.parse(read(folder, 'results.json')) as Results

/** The ids of all tests in the KTAP report, sorted. */
export const idsOf = (folder: string): string[] =>
  readKtap(read(folder, 'conformance.ktap'))
    .results.flatMap((suite) => suite.subtests.map((t) => `${suite.id}_${t.id}`))
    .toSorted()

/** Does something once a report of a run has the text; a run that never gets there ends by itself. */
export const once = (folder: string, file: string, text: string, meddle: () => void): void => {
  const timer = setInterval(() => {
    if (!existsSync(join(folder, file)) || !read(folder, file).includes(text)) return
    clearInterval(timer)
    meddle()
  }, 20).unref()
}

/** A run of slow samples that is sent a signal while it waits. */
export const killed = (reports: string, signal: NodeJS.Signals): Promise<Ended> =>
  sample(reports, ['slow', 'skips'], (kill) => once(reports, 'conformance.ktap', 'is-quick', () => kill(signal)))

/** Whatever reads the reports of a `killed` run notices that it is not all there. */
export const expectIncomplete = (reports: string): void => {
  const { results, missing } = readKtap(read(reports, 'conformance.ktap'))
  const { missing: inSuite, ok } = results.find((r) => r.id.endsWith('_slow-sample'))!
  expect([missing <= 1, inSuite > 0, ok]).toEqual([true, true, false])
  const { attributes, children } = readXml(read(reports, 'junit.xml'))
  expect(Number(attributes.errors)).toBeGreaterThan(0)
  expect(children.length).toBe(2)
  expect(resultsOf(reports)).toMatchObject({
    incomplete: true,
    tally: { exit: 2 },
    unplayed: expect.arrayContaining(['suites/harness/sample/suites/ordered/slow.sample.ts']),
  })
  expect(readAnswers(join(reports, 'answers.jsonl')).missing).toBe('the run did not end, after no lists')
  expect(read(reports, 'allure-results/incomplete-result.json')).toContain('the run is incomplete')
}

/** The run that was `killed` was finished: its reports are whole. */
export const expectFinished = (reports: string): void => {
  expect(resultsOf(reports)).toMatchObject({ incomplete: false, unplayed: [], tally: { passed: 3, skipped: 2 } })
  expect(readKtap(read(reports, 'conformance.ktap')).missing).toBe(0)
  expect(readXml(read(reports, 'junit.xml')).attributes).toMatchObject({ tests: '5', errors: '0' })
  expect(readdirSync(join(reports, 'allure-results')).filter((name) => name.endsWith('-result.json')).length).toBe(5)
  expect(readAnswers(join(reports, 'answers.jsonl')).missing).toBeUndefined()
}
