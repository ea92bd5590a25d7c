/** One run of the suites, from what was asked to the exit code. */
import { resolve } from 'node:path'
import type { Vitest } from 'vitest/node'
import { allureReport } from '../reports/allure.ts'
import { answersReport, ANSWERS } from '../reports/answers.ts'
import { folder } from '../reports/folder.ts'
import { junitReport } from '../reports/junit.ts'
import { ktapReport } from '../reports/ktap.ts'
import { recorder } from '../reports/listener.ts'
import type { Run } from '../reports/outcome.ts'
import { summaryReport, type Screen } from '../reports/summary.ts'
import { tally } from '../reports/tally.ts'
import type { Host } from './host.ts'
import { hand, usual, type Settings } from './settings.ts'
import { select, vitestOver } from './suites.ts'

export interface Asked extends Settings {
  /** The files to run, as globs from the project's root. */
  include: readonly string[]
  /** Only tests with this in their file, id or name. */
  only?: string
  /** Where reports are written. */
  reports: string
}

/** Starts the suites: the tests chosen, or all of them. */
const start = async (vitest: Vitest, chosen: ReadonlyMap<string, Set<string>> | undefined): Promise<void> => {
  if (!chosen) return void await vitest.start()
  await vitest.standalone()
  const project = vitest.getRootProject()
  await vitest.runTestSpecifications([...chosen].map(([path, ids]) => project.createSpecification(path, { testIds: [...ids] })))
}

/** Vitest's ids of the chosen tests, by the path of their file. */
const choose = async (only: string, include: readonly string[]): Promise<Map<string, Set<string>>> => {
  const chosen = new Map<string, Set<string>>()
  for (const { path, vitestId } of await select(include, only)) chosen.set(path, (chosen.get(path) ?? new Set()).add(vitestId))
  return chosen
}

/**
 * Runs suites and writes the reports. Gives the exit code: 0 conforms, 1 violates, 2 something is broken or a report could
 * not be written, 4 everything was skipped, 130 interrupted. Throws a Complaint where the target cannot be opened.
 */
export const conformance = async ({ include, only, reports, ...settings }: Asked, screen: Screen): Promise<number> => {
  // Tests are the same whatever the target, so that looking for them needs none.
  hand(usual)
  const chosen = only === undefined ? undefined : await choose(only, include)
  const to = folder(reports, (line) => screen.write(`${line}\n`))
  hand({ ...settings, answers: resolve(reports, ANSWERS) })

  const runOf = (vitest: Vitest): Run => {
    const { host } = vitest.getRootProject().getProvidedContext() as { host: Host }
    const { target, seed, strict } = settings
    return { target, seed, strict, host, release: settings.release ?? host.kernel.release }
  }
  const whereabouts = () => to.trouble ?? `${reports}: conformance.ktap, junit.xml, allure-results/, ${ANSWERS}`
  const record = recorder(
    [answersReport(to), ktapReport(to), junitReport(to), summaryReport(screen, settings.runs, whereabouts)], runOf,
    chosen && new Set([...chosen.values()].flatMap((ids) => [...ids])))
  const vitest = await vitestOver(include, [record, allureReport(to, settings.strict, record.outcomeOf)])

  let signalled = 0
  const interrupt = (_name: string, number: number) => {
    if (signalled) process.exit(128 + number)
    signalled = number
    record.interrupt()
    void vitest.cancelCurrentRun('keyboard-input')
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    await start(vitest, chosen)
  } finally {
    await vitest.close()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
  if (signalled) return 128 + signalled
  const { exit } = tally(record.outcomes, settings.strict)
  return exit !== 1 && to.trouble !== undefined ? 2 : exit
}
