/**
 * A lab that pulls its jobs from KernelCI: it asks for them, plays the kernel that each names, and hands in what came
 * of it.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kernelciCallback, type KernelciJob, type KernelciResult } from '../../reports/formats/kernelci.ts'
import { RESULTS } from '../../reports/run/results.ts'
import { spawnChild } from '../process/child.ts'
import { makeNamedFolder, replaceFile } from '../process/files.ts'
import { bin } from '../process/own-command.ts'
import { UserError } from '../process/user-error.ts'
import { handIn, isAvailable, type Job, jobAt, kernelOf, type Waiting, waitingSince } from './pull-lab-api.ts'
import { readRun } from './read-run.ts'

/** The type of the tests that are played. */
export const TYPE = 'kvm-arm64-abi'

export interface Lab {
  /** The address of KernelCI's API. */
  api: string
  /** What the lab is called there. */
  runtime: string
  /** The platforms whose jobs are played; all where none is named. */
  platforms: readonly string[]
  /** The target of a run, with IMAGE for the file of the kernel. */
  target: string
  /** What the lab knows, a folder for each job, and how far it has read the events. */
  folder: string
  token: string
  configs: KernelciJob['configs']
}

/** Bytes of a log that are handed in: its end. */
const MOST_OF_LOG = 2 << 20

/** Runs the suites; gives all that they said, and how they ended. */
const runSuites = async (target: string, seconds: number, reports: string): Promise<{ log: string; ended: string }> => {
  const args = ['run', '--target', target, '--timeout', String(seconds), '--reports', reports]
  const { process: child, ended } = spawnChild([process.execPath, bin, ...args], ['ignore', 'pipe', 'pipe'])
  let log = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-MOST_OF_LOG)
    })
  return { ended: await ended, log }
}

/** Plays the kernel of a job. What keeps that from being done is no fault of the kernel. */
const play = async (lab: Lab, job: Job, seconds: number, home: string): Promise<KernelciResult> => {
  const [image, reports] = [join(home, 'Image'), join(home, 'reports')]
  try {
    if (job.environment?.arch !== undefined && job.environment.arch !== 'arm64')
      throw new UserError(`the job is for ${job.environment.arch}, not for arm64`)
    writeFileSync(image, await kernelOf(job))
    const { log, ended } = await runSuites(lab.target.replaceAll('IMAGE', image), seconds, reports)
    if (!existsSync(join(reports, RESULTS))) return { log, broken: log.trim().split('\n').at(-1) || ended }
    const played = readRun(reports)
    const isBroken = played.results.tally.exit === 2 || played.results.incomplete
    return { played, log, ...(isBroken && { broken: 'something was broken or not played' }) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { log: error.message, broken: error.message }
  } finally {
    rmSync(image, { force: true })
  }
}

/**
 * Does one job, unless it was done; says what it did, in one line. Throws an Unreachable where it is to be tried again.
 */
const doJob = async (lab: Lab, waiting: Waiting): Promise<string | undefined> => {
  const home = join(lab.folder, waiting.node)
  const [body, done] = ['callback.json', 'done'].map((name) => join(home, name)) as [string, string]
  if (existsSync(done)) return undefined
  const isPlayed = existsSync(body)
  if (!isPlayed && !(await isAvailable(lab.api, waiting.node))) return undefined
  const job = await jobAt(waiting.definition)
  const test = job.tests.find(({ type }) => type === TYPE)
  if (!test) return `${waiting.node}: none of its tests is of the type ${TYPE}`
  if (!isPlayed) {
    makeNamedFolder(home)
    const system = `${lab.runtime}-${waiting.platform || 'qemu'}`
    const result = await play(lab, job, test.timeout_s ?? 3600, home)
    replaceFile(body, JSON.stringify(kernelciCallback({ test: test.id, system, configs: lab.configs }, result)))
  }
  const refusal = await handIn(job.callback.url, lab.token, readFileSync(body, 'utf8'))
  replaceFile(done, '')
  return `${waiting.node}: ${refusal === undefined ? 'handed in' : `refused: ${refusal}`}`
}

/**
 * Does all jobs that came since the last time, or since now where there was none; `say` is told of each, in a line.
 * Throws an Unreachable where a server does not answer; what is not done then is done the next time.
 */
export const pollOnce = async (lab: Lab, say: (line: string) => void): Promise<void> => {
  makeNamedFolder(lab.folder)
  const file = join(lab.folder, 'since')
  if (!existsSync(file)) replaceFile(file, new Date().toISOString().replace('Z', '000'))
  const { jobs, last } = await waitingSince(lab.api, readFileSync(file, 'utf8'))
  for (const one of jobs) {
    const isOurs = one.runtime === lab.runtime && (lab.platforms.length === 0 || lab.platforms.includes(one.platform))
    const told = isOurs ? await doJob(lab, one).catch(tellUserError) : undefined
    if (told !== undefined) say(told)
    replaceFile(file, one.timestamp)
  }
  replaceFile(file, last)
}

/** What is wrong with one job must not keep others from being done. */
const tellUserError = (error: unknown): string => {
  if (!(error instanceof UserError)) throw error
  return error.message
}
