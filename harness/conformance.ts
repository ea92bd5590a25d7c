/** One run of the suites, from what was asked to the exit code. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Vitest } from 'vitest/node'
import { allureReport } from '../reports/allure.ts'
import { answersReport, ANSWERS } from '../reports/answers.ts'
import { folder } from '../reports/folder.ts'
import { junitReport } from '../reports/junit.ts'
import { ktapReport } from '../reports/ktap.ts'
import { recorder, type Beside } from '../reports/listener.ts'
import type { Run } from '../reports/outcome.ts'
import { RESULTS, resultsReport } from '../reports/results.ts'
import { summaryReport, type Screen } from '../reports/summary.ts'
import { tally } from '../reports/tally.ts'
import { TRACES, tracesReport } from '../reports/traces.ts'
import { ENDING } from './at-end.ts'
import { lossOf, notesOf, outcomesOf } from './incidents.ts'
import { openTarget, type Opened } from './open-target.ts'
import { hand, usual, type Settings } from './settings.ts'
import { conformanceSuites, select, vitestOver } from './suites.ts'
import { oneLine } from './visible.ts'

/** How long an interrupted run has to end by itself. */
const GRACE_MS = 2000

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
  await vitest.runTestSpecifications([...chosen].map(([path, ids]) =>
    project.createSpecification(path, { testIds: [...ids] })))
}

/** Vitest's ids of the chosen tests, by the path of their file. */
const choose = async (only: string, include: readonly string[]): Promise<Map<string, Set<string>>> => {
  const chosen = new Map<string, Set<string>>()
  for (const { path, vitestId } of await select(include, only))
    chosen.set(path, (chosen.get(path) ?? new Set()).add(vitestId))
  return chosen
}

/**
 * Does `work`, or at the first SIGINT, SIGTERM or SIGHUP, or when the work abandons itself, what ends it early instead; a
 * second signal ends the process at once. Gives the signal's number, 0 where there was none.
 */
const untilSignal = async (
  work: (abandon: () => void) => Promise<void>, endEarly: () => Promise<void>,
): Promise<number> => {
  let signalled = 0
  let isEnding = false
  let early: (done: Promise<void>) => void
  const ended = new Promise<void>((resolve) => { early = resolve })
  const abandon = () => {
    if (isEnding) return
    isEnding = true
    early(endEarly())
  }
  const listen = (_name: string, number: number) => {
    if (signalled) process.exit(128 + number)
    signalled = number
    abandon()
  }
  for (const name of ENDING) process.on(name, listen)
  try {
    // What fails once all is being ended says nothing new.
    await Promise.race([ended, work(abandon).catch((error: unknown) => { if (!isEnding) throw error })])
    if (isEnding) await ended
    return signalled
  } finally {
    for (const name of ENDING) process.off(name, listen)
  }
}

/**
 * Runs suites and writes the reports. Gives the exit code: 0 conforms, 1 violates, 2 something is broken or a report
 * could not be written, 4 everything was skipped, 128 and a signal's number. Throws a Complaint where the target cannot be opened.
 */
export const conformance = async ({ include, only, reports, ...settings }: Asked, screen: Screen): Promise<number> => {
  // Tests are the same whatever the target, so that looking for them needs none.
  hand(usual)
  const chosen = only === undefined ? undefined : await choose(only, include)
  const to = folder(reports, (line) => screen.write(`${oneLine(line)}\n`))

  let opened: Opened | undefined
  const runOf = (): Run => {
    const { target, seed, runs, strict } = settings
    const { host } = opened!
    return { target, seed, runs, strict, host, release: settings.release ?? host.kernel.release }
  }
  let lost: string | undefined
  const beside = async (interrupted: boolean): Promise<Beside> => {
    const { pool } = opened!
    if (!pool) return { outcomes: [], notes: [] }
    const outcomes = lost !== undefined ? [lossOf(lost, settings.target)] : interrupted ? [] : await outcomesOf(pool, settings.target)
    return { outcomes, notes: notesOf(pool.incidents) }
  }
  const whereabouts = () => to.trouble ?? `${reports}: conformance.ktap, junit.xml, allure-results/, ${RESULTS}, ${ANSWERS}${existsSync(join(reports, TRACES)) ? `, ${TRACES}/` : ''}`
  const record = recorder(
    [answersReport(to), tracesReport(to), ktapReport(to), junitReport(to), resultsReport(to), summaryReport(screen, whereabouts)], runOf, beside,
    chosen && new Set([...chosen.values()].flatMap((ids) => [...ids])))
  const reporters = [record, allureReport(to, settings.strict, record.outcomeOf)]
  const vitest = await vitestOver(include, reporters, { isolate: include !== conformanceSuites })

  const signal = await untilSignal(async (abandon) => {
    try {
      opened = await openTarget(settings.target)
      hand({ ...settings, answers: resolve(reports, ANSWERS), ...(opened.socket && { socket: opened.socket }) })
      vitest.provide('host', opened.host)
      void opened.pool?.gone.then((why) => {
        lost = why
        abandon()
      })
      await start(vitest, chosen)
    } finally {
      await vitest.close()
    }
  }, async () => {
    record.interrupt()
    // A test that is in the middle of something may take its time to hear of it.
    await Promise.race([vitest.cancelCurrentRun('keyboard-input'), sleep(GRACE_MS)])
    const modules = vitest.state.getTestModules()
    for (const reporter of reporters) await reporter.onTestRunEnd?.(modules, [], 'interrupted')
    await Promise.race([vitest.close(), sleep(GRACE_MS)])
  }).finally(() => opened?.close())
  if (signal) return 128 + signal
  const { exit } = tally(record.outcomes, settings.strict)
  return exit !== 1 && to.trouble !== undefined ? 2 : exit
}
