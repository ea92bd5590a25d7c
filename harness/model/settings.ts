/** What one run was asked to do: written by the command, read by every test process. */
import { z } from 'zod'
import { UserError } from '../process/user-error.ts'
import type { Shard } from './shard.ts'

export interface Settings {
  /** Where calls are answered, as the user wrote it. */
  target: string
  /** Judge as this release instead of the target's own. */
  release?: string
  /** Seed of everything drawn at random; the same seed draws the same. */
  seed: number
  /** How many random sequences any-order plays; of a shard, how many all shards play together. */
  runs: number
  /** The part that is played here, where others play the rest. */
  shard?: Shard
  /** Drifts fail too. */
  strict: boolean
  /** Of the main process: where the target's agents are shared with the test processes; absent for the mock. */
  socket?: string
  /**
   * The answers.jsonl to which every list played is appended, an absolute path, and the id of the run that it is of;
   * absent where none is kept.
   */
  answers?: { file: string; run: string }
}

const VARIABLE = 'KVM_ARM64_ABI'

/** What is done where nothing is said: the mock, 2,000 random sequences, a fixed seed. */
export const defaults: Settings = { target: 'mock', seed: 20190307, runs: 2000, strict: false }

/** How many random sequences `run --fast` plays where nothing is said. */
export const fastRuns = 200

const written = z
  .looseObject({
    target: z.string(),
    release: z.string(),
    seed: z.int(),
    runs: z.int(),
    shard: z.object({ index: z.int(), of: z.int() }),
    strict: z.boolean(),
    socket: z.string(),
    answers: z.object({ file: z.string(), run: z.string() }),
  })
  .partial()

const read = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * This process's settings; the usual ones where no command wrote any. Throws a UserError where somebody else wrote
 * them.
 */
export const settings = (): Settings => {
  const { success, data } = written.safeParse(read(process.env[VARIABLE] ?? '{}'))
  if (!success) throw new UserError(`the environment has a ${VARIABLE} that is not of this project's making; unset it`)
  return { ...defaults, ...(data as Partial<Settings>) }
}

/** Hands settings to every process started from here on. */
export const exportSettings = (to: Settings): void => {
  process.env[VARIABLE] = JSON.stringify(to)
}
