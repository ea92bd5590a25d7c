/** One run of the suites, from what was asked to the exit code. */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Screen } from '../../reports/formats/screen.ts'
import { ANSWERS } from '../../reports/run/answers.ts'
import type { Folder } from '../../reports/run/folder.ts'
import type { Run } from '../../reports/run/outcome.ts'
import { lockFolder } from '../../reports/run/folder-lock.ts'
import type { AskedBefore } from '../../reports/run/record.ts'
import { Recorder, type TargetEvents } from '../../reports/run/recorder.ts'
import { tally } from '../../reports/run/tally.ts'
import type { Host } from '../model/host.ts'
import { exportSettings, type Settings } from '../model/settings.ts'
import { lossOf, notesOf, outcomesOf } from './incidents.ts'
import { prepareTarget, type Opened, type PreparedTarget } from './open-target.ts'
import { openFolder, removeReports, reportsOf } from './reports.ts'
import { cutOff, planRest, type CutOff } from './resume.ts'
import { refuseOtherHost } from './same-host.ts'
import { Suites, type Plan } from './suites.ts'
import { untilSignal } from './until-signal.ts'

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

/** Is given the target of a run once it is open; what it gives back is called before the target is closed. */
export type OnOpen = (opened: Opened) => void | (() => Promise<void>)

/** The target of a run, from before it is opened until it is closed. */
class RunTarget implements TargetEvents {
  readonly #name: string
  readonly #prepared: PreparedTarget
  #opened: Opened | undefined
  #beforeClose: ReturnType<OnOpen> = undefined
  #lost: string | undefined

  constructor(name: string, prepared: PreparedTarget) {
    this.#name = name
    this.#prepared = prepared
  }

  /** Opens it; `lose` is called when it cannot be kept up. */
  async open(lose: () => void, onOpen?: OnOpen): Promise<Opened> {
    const opened = await this.#prepared.open()
    this.#opened = opened
    this.#beforeClose = onOpen?.(opened)
    void opened.pool?.over.then((why) => {
      this.#lost = why
      lose()
    })
    return opened
  }

  async outcomes(interrupted: boolean): ReturnType<TargetEvents['outcomes']> {
    if (this.#lost !== undefined) return [lossOf(this.#lost, this.#name)]
    const { pool } = this.#opened ?? {}
    return interrupted || !pool ? [] : outcomesOf(pool, this.#name)
  }

  notes(): string[] {
    const { pool } = this.#opened ?? {}
    return pool ? notesOf(pool.incidents) : []
  }

  async close(): Promise<void> {
    try {
      await this.#beforeClose?.()
    } finally {
      await this.#opened?.close()
    }
  }
}

type Asked = Omit<RunOptions, 'reports'>

const factsOf = ({ target, seed, runs, strict, release }: Asked, host: Host, unseen: readonly string[]): Run => ({
  target,
  seed,
  runs,
  strict,
  host,
  unseen,
  release: release ?? host.kernel.release,
})

const asRecorded = ({ include, ...asked }: Asked): AskedBefore => ({ ...asked, include: [...include] })

/** Plays what is asked, or what is left of it where the run was cut off, into a folder that this process owns. */
const play = async (
  asked: Asked,
  to: Folder,
  screen: Screen,
  { before, onOpen }: { before?: CutOff; onOpen?: OnOpen | undefined } = {},
): Promise<number> => {
  const { include, only, ...settings } = asked
  // First of all: it may be that nothing can be played on it.
  const target = new RunTarget(settings.target, await prepareTarget(settings.target))
  const record = new Recorder(target)
  const suites = await Suites.open(include, settings.target, record)

  const begin = async (plan: Plan, lose: () => void, cut?: CutOff): Promise<void> => {
    const id = cut?.run ?? randomBytes(6).toString('hex')
    const { host, unseen, socket } = await target.open(lose, onOpen)
    const answers = { file: resolve(to.path, ANSWERS), run: id }
    if (cut) refuseOtherHost(host, answers.file)
    exportSettings({ ...settings, answers, ...(socket !== undefined && { socket }) })
    record.expect({
      listeners: reportsOf(to, screen, id, asRecorded(asked), cut),
      run: factsOf(asked, host, unseen),
      ...('tests' in plan && { planned: plan.tests }),
      ...(cut && { earlier: cut }),
    })
    await suites.play(plan, host)
  }
  const work = async (abandon: () => void): Promise<void> => {
    try {
      if (before) {
        const { cut, ...plan } = planRest(to.path, before, await suites.find(only))
        await begin(plan, abandon, cut)
      } else {
        const plan = await suites.plan(only)
        removeReports(to)
        await begin(plan, abandon)
      }
    } finally {
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
  const { exit } = tally(record.outcomes, settings.strict)
  return exit !== 1 && (to.trouble !== undefined || record.isIncomplete) ? 2 : exit
}

/**
 * Runs suites and writes the reports. Gives the exit code: 0 conforms, 1 violates, 2 something is broken or a report
 * could not be written, 4 everything was skipped, 128 and a signal's number. Throws a UserError where the target cannot
 * be opened, or another run has the folder.
 */
export const conformance = async (
  { reports, ...asked }: RunOptions,
  screen: Screen,
  onOpen?: OnOpen,
): Promise<number> => {
  const to = openFolder(reports, screen)
  const owned = await lockFolder(reports)
  try {
    return await play(asked, to, screen, { onOpen })
  } finally {
    owned.release()
  }
}

/**
 * Finishes the run in the folder `reports`, as it was begun; `given` are options that must not be otherwise. The
 * reports and the exit code are those of the whole. Throws a UserError where there is no such run, or its target is
 * another now.
 */
export const finish = async (reports: string, given: Partial<AskedBefore>, screen: Screen): Promise<number> => {
  const owned = await lockFolder(reports)
  try {
    const cut = cutOff(reports, given)
    return await play(cut.asked, openFolder(reports, screen), screen, { before: cut })
  } finally {
    owned.release()
  }
}
