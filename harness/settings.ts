/** What one run was asked to do: written by the command, read by every test process. */

export interface Settings {
  /** Where calls are answered, as the user wrote it. */
  target: string
  /** Judge as this release instead of the target's own. */
  release?: string
  /** Seed of everything drawn at random; the same seed draws the same. */
  seed: number
  /** How many random sequences any-order plays. */
  runs: number
  /** Drifts fail too. */
  strict: boolean
  /** Of the main process: where the target's agents are shared with the test processes; absent for the mock. */
  socket?: string
  /** Absolute path of the answers.jsonl to which every list played is appended; absent where none is kept. */
  answers?: string
}

const VARIABLE = 'KVM_ARM64_ABI'

/** What is done where nothing is said: the mock, 2,000 random sequences, a fixed seed. */
export const usual: Settings = { target: 'mock', seed: 20190307, runs: 2000, strict: false }

/** This process's settings; the usual ones where no command wrote any. */
export const settings = (): Settings => ({ ...usual, ...JSON.parse(process.env[VARIABLE] ?? '{}') as Partial<Settings> })

/** Hands settings to every process started from here on. */
export const hand = (to: Settings): void => {
  process.env[VARIABLE] = JSON.stringify(to)
}
