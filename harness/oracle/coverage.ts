/**
 * Which rules of the table were seen at work: the row that decided an answer, on a kernel that gave just that answer.
 */
import { ioctlsOf } from '../dialects/index.ts'
import type { Answer, Call } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import type { Release } from '../model/release.ts'
import { type Row, rowOf } from '../table/rows.ts'
import { boot, type RuledWorld } from '../table/rules.ts'
import { expected, retOf } from './oracle.ts'
import { turns } from './turns.ts'

/** The row that decides about `call` in this world; undefined where no row speaks of it. */
export const deciding = (world: RuledWorld, call: Call, { refusal } = expected(world, call)): Row | undefined =>
  rowOf(call.ioctl, refusal ?? world.rules.get(call.ioctl)!.grant, ioctlsOf(world.host))

/**
 * Adds to `seen` how often each row, by its id, decided an answer that came just so. Stops at the first other answer.
 */
export const cover = (
  seen: Map<string, number>,
  host: Host,
  release: Release,
  calls: readonly Call[],
  answers: readonly Answer[],
): void => {
  const world = boot(host, release)
  for (const { call, table, answer } of turns(world, calls, answers)) {
    if (answer.ret !== retOf(table)) return
    const row = deciding(world, call, table)
    if (row) seen.set(row.id, (seen.get(row.id) ?? 0) + 1)
  }
}
