/** What a report is told of a run, and when. */
import type { Outcome, Run } from './outcome.ts'
import { many } from './words.ts'

/**
 * A file that was not played to its end. `tests`: those of it that were not played, absent where it was never loaded.
 */
export interface Unplayed {
  file: string
  suite: string
  tests?: { test: string; name: string }[]
}

/** How a run ended, or how far it has come. `notes`: what happened to the target, a line each. */
export interface RunEnding {
  interrupted: boolean
  unplayed: readonly Unplayed[]
  ms: number
  notes: readonly string[]
}

/** What is missing from a run, one line; undefined where it is whole. */
export const incompleteness = ({ unplayed }: Pick<RunEnding, 'unplayed'>): string | undefined =>
  unplayed.length === 0 ? undefined : `the run is incomplete: ${many(unplayed.length, 'file')} not played to the end`

/** One report. Methods are called in this order; none is called where the target could not be opened. */
export interface Listener {
  /** Before the first outcome. */
  start?(run: Run): void
  /** These files will be run; a file's tests are known once it is loaded. */
  files?(files: readonly string[]): void
  /** A file was run to its end. */
  fileEnds?(file: string): void
  /** A test began; called for progress only. */
  begins?(name: string): void
  result?(outcome: Outcome): void
  /**
   * Puts down what is known: at the start, now and then while outcomes come, and at the end; of a run that is killed,
   * the last of these stays. Outcomes are sorted by file.
   */
  write?(outcomes: readonly Outcome[], ending: RunEnding): void
  /** After the last outcome; all of them, sorted by file. */
  end?(outcomes: readonly Outcome[], ending: RunEnding): void | Promise<void>
}
