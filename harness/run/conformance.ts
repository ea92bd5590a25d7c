/** One run of the suites, from what was asked to the exit code. */
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Screen } from '../../reports/formats/screen.ts'
import { ANSWERS } from '../../reports/run/answers.ts'
import type { Folder } from '../../reports/run/folder.ts'
import { lockFolder } from '../../reports/run/folder-lock.ts'
import { KnownFailures } from '../../reports/run/known-failures.ts'
import type { AskedBefore, RunHead } from '../../reports/run/record.ts'
import { Recorder } from '../../reports/run/recorder.ts'
import { tally } from '../../reports/run/tally.ts'
import { exportSettings } from '../model/settings.ts'
import { prepareTarget } from './open-target.ts'
import type { Hear } from './opened.ts'
import { factsOf, headOf } from './run-facts.ts'
import { RunTarget, type OnOpen } from './run-target.ts'
import { openFolder, beginReports, reportsOf } from './reports.ts'
import { cutOff, planRest, type CutOff } from './resume.ts'
import { refuseOtherHost } from './same-host.ts'
import type { Asked, Effort, RunOptions } from './run-options.ts'
import type { Selection } from './selection.ts'
import { testsOfShard } from './sharding.ts'
import { Suites, type FoundTest, type Plan } from './suites.ts'
import { UserError } from '../process/user-error.ts'
import { untilSignal } from './until-signal.ts'

/** How long an interrupted run has to end by itself. */
const GRACE_MS = 2000

/** What a caller wants to be told of a run's target: that it is open, and each list that is played on it. */
export interface Hooks {
  onOpen?: OnOpen
  onList?: Hear
}

/** Plays what is asked, or what is left of it where the run was cut off, into a folder that this process owns. */
const play = async (
  asked: Asked,
  to: Folder,
  screen: Screen,
  { jobs, timeout, before, onOpen, onList }: Effort & Hooks & { before?: CutOff },
): Promise<number> => {
  const { include, only, exclude, known, ...settings } = asked
  const selection: Selection = { only, exclude }
  const ownOf = (found: readonly FoundTest[]) => testsOfShard(found, settings.shard, settings.runs)
  const knownFailures = known === undefined ? undefined : new KnownFailures(known)
  // First of all: it may be that nothing can be played on it.
  const target = new RunTarget(settings.target, await prepareTarget(settings.target, onList))
  const record = new Recorder(target)
  const suites = await Suites.open(include, settings.target, record)

  const begin = async (plan: Plan, head: RunHead, lose: () => void, cut?: CutOff): Promise<void> => {
    const opened = await target.open(jobs, lose, onOpen)
    const { host, socket } = opened
    const answers = { file: resolve(to.path, ANSWERS), run: head.run }
    if (cut) refuseOtherHost(host, answers.file)
    exportSettings({ ...settings, answers, ...(socket !== undefined && { socket }) })
    record.expect({
      listeners: reportsOf(to, screen, head, cut),
      run: factsOf(asked, opened),
      ...(knownFailures && { known: knownFailures }),
      ...('tests' in plan && { planned: plan.tests }),
      ...(cut && { earlier: cut }),
    })
    await suites.play(plan, host)
  }
  let isOutOfTime = false
  const work = async (abandon: () => void): Promise<void> => {
    const limit = setTimeout(
      () => {
        target.note(`the run was ended after ${timeout} s, as --timeout says`)
        isOutOfTime = true
        abandon()
      },
      (timeout ?? 0) * 1000,
    )
    if (timeout === undefined) clearTimeout(limit)
    try {
      if (before) {
        const { cut, ...plan } = planRest(to.path, before, ownOf(await suites.find(selection)))
        await begin(plan, cut, abandon, cut)
      } else {
        const found = settings.shard && (await suites.find(selection))
        const plan = found ? { tests: ownOf(found) } : await suites.plan(selection)
        beginReports(to)
        await begin(plan, headOf(asked, found), abandon)
      }
    } finally {
      clearTimeout(limit)
      await suites.close()
    }
  }
  const endEarly = async (): Promise<void> => {
    record.interrupt()
    // A test that is in the middle of something may take its time to hear of it.
    await Promise.race([suites.cancel(), sleep(GRACE_MS)])
    await record.onTestRunEnd(suites.played(), [])
    await Promise.race([suites.close(), sleep(GRACE_MS)])
  }
  const signal = await untilSignal({ work, endEarly }).finally(() => target.close())
  if (signal) return 128 + signal
  if (isOutOfTime && !record.isIncomplete && record.outcomes.length === 0)
    throw new UserError(`--timeout ${timeout}: the time was up before the first test began`)
  const { exit } = tally(record.outcomes, settings.strict)
  return exit !== 1 && (to.trouble !== undefined || record.isIncomplete || isOutOfTime) ? 2 : exit
}

/**
 * Runs suites and writes the reports. Gives the exit code: 0 conforms, 1 violates, 2 something is broken or a report
 * could not be written, 4 everything was skipped, 128 and a signal's number. Throws a UserError where the target cannot
 * be opened, or another run has the folder.
 */
export const conformance = async (
  { reports, jobs, timeout, ...asked }: RunOptions,
  screen: Screen,
  hooks: Hooks = {},
): Promise<number> => {
  const to = openFolder(reports, screen)
  const owned = await lockFolder(reports)
  try {
    return await play(asked, to, screen, { jobs, timeout, ...hooks })
  } finally {
    owned.release()
  }
}

/**
 * Finishes the run in the folder `reports`, as it was begun; `given` are options that must not be otherwise. The
 * reports and the exit code are those of the whole. Throws a UserError where there is no such run, or its target is
 * another now.
 */
export const finish = async (
  reports: string,
  given: Partial<AskedBefore>,
  screen: Screen,
  effort: Effort = {},
): Promise<number> => {
  const owned = await lockFolder(reports)
  try {
    const cut = cutOff(reports, given)
    return await play(cut.asked, openFolder(reports, screen), screen, { ...effort, before: cut })
  } finally {
    owned.release()
  }
}
