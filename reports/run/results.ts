/** results.json: what came of a run as data, for the matrix and for scripts; results-schema.ts says what is in it. */
import { join } from 'node:path'
import { printShard } from '../../harness/model/shard.ts'
import { readText } from '../../harness/process/files.ts'
import { UserError } from '../../harness/process/user-error.ts'
import type { Folder } from './folder.ts'
import type { Listener } from './listener.ts'
import { idOf, type Outcome, type Run } from './outcome.ts'
import { resultsSchema, type Results } from './results-schema.ts'
import { tally } from './tally.ts'

export const RESULTS = 'results.json'

const testOf = (o: Outcome): Results['tests'][number] => {
  const { file, name, layer, verdict, why, cause, trace, begun, ms, lists, calls } = o
  return {
    id: idOf(o),
    file,
    name,
    layer,
    verdict,
    ...(why && { why }),
    ...(cause !== undefined && { cause }),
    ...(trace && verdict !== 'conforms' && verdict !== 'not offered' && { trace }),
    begun: new Date(begun).toISOString(),
    ms,
    lists,
    calls,
  }
}

/** What the run in `folder` came to. Throws a UserError where it left none, or one of another version. */
export const readResults = (folder: string): Results => {
  const file = join(folder, RESULTS)
  const text = readText(file)
  try {
    return resultsSchema.parse(JSON.parse(text))
  } catch {
    throw new UserError(`${file}: is no ${RESULTS} of this version`)
  }
}

/** Writes the file into `to`. */
export const resultsReport = (to: Folder): Listener => {
  let run: Run
  let begun = Date.now()
  return {
    start: (facts) => {
      run = facts
    },
    write(outcomes, { unplayed, ms, notes }) {
      const { target, host, release, qemu, suite, seed, runs, shard, strict, unseen } = run
      begun = Math.min(begun, ...outcomes.map((o) => o.begun))
      const random = outcomes.find((o) => o.counts)?.counts
      const counted = tally(outcomes, strict)
      const incomplete = unplayed.length > 0
      const results: Results = {
        version: 2,
        suite,
        target,
        host: host.name,
        kernel: host.kernel.unameR,
        build: host.kernel.unameV,
        release,
        ...(qemu && { qemu }),
        seed,
        runs,
        ...(shard && { shard: printShard(shard) }),
        strict,
        begun: new Date(begun).toISOString(),
        ms,
        incomplete,
        unplayed: unplayed.map(({ file }) => file),
        unseen: [...unseen],
        notes: [...notes],
        lists: outcomes.reduce((sum, o) => sum + o.lists, 0),
        calls: outcomes.reduce((sum, o) => sum + o.calls, 0),
        ...(random && { random }),
        // What came so far is no success of what was asked.
        tally: { ...counted, exit: incomplete && counted.exit !== 1 ? 2 : counted.exit },
        tests: outcomes.map(testOf),
      }
      to.write(RESULTS, `${JSON.stringify(results, null, 1)}\n`)
    },
  }
}
