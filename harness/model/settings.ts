/** What one run was asked to do: written by the command, read by every test process. */
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

type Check = (value: unknown) => boolean
const isText: Check = (value) => typeof value === 'string'
const isFlag: Check = (value) => typeof value === 'boolean'
const isWhole: Check = (value) => Number.isSafeInteger(value)

const orNothing =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const isOf =
  (checks: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object'
    && value !== null
    && Object.entries(checks).every(([name, check]) => check((value as Record<string, unknown>)[name]))

// In plain words: every test process loads this, and would load a library for it alone.
const isSettings = isOf({
  target: isText,
  release: orNothing(isText),
  seed: isWhole,
  runs: isWhole,
  shard: orNothing(isOf({ index: isWhole, of: isWhole })),
  strict: isFlag,
  socket: orNothing(isText),
  answers: orNothing(isOf({ file: isText, run: isText })),
} satisfies Record<keyof Settings, Check>)

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
  const text = process.env[VARIABLE]
  if (text === undefined) return defaults
  const data = read(text)
  if (!isSettings(data))
    throw new UserError(`the environment has a ${VARIABLE} that is not of this project's making; unset it`)
  return data as Settings
}

/** Hands settings to every process started from here on. */
export const exportSettings = (to: Settings): void => {
  process.env[VARIABLE] = JSON.stringify(to)
}
