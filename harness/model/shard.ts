/** A shard of a run: a part of its tests and of its random sequences, for one machine of several. */
import { UserError } from '../process/user-error.ts'

/** The first of five has the index 1. */
export interface Shard {
  index: number
  of: number
}

/** As it is typed: `2/5`. */
export const printShard = ({ index, of }: Shard): string => `${index}/${of}`

const MOST = 1000

/** Reads what is typed. Throws a UserError that says how a shard is written. */
export const parseShard = (text: string): Shard => {
  const [index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).slice(1).map(Number)
  if (index === undefined || of === undefined || index < 1 || index > of || of > MOST)
    throw new UserError(`Write it like 2/5, the second of five; there can be ${MOST}.`)
  return { index, of }
}

/** Which of a number of random sequences are the shard's: so many, from the first on. */
export const runsOfShard = ({ index, of }: Shard, runs: number): { first: number; runs: number } => {
  const first = Math.floor((runs * (index - 1)) / of)
  return { first, runs: Math.floor((runs * index) / of) - first }
}
