/** One run of the suites, from what was asked to the exit code. */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Screen } from '../../reports/formats/screen.ts'
import { ANSWERS } from '../../reports/run/answers.ts'
import type { Folder } from '../../reports/run/folder.ts'
import type { Run } from '../../reports/run/outcome.ts'
import { lockFolder } from '../../reports/run/folder-lock.ts'
import { KnownFailures } from '../../reports/run/known-failures.ts'
import type { AskedBefore } from '../../reports/run/record.ts'
import { Recorder } from '../../reports/run/recorder.ts'
import { tally } from '../../reports/run/tally.ts'
import type { Host } from '../model/host.ts'
import { exportSettings, type Settings } from '../model/settings.ts'
import { prepareTarget } from './open-target.ts'
import { RunTarget, type OnOpen } from './run-target.ts'
import { openFolder, removeReports, reportsOf } from './reports.ts'
import { cutOff, planRest, type CutOff } from './resume.ts'
import { refuseOtherHost } from './same-host.ts'
import type { Selection } from './selection.ts'
import { Suites, type Plan } from './suites.ts'
import { UserError } from '../process/user-error.ts'
import { untilSignal } from './until-signal.ts'

/** How long an interrupted run has to end by itself. */
const GRACE_MS = 2000

/** What a run may take of this machine and of time; it may be otherwise when the run goes on. */
export interface Effort {
  /** So many agents or guests side by side; what is usual for the target where it is left out. */
  jobs?: number
  /** After so many seconds the run ends, as a signal would end it. */
  timeout?: number
}

export interface RunOptions extends Omit<Settings, 'socket' | 'answers'>, Selection, Effort {
  /** The files to run, as globs from the project's root. */
  include: readonly string[]
  /** A file that lists failures which are known, an absolute path. */
  known?: string
  /** Where reports are written. */
  reports: string
}

type Asked = Omit<RunOptions, 'reports' | keyof Effort>

const factsOf = ({ target, seed, runs, strict, release }: Asked, host: Host, unseen: readonly string[]): Run => ({
  target,
  seed,
  runs,
  strict,
  host,
  unseen,
  release: release ?? host.kernel.release,
})

const asRecorded = ({ include, only, exclude, ...asked }: Asked): AskedBefore => ({
  ...asked,
  include: [...include],
  ...(only && { only: [...only] }),
  ...(exclude && { exclude: [...exclude] }),
})

/** Plays what is asked, or what is left of it where the run was cut off, into a folder that this process owns. */
const play = async (
  asked: Asked,
  to: Folder,
  screen: Screen,
  { jobs, timeout, before, onOpen }: Effort & { before?: CutOff; onOpen?: OnOpen | undefined },
): Promise<number> => {
  const { include, only, exclude, known, ...settings } = asked
  const selection: Selection = { ...(only && { only }), ...(exclude && { exclude }) }
  const knownFailures = known === undefined ? undefined : new KnownFailures(known)
  // First of all: it may be that nothing can be played on it.
  const target = new RunTarget(settings.target, await prepareTarget(settings.target))
  const record = new Recorder(target)
  const suites = await Suites.open(include, settings.target, record)

  const begin = async (plan: Plan, lose: () => void, cut?: CutOff): Promise<void> => {
    const id = cut?.run ?? randomBytes(6).toString('hex')
    const { host, unseen, socket } = await target.open(jobs, lose, onOpen)
    const answers = { file: resolve(to.path, ANSWERS), run: id }
    if (cut) refuseOtherHost(host, answers.file)
    exportSettings({ ...settings, answers, ...(socket !== undefined && { socket }) })
    record.expect({
      listeners: reportsOf(to, screen, id, asRecorded(asked), cut),
      run: factsOf(asked, host, unseen),
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
        const { cut, ...plan } = planRest(to.path, before, await suites.find(selection))
        await begin(plan, abandon, cut)
      } else {
        const plan = await suites.plan(selection)
        removeReports(to)
        await begin(plan, abandon)
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
  onOpen?: OnOpen,
): Promise<number> => {
  const effort = { ...(jobs !== undefined && { jobs }), ...(timeout !== undefined && { timeout }) }
  const to = openFolder(reports, screen)
  const owned = await lockFolder(reports)
  try {
    return await play(asked, to, screen, { ...effort, onOpen })
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
