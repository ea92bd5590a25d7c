/** How a list of registers differs from the one that was due. */
import { regName } from '../names/index.ts'

/** Ids that are named; the others are counted. */
const MOST_NAMED = 3

const named = (ids: readonly bigint[]): string =>
  ids.slice(0, MOST_NAMED).map(regName).join(', ')
  + (ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '')

/** Those of `ids` that are not in `others`, as often as they are there too often. */
const tooMany = (ids: readonly bigint[], others: readonly bigint[]): bigint[] => {
  const left = new Map<bigint, number>()
  for (const id of others) left.set(id, (left.get(id) ?? 0) + 1)
  return ids.filter((id) => {
    const times = left.get(id) ?? 0
    left.set(id, times - 1)
    return times <= 0
  })
}

/**
 * In one line: which ids are missing, which are there that should not be or too often, else where the order is another.
 */
export const howListDiffers = (came: readonly bigint[], due: readonly bigint[]): string => {
  const missing = tooMany(due, came)
  const extra = tooMany(came, due)
  const parts = [
    ...(missing.length > 0 ? [`without ${named(missing)}`] : []),
    ...(extra.length > 0 ? [`with ${named(extra)}`] : []),
  ]
  if (parts.length > 0) return `the list came ${parts.join(', ')}`
  const at = came.findIndex((id, i) => id !== due[i])
  return `the list came in another order: number ${at + 1} is ${regName(came[at]!)}, not ${regName(due[at]!)}`
}
