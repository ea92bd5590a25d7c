/** How soon the suites find the known bugs: each is switched on in the mock, and played against. */
import fc from 'fast-check'
import type { Call } from '../model/call.ts'
import { allLaws, allSequences } from '../suite/declared.ts'
import { affects, brokenRules, hostOf, type Erratum } from '../table/errata.ts'
import { judged } from '../oracle/judge.ts'
import { mock, playIn } from '../oracle/mock.ts'
import type { Law } from '../model/law.ts'
import { runLaw } from '../suite/law.ts'
import { anyCalls } from '../generate/any-calls.ts'
import { measured, reached, type Release } from '../model/release.ts'
import { boot, rulesOf } from '../table/rules.ts'
import { runSequence, type Sequence } from '../suite/sequence.ts'
import type { Verdict } from '../model/verdict.ts'

/** The newest release that the table has rows for. */
const NEWEST = measured.at(-1)!

/**
 * A release that should have the fix: that of the recorded host, or the newest. Where nobody has fixed it, that of the
 * host.
 */
export const soundOf = (erratum: Erratum): Release => {
  const { release } = hostOf(erratum).kernel
  if (erratum.fixed === undefined) return release
  const isTooOld = erratum.since !== undefined && !reached(release, erratum.since)
  return affects(erratum, release) || isTooOld ? NEWEST : release
}

/**
 * What a kernel with the bug is told that says it is of the release `soundOf`: nobody can hold it to a fix that there
 * is not.
 */
export const expectedVerdict = ({ fixed }: Erratum): Verdict => (fixed === undefined ? 'known' : 'violates')

/** The last mainline release before the fix, where that has the bug; undefined where no release had it. */
export const affectedOf = (erratum: Erratum): Release | undefined => {
  if (erratum.fixed === undefined) return NEWEST
  const [major, minor] = [erratum.fixed].flat()[0]!.split('.').map(Number) as [number, number]
  // 4.20 was followed by 5.0, 5.19 by 6.0, 6.19 by 7.0.
  const before = minor > 0 ? `${major}.${minor - 1}` : major === 5 ? '4.20' : `${major - 1}.19`
  return affects(erratum, before) ? before : undefined
}

export interface Suites {
  sequences: Sequence[]
  laws: Law[]
}

/** Every sequence and law there is. */
export const allSuites = async (): Promise<Suites> => ({ sequences: await allSequences(), laws: await allLaws() })

export interface FoundBug {
  erratum: Erratum
  /** How many random sequences each seed took; Infinity where `cap` were not enough. */
  took: number[]
  /** Titles of sequences and laws that fail. */
  sequences: string[]
  laws: string[]
}

/** True where something finds it: most of the seeds, a sequence or a law. */
export const isFound = ({ took, sequences, laws }: FoundBug): boolean =>
  median(took) !== Infinity || sequences.length > 0 || laws.length > 0

/** The middle one; of an even number the greater of two. */
export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

/** Sequences are drawn so many at a time. */
const CHUNK = 2000

/** Random sequences of one seed, so many at a time; drawn once for all bugs. */
export type Draw = (chunk: number) => readonly (readonly Call[])[]

/** The random sequences of `seed`. */
export const drawing = (seed: number): Draw => {
  const drawn: ReturnType<Draw>[] = []
  return (chunk) => (drawn[chunk] ??= fc.sample(anyCalls(), { numRuns: CHUNK, seed: seed * 1_000_003 + chunk }))
}

/**
 * How many random sequences it takes until one violates; Infinity where `cap` are not enough. Those without an ioctl
 * that the bug is about are not played.
 */
export const randomUntil = (erratum: Erratum, draw: Draw, cap: number): number => {
  const host = hostOf(erratum)
  const release = soundOf(erratum)
  const rules = brokenRules(erratum, release)
  const sound = rulesOf(release)
  for (let chunk = 0; chunk * CHUNK < cap; chunk++)
    for (const [i, calls] of draw(chunk).entries()) {
      if (!calls.some(({ ioctl }) => rules.get(ioctl) !== sound.get(ioctl))) continue
      const { verdict } = judged(host, release, calls, playIn(boot(host, release, rules), calls))
      if (verdict === expectedVerdict(erratum)) return chunk * CHUNK + i + 1
    }
  return Infinity
}

/** True where a kernel with the bug violates one of these sequences: the cheapest of all ways to find it. */
export const isFoundInOrder = async (erratum: Erratum, sequences: readonly Sequence[]): Promise<boolean> => {
  const release = soundOf(erratum)
  const kernel = mock(hostOf(erratum), release, brokenRules(erratum, release))
  for (const sequence of sequences)
    if ((await runSequence(sequence, { kernel, release })).verdict === expectedVerdict(erratum)) return true
  return false
}

/** Titles of the sequences and laws that a kernel with the bug violates. */
export const failingSuites = async (
  erratum: Erratum,
  suites: Suites,
): Promise<Pick<FoundBug, 'sequences' | 'laws'>> => {
  const release = soundOf(erratum)
  const kernel = mock(hostOf(erratum), release, brokenRules(erratum, release))
  const failing: Pick<FoundBug, 'sequences' | 'laws'> = { sequences: [], laws: [] }
  for (const sequence of suites.sequences)
    if ((await runSequence(sequence, { kernel, release })).verdict === expectedVerdict(erratum))
      failing.sequences.push(sequence.title)
  for (const law of suites.laws)
    if ((await runLaw(law, kernel)).verdict === expectedVerdict(erratum)) failing.laws.push(law.title)
  return failing
}

/**
 * Looks for each bug: with random sequences, `cap` of them at most for each of `seeds` seeds from `seed` on, and with
 * the sequences and laws of the suites.
 */
export const findBugs = async (
  errata: readonly Erratum[],
  suites: Suites,
  { seed, seeds, cap }: { seed: number; seeds: number; cap: number },
): Promise<FoundBug[]> => {
  const took = errata.map((): number[] => [])
  for (let n = 0; n < seeds; n++) {
    const draw = drawing(seed + n)
    for (const [i, erratum] of errata.entries()) took[i]!.push(randomUntil(erratum, draw, cap))
  }
  const found: FoundBug[] = []
  for (const [i, erratum] of errata.entries())
    found.push({ erratum, took: took[i]!, ...(await failingSuites(erratum, suites)) })
  return found
}
