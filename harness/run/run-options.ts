/** What a run of the suites is asked. */
import type { Settings } from '../model/settings.ts'
import type { Selection } from './selection.ts'

/** What a run may take of this machine and of time; it may be otherwise when the run goes on. */
export interface Effort {
  /** So many agents or guests side by side; what is usual for the target where it is left out. */
  jobs?: number | undefined
  /** After so many seconds the run ends, as a signal would end it. */
  timeout?: number | undefined
}

export interface RunOptions extends Omit<Settings, 'socket' | 'answers'>, Selection, Effort {
  /** The files to run, as globs from the project's root. */
  include: readonly string[]
  /** A file that lists failures which are known, an absolute path. */
  known?: string
  /** Where reports are written. */
  reports: string
}

/** What is asked of a run itself, wherever it reports. */
export type Asked = Omit<RunOptions, 'reports' | keyof Effort>
