/** One of the two that are compared: the folder of a run, a recorded host, or a target that is asked now. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hostNames, hostNamed } from '../../fixtures/hosts/index.ts'
import type { Call } from '../../harness/model/call.ts'
import { readHost } from '../../harness/model/host-schema.ts'
import type { Host } from '../../harness/model/host.ts'
import type { Playing } from '../../harness/model/kernel.ts'
import type { Release } from '../../harness/model/release.ts'
import { isTarget } from '../../harness/model/target.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { mock } from '../../harness/oracle/mock.ts'
import { openKernel } from '../../harness/run/open-target.ts'
import { mayBeOurs } from '../../harness/suite/confirm.ts'
import { print } from '../../harness/table/notation.ts'
import { ANSWERS, readAnswers } from '../run/answers.ts'
import type { Outcome } from '../run/outcome.ts'
import { refuseTwoRuns } from '../run/one-run.ts'
import { OUTCOMES, readRecord } from '../run/record.ts'

/** A list of calls, and the tests that it was played for. */
export interface List {
  calls: readonly Call[]
  tests: readonly string[]
}

export interface Side {
  name: string
  host: Host
  release: Release
  /** It is the table that answers, for a kernel that was recorded: bugs which that kernel has are not in it. */
  isTable?: true
  /** Of a run: what came of each test, and the lists that it played. */
  outcomes?: readonly Outcome[]
  lists?: ReadonlyMap<string, List>
  /** What is missing of a run, in one line. */
  missing?: string
  /** The answers to a list; undefined where a run did not play it. */
  play(calls: readonly Call[]): Promise<Playing | undefined>
  /** Plays a list once more where it counts: alone, with ten times the time. Absent where answers are always alike. */
  again?(calls: readonly Call[]): Promise<Playing>
  close(): Promise<void>
}

/**
 * What a target answers to a list, asked again with ten times the time where a signal or deadline of ours may have cut
 * it short on a busy host. A run is not asked: it may not have played the list.
 */
export const playPatiently = async (side: Side, calls: readonly Call[]): Promise<Playing> => {
  const playing = (await side.play(calls))!
  return side.again && mayBeOurs(calls, playing) ? side.again(calls) : playing
}

/** The same text for the same calls. */
export const keyOf = (calls: readonly Call[]): string => print(calls.map((call) => ({ call })))

const ofRun = (folder: string): Side => {
  const { header, played, missing } = readAnswers(join(folder, ANSWERS))
  const { outcomes, isComplete, run } = readRecord(join(folder, OUTCOMES))
  refuseTwoRuns(folder, run, header.run)
  const lacks = missing ?? (isComplete ? undefined : `${OUTCOMES} has no end`)
  const lists = new Map<string, List & { playing: Playing }>()
  for (const { suite, test, calls, playing } of played) {
    const key = keyOf(calls)
    const known = lists.get(key)
    // The first time: what failed is played again.
    lists.set(key, { calls, playing: known?.playing ?? playing, tests: [...(known?.tests ?? []), `${suite}_${test}`] })
  }
  return {
    name: folder,
    host: header.host,
    release: header.release,
    outcomes,
    lists,
    ...(lacks !== undefined && { missing: lacks }),
    play: async (calls) => lists.get(keyOf(calls))?.playing,
    close: async () => {},
  }
}

/** What the table answers for a host. */
export const sideOfHost = (name: string, host: Host): Side => {
  const { play, close } = mock(host)
  return { name, host, release: host.kernel.release, isTable: true, play, close }
}

/**
 * Reads or opens what the words mean: the folder of a run or a file in it, the name or file of a recorded host, or a
 * target. Throws a UserError where it is none of them.
 */
export const openSide = async (text: string): Promise<Side> => {
  if (hostNames.includes(text)) return sideOfHost(text, hostNamed(text))
  if (existsSync(text)) {
    const folder = statSync(text).isDirectory() ? text : dirname(text)
    if (existsSync(join(folder, ANSWERS))) return ofRun(folder)
    if (folder === text)
      throw new UserError(`${text}: no run left its ${ANSWERS} there; name the folder that run --reports wrote`)
    return sideOfHost(text, readHost(text))
  }
  if (!isTarget(text))
    throw new UserError(
      `${text}: no folder of a run, no file and no recorded host is called so; name one of them, or a target (qemu:6.12)`,
    )
  const kernel = await openKernel(text)
  return {
    name: text,
    host: kernel.host,
    release: kernel.host.kernel.release,
    play: (calls) => kernel.play(calls),
    ...(kernel.again && { again: (calls) => kernel.again!(calls) }),
    close: () => kernel.close(),
  }
}
