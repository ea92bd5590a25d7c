/** The shards of one run as their folders have them: read, and refused where they are not of one run. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ANSWERS, readAnswering, type Header } from '../../reports/run/answers.ts'
import { lockFolder } from '../../reports/run/folder-lock.ts'
import { refuseTwoRuns } from '../../reports/run/one-run.ts'
import { OUTCOMES, readRecord, type RunRecord, type ShardedTest } from '../../reports/run/record.ts'
import { printShard, type Shard } from '../model/shard.ts'
import { UserError } from '../process/user-error.ts'
import { printVersion } from '../process/version.ts'
import { difference } from './same-host.ts'

/** One shard that was found. */
export interface PlayedShard {
  folder: string
  shard: Shard
  record: RunRecord
  header: Header
}

/** Those of one run that were found, by their index, and the tests that all have together. */
export interface Shards {
  played: ReadonlyMap<number, PlayedShard>
  of: number
  tests: readonly ShardedTest[]
  /** What is wrong with the folders that have no run, a line each. */
  empty: string[]
}

/** The folder of a run, named by itself or by a file in it. Throws a UserError where it is not there. */
const folderAt = (path: string): string => {
  if (!existsSync(path)) throw new UserError(`${path}: there is no such folder`)
  return statSync(path).isDirectory() ? path : dirname(path)
}

/** The shard in a folder; undefined where its run never began. Throws a UserError where it is no shard. */
const readShard = async (folder: string): Promise<PlayedShard | undefined> => {
  // Whoever still writes there has not played all.
  const owned = await lockFolder(folder)
  try {
    const [file, answers] = [join(folder, OUTCOMES), join(folder, ANSWERS)]
    if (!existsSync(file) || !existsSync(answers)) return undefined
    const record = readRecord(file)
    const { shard } = record.asked
    if (!shard || !record.tests) throw new UserError(`${folder}: this is a whole run, and no shard of one`)
    const header = readAnswering(answers)
    refuseTwoRuns(folder, record.run, header.run)
    return { folder, shard, record, header }
  } finally {
    owned.release()
  }
}

/** In what two shards are not of one run, such as `seed is 5, was 7`; undefined where they are. */
const differenceOf = (now: PlayedShard, before: PlayedShard): string | undefined => {
  const facts = ({ record, header, shard }: PlayedShard) => ({
    'the version of the suites': printVersion(record.suite),
    ...record.asked,
    shard: undefined,
    'the number of shards': shard.of,
    kernel: header.host.kernel,
    release: header.release,
    host: JSON.parse(JSON.stringify(header.host)) as unknown,
  })
  return difference(facts(now), facts(before))
}

/**
 * Reads the shards in these folders, which may be named by a file in them. Throws a UserError where none has a run, one
 * is twice there, or two are not of one run.
 */
export const readShards = async (paths: readonly string[]): Promise<Shards> => {
  const played = new Map<number, PlayedShard>()
  const empty: string[] = []
  for (const folder of new Set(paths.map(folderAt))) {
    const one = await readShard(folder)
    if (!one) {
      empty.push(`${folder}: no run was begun in it (it has no ${OUTCOMES})`)
      continue
    }
    const [first = one] = played.values()
    const same = played.get(one.shard.index)
    const other = differenceOf(one, first)
    if (other !== undefined)
      throw new UserError(
        `${folder} and ${first.folder} are not shards of one run: in the first ${other} in the second`,
      )
    if (!isDeepStrictEqual(one.record.tests, first.record.tests))
      throw new UserError(`${folder} and ${first.folder} are not shards of one run: their suites have other tests`)
    if (same) throw new UserError(`${folder} and ${same.folder} are both shard ${printShard(one.shard)}`)
    played.set(one.shard.index, one)
  }
  const [first] = played.values()
  if (!first) throw new UserError(`there is nothing to merge: ${empty.join('; ')}`)
  return { played, of: first.shard.of, tests: first.record.tests!, empty }
}
