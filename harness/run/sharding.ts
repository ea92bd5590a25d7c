/** Which tests of a run each of its shards plays: none is played twice, and none by nobody. */
import { printShard, runsOfShard, type Shard } from '../model/shard.ts'
import { UserError } from '../process/user-error.ts'
import type { ShardedTest } from '../../reports/run/record.ts'

/** The shards of so many that play each test, by their index: one, or where the test is divided, all that get some. */
export const ownersOf = (tests: readonly ShardedTest[], of: number, runs: number): number[][] => {
  const all = Array.from({ length: of }, (_, i) => i + 1)
  const withRuns = all.filter((index) => runsOfShard({ index, of }, runs).runs > 0)
  let whole = 0
  // One after the other, so that what takes long in one file is spread.
  return tests.map(({ isDivided }) => (isDivided ? withRuns : [(whole++ % of) + 1]))
}

/**
 * Those that a shard plays, in their order; all where the run is not sharded. Throws a UserError where that is none:
 * what plays nothing must not pass.
 */
export const testsOfShard = <T extends ShardedTest>(
  tests: readonly T[],
  shard: Shard | undefined,
  runs: number,
): readonly T[] => {
  if (!shard) return tests
  const owners = ownersOf(tests, shard.of, runs)
  const own = tests.filter((_, i) => owners[i]!.includes(shard.index))
  if (own.length === 0)
    throw new UserError(
      `--shard ${printShard(shard)}: no test falls to it, the run has only ${tests.length}; choose fewer shards`,
    )
  return own
}

/** What a shard writes down of a test. */
export const shardedTest = ({ file, names, isDivided }: ShardedTest): ShardedTest => ({
  file,
  names: [...names],
  ...(isDivided && { isDivided }),
})
