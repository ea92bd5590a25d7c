/** The reports of a run, all in one folder. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ALLURE, allureReport } from '../../reports/formats/allure.ts'
import { JUNIT, junitReport } from '../../reports/formats/junit.ts'
import { KTAP, ktapReport } from '../../reports/formats/ktap.ts'
import type { Screen } from '../../reports/formats/screen.ts'
import { summaryReport } from '../../reports/formats/summary.ts'
import { TRACES, tracesReport } from '../../reports/formats/traces.ts'
import { ANSWERS, answersReport } from '../../reports/run/answers.ts'
import { folder, type Folder } from '../../reports/run/folder.ts'
import type { Listener } from '../../reports/run/listener.ts'
import { OUTCOMES, recordReport, type RunHead } from '../../reports/run/record.ts'
import { RESULTS, resultsReport } from '../../reports/run/results.ts'
import { makeLatest } from '../../reports/run/runs.ts'
import { oneLine } from '../process/visible.ts'
import type { CutOff } from './resume.ts'

/** Opens the folder; what cannot be written there is said on `screen`. */
export const openFolder = (path: string, screen: Screen): Folder =>
  folder(path, (line) => screen.write(`${oneLine(line)}\n`))

/** A run begins: what an earlier one has left in the folder goes, and `latest` points at it. */
export const beginReports = (to: Folder): void => {
  for (const name of [KTAP, JUNIT, ALLURE, RESULTS, ANSWERS, OUTCOMES, TRACES]) to.remove(name)
  makeLatest(to.path)
}

/** One line for a person: where the reports are, or why they are not. */
const whereReportsAre = (to: Folder): string => {
  const traces = existsSync(join(to.path, TRACES)) ? [`${TRACES}/`] : []
  return to.trouble ?? `${to.path}: ${[KTAP, JUNIT, `${ALLURE}/`, RESULTS, ANSWERS, ...traces].join(', ')}`
}

/** All reports of a run, which begins, or goes on where it was cut off. */
export const reportsOf = (to: Folder, screen: Screen, head: RunHead, cut?: CutOff): Listener[] => [
  answersReport(to, head.run, cut !== undefined),
  ...reportsOfOutcomes(to, screen, head, cut),
]

/** Those that are made of outcomes alone. */
export const reportsOfOutcomes = (to: Folder, screen: Screen, head: RunHead, cut?: CutOff): Listener[] => [
  recordReport(to, head, cut),
  tracesReport(to),
  ktapReport(to),
  junitReport(to),
  resultsReport(to),
  allureReport(to),
  summaryReport(screen, to.path, () => whereReportsAre(to)),
]
