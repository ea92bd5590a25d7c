/** The verdicts, and what a test says about itself to every reporter. */
// Without this, the compiler may see the augmentation below before what it augments.
import type {} from 'vitest'

/**
 * conforms: the answer this release is recorded to give. drifts: another answer the contract allows. violates: none of
 * them. not reproduced: it violated or drifted once, and not when it was asked again. not offered: this host cannot be
 * asked, for the reason given. known: an erratum, with its fixing commit. broken: the suite, the agent or the target
 * failed; never blamed on the kernel.
 */
export const verdicts = ['conforms', 'drifts', 'violates', 'not reproduced', 'not offered', 'known', 'broken'] as const
export type Verdict = (typeof verdicts)[number]

/** What kind of test it was, for counting. */
export type Layer = 'sequence' | 'law' | 'any order' | 'table' | 'harness'

/** Put into `task.meta.report` by every test of suites/ordered, laws and any-order. */
export interface Report {
  layer: Layer
  verdict: Verdict
  /** One line: the skip's reason, the erratum's commit, what broke, or what was wrong. */
  why?: string
  /** The trace up to the answer in question, in the notation. */
  trace?: string
  /** Of what was not reproduced: what was answered instead when it was played again. */
  again?: string
  /**
   * What was allowed there instead, a line each: `-EPERM (too late): A feature is finalized once. [api.rst 4.119 …]`.
   */
  allowed?: string[]
  /** Kernel log lines that count against the kernel. */
  log?: string[]
  /** Lists of calls played, and calls in them. */
  lists: number
  calls: number
  /** Answers that were not judged, since nobody has looked what kernels answer there. */
  unknown?: number
  /** Of what it found, as of Counterexample. */
  alike?: Likeness
  /** What else the test found, where it judges many lists: one of each other cause. */
  more?: Counterexample[]
  /** How many of the lists got which verdict, where a test judges many. */
  counts?: Partial<Record<Verdict, number>>
}

/**
 * What the lists that fail alike have in common, how many there were, and what was wrong with this one, a part of
 * `why`.
 */
export interface Likeness {
  key: string
  times: number
  why?: string
}

/** What was wrong with one list. */
export interface Counterexample extends Pick<Report, 'verdict' | 'why' | 'trace' | 'again' | 'allowed' | 'log'> {
  /** Of a test that draws many lists. */
  alike?: Likeness
}

declare module 'vitest' {
  interface TaskMeta {
    report?: Report
    /** Each shard plays the test, with a part of the lists that it draws. */
    isDivided?: true
    /** Why what it was answered could not be written down: ENOSPC and the like. */
    unwritten?: string
  }
}

/**
 * A report's failure as one text: what was wrong, the trace, what was allowed there, the kernel's log; then what else
 * it found.
 */
export const failureText = ({ why, trace, again, allowed = [], log = [], more = [] }: Partial<Report>): string =>
  [
    [
      why,
      trace,
      ...allowed.map((a) => `  allowed here: ${a}`),
      ...log.map((l) => `  kernel log: ${l}`),
      ...(again === undefined ? [] : ['  played again:', again]),
    ]
      .filter((line) => line !== undefined && line !== '')
      .join('\n'),
    ...more.map(failureText),
  ].join('\n\n')
