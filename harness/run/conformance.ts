/** One run of the suites, from what was asked to the exit code. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Vitest } from 'vitest/node'
import { ALLURE, allureReport } from '../../reports/formats/allure.ts'
import { ANSWERS, answersReport } from '../../reports/run/answers.ts'
import { folder, type Folder } from '../../reports/run/folder.ts'
import { JUNIT, junitReport } from '../../reports/formats/junit.ts'
import { KTAP, ktapReport } from '../../reports/formats/ktap.ts'
import type { Run } from '../../reports/run/outcome.ts'
import { own } from '../../reports/run/own.ts'
import { OUTCOMES, recordReport, type AskedBefore } from '../../reports/run/record.ts'
import { recorder, type Beside } from '../../reports/run/recorder.ts'
import { RESULTS, resultsReport } from '../../reports/run/results.ts'
import type { Screen } from '../../reports/formats/screen.ts'
import { summaryReport } from '../../reports/formats/summary.ts'
import { tally } from '../../reports/run/tally.ts'
import { TRACES, tracesReport } from '../../reports/formats/traces.ts'
import { ENDING } from '../process/at-end.ts'
import { lossOf, notesOf, outcomesOf } from './incidents.ts'
import { openTarget, type Opened } from './open-target.ts'
import { cutOff, type CutOff } from './resume.ts'
import { refuseOtherHost } from './same-host.ts'
import { exportSettings, defaults, type Settings } from '../model/settings.ts'
import { select, vitestOver, type FoundTest } from './suites.ts'
import { oneLine } from '../process/visible.ts'

/** How long an interrupted run has to end by itself. */
const GRACE_MS = 2000

export interface RunOptions extends Omit<Settings, 'socket' | 'answers'> {
  /** The files to run, as globs from the project's root. */
  include: readonly string[]
  /** Only tests with this in their file, id or name. */
  only?: string
  /** Where reports are written. */
  reports: string
}

/** Starts the suites: the tests that are planned, or all of them. */
const start = async (vitest: Vitest, planned: readonly FoundTest[] | undefined): Promise<void> => {
  if (!planned) return void (await vitest.start())
  const chosen = new Map<string, string[]>()
  for (const { path, vitestId } of planned) chosen.set(path, [...(chosen.get(path) ?? []), vitestId])
  await vitest.standalone()
  const project = vitest.getRootProject()
  await vitest.runTestSpecifications(
    [...chosen].map(([path, testIds]) => project.createSpecification(path, { testIds })),
  )
}

/**
 * Does `work`, or at the first SIGINT, SIGTERM or SIGHUP, or when the work abandons itself, what ends it early instead; a
 * second signal ends the process at once. Gives the signal's number, 0 where there was none.
 */
const untilSignal = async (
  work: (abandon: () => void) => Promise<void>,
  endEarly: () => Promise<void>,
): Promise<number> => {
  let signalled = 0
  let isEnding = false
  let early: (done: Promise<void>) => void
  const ended = new Promise<void>((resolve) => {
    early = resolve
  })
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
    await Promise.race([
      ended,
      work(abandon).catch((error: unknown) => {
        if (!isEnding) throw error
      }),
    ])
    if (isEnding) await ended
    return signalled
  } finally {
    for (const name of ENDING) process.off(name, listen)
  }
}

const reportFiles = [KTAP, JUNIT, ALLURE, RESULTS, ANSWERS, OUTCOMES, TRACES]

const open = (reports: string, screen: Screen): Folder => folder(reports, (line) => screen.write(`${oneLine(line)}\n`))

/** Plays what is asked, or what is left of it where the run was `cut` off, into a folder that this process owns. */
const play = async (
  { include, only, ...settings }: Omit<RunOptions, 'reports'>,
  to: Folder,
  screen: Screen,
  cut?: CutOff,
): Promise<number> => {
  // Tests are the same whatever the target, so that looking for them needs none.
  exportSettings(defaults)
  const planned = cut ? cut.planned : only === undefined ? undefined : await select(include, only)
  if (!cut) for (const name of reportFiles) to.remove(name)
  const id = cut?.run ?? randomBytes(6).toString('hex')
  const answers = { file: resolve(to.path, ANSWERS), run: id }

  let opened: Opened | undefined
  const runOf = (): Run => {
    const { target, seed, runs, strict } = settings
    const { host, unseen } = opened!
    return { target, seed, runs, strict, host, unseen, release: settings.release ?? host.kernel.release }
  }
  let lost: string | undefined
  const beside: Beside = {
    async outcomes(interrupted) {
      if (lost !== undefined) return [lossOf(lost, settings.target)]
      return interrupted || !opened?.pool ? [] : outcomesOf(opened.pool, settings.target)
    },
    notes: () => (opened?.pool ? notesOf(opened.pool.incidents) : []),
  }
  const whereabouts = () => {
    const there = [
      KTAP,
      JUNIT,
      `${ALLURE}/`,
      RESULTS,
      ANSWERS,
      ...(existsSync(join(to.path, TRACES)) ? [`${TRACES}/`] : []),
    ]
    return to.trouble ?? `${to.path}: ${there.join(', ')}`
  }
  const asked = { ...settings, include: [...include], ...(only !== undefined && { only }) }
  const record = recorder(
    [
      answersReport(to, id, cut !== undefined),
      recordReport(to, id, asked, cut),
      tracesReport(to),
      ktapReport(to),
      junitReport(to),
      resultsReport(to),
      allureReport(to),
      summaryReport(screen, whereabouts),
    ],
    runOf,
    beside,
    { ...(planned && { planned }), ...(cut && { earlier: cut.outcomes, earlierMs: cut.ms, earlierNotes: cut.notes }) },
  )
  const vitest = await vitestOver(include, [record])

  const signal = await untilSignal(
    async (abandon) => {
      try {
        opened = await openTarget(settings.target)
        if (cut) refuseOtherHost(opened.host, answers.file)
        exportSettings({ ...settings, answers, ...(opened.socket && { socket: opened.socket }) })
        vitest.provide('host', opened.host)
        void opened.pool?.gone.then((why) => {
          lost = why
          abandon()
        })
        await start(vitest, planned)
      } finally {
        await vitest.close()
      }
    },
    async () => {
      record.interrupt()
      // A test that is in the middle of something may take its time to hear of it.
      await Promise.race([vitest.cancelCurrentRun('keyboard-input'), sleep(GRACE_MS)])
      await record.onTestRunEnd?.(vitest.state.getTestModules(), [], 'interrupted')
      await Promise.race([vitest.close(), sleep(GRACE_MS)])
    },
  ).finally(() => opened?.close())
  if (signal) return 128 + signal
  const { exit } = tally(record.outcomes, settings.strict)
  return exit !== 1 && (to.trouble !== undefined || record.isIncomplete) ? 2 : exit
}

/**
 * Runs suites and writes the reports. Gives the exit code: 0 conforms, 1 violates, 2 something is broken or a report
 * could not be written, 4 everything was skipped, 128 and a signal's number. Throws a UserError where the target cannot be opened,
 * or another run has the folder.
 */
export const conformance = async ({ reports, ...asked }: RunOptions, screen: Screen): Promise<number> => {
  const to = open(reports, screen)
  const owned = await own(reports)
  try {
    return await play(asked, to, screen)
  } finally {
    owned.release()
  }
}

/**
 * Finishes the run in the folder `reports`, as it was begun; `given` are options that must not be otherwise. The reports and
 * the exit code are those of the whole. Throws a UserError where there is no such run, or its target is another now.
 */
export const finish = async (reports: string, given: Partial<AskedBefore>, screen: Screen): Promise<number> => {
  const owned = await own(reports)
  try {
    const cut = await cutOff(reports, given)
    return await play(cut.asked, open(reports, screen), screen, cut)
  } finally {
    owned.release()
  }
}
