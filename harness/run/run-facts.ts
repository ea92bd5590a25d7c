/** What a run says of itself: to its reports, and in its record, by which it can go on or be merged. */
import { randomBytes } from 'node:crypto'
import type { Run } from '../../reports/run/outcome.ts'
import type { AskedBefore, RunHead } from '../../reports/run/record.ts'
import { ownVersion } from '../process/version.ts'
import type { Opened } from './opened.ts'
import type { Asked } from './run-options.ts'
import { shardedTest } from './sharding.ts'
import type { FoundTest } from './suites.ts'

/** What its reports are told. */
export const factsOf = (
  { target, seed, runs, strict, release, shard }: Asked,
  { host, unseen, qemu }: Pick<Opened, 'host' | 'unseen' | 'qemu'>,
): Run => ({
  target,
  seed,
  runs,
  strict,
  host,
  unseen,
  release: release ?? host.kernel.release,
  ...(shard && { shard }),
  suite: ownVersion(),
  ...(qemu && { qemu }),
})

const asRecorded = ({ include, only, exclude, ...asked }: Asked): AskedBefore => ({
  ...asked,
  include: [...include],
  ...(only && { only: [...only] }),
  ...(exclude && { exclude: [...exclude] }),
})

/** What a run that begins writes down of itself; `found`: of a shard all tests, those of the others, too. */
export const headOf = (asked: Asked, found?: readonly FoundTest[]): RunHead => ({
  run: randomBytes(6).toString('hex'),
  asked: asRecorded(asked),
  suite: ownVersion(),
  ...(found && { tests: found.map(shardedTest) }),
})
