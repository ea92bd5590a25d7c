/** A run that was cut off: what it was asked, what came of it, and what is left to play. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ANSWERS, keepAnswers, readAnswering } from '../../reports/run/answers.ts'
import { refuseTwoRuns } from '../../reports/run/one-run.ts'
import { OUTCOMES, readRecord, writeRecord, type AskedBefore, type RunRecord } from '../../reports/run/record.ts'
import type { Outcome } from '../../reports/run/outcome.ts'
import { printShard, type Shard } from '../model/shard.ts'
import { UserError } from '../process/user-error.ts'
import { everySuite, fastSuites, longSuites, type FoundTest } from './suites.ts'

/** A run that can go on, with the outcomes that are kept. */
export type CutOff = RunRecord

const suitesSaid = [
  ['--everything', everySuite],
  ['--long', longSuites],
  ['--fast', fastSuites],
] as const

/** The option as it would be typed; what is not there is undefined. */
const option = (name: keyof AskedBefore, value: unknown): string | undefined => {
  if (name === 'include') return suitesSaid.find(([, include]) => isDeepStrictEqual(value, include))?.[0]
  if (Array.isArray(value)) return value.map((text) => `--${name} ${String(text)}`).join(' ')
  if (name === 'shard' && value !== undefined) return `--shard ${printShard(value as Shard)}`
  return value === true
    ? '--strict'
    : value === undefined || value === false
      ? undefined
      : `--${name} ${value as string | number}`
}

/** Throws a UserError where an option that was given is not as the run was begun. */
const refuseOthers = (folder: string, asked: AskedBefore, given: Partial<AskedBefore>): void => {
  for (const [key, value] of Object.entries(given)) {
    const name = key as keyof AskedBefore
    if (isDeepStrictEqual(value, asked[name])) continue
    const [now, before] = [option(name, value), option(name, asked[name])]
    throw new UserError(
      `${now}: the run in ${folder} was begun ${before === undefined ? 'without it' : `with ${before}`}; `
        + 'to go on with it leave the option out, to begin another leave out --resume',
    )
  }
}

/**
 * Whether the test has its outcome for good: what is broken, or a part of whose random sequences is, says too little of
 * the kernel, and answers must be on the disk.
 */
const isKept = ({ verdict, counts, unwritten }: Outcome): boolean =>
  verdict !== 'broken' && !counts?.broken && unwritten === undefined

const keyOf = ({ file, name }: Pick<Outcome, 'file' | 'name'>): string => `${file} > ${name}`

/**
 * Reads the run in `folder`, which this process owns. `given`: options that were asked for now. Throws a UserError
 * where there is none, or an option is not as it was.
 */
export const cutOff = (folder: string, given: Partial<AskedBefore>): CutOff => {
  const file = join(folder, OUTCOMES)
  if (!existsSync(file)) throw new UserError(`${folder}: there is no run to go on with (no ${OUTCOMES} is there)`)
  const { outcomes, ...before } = readRecord(file)
  refuseOthers(folder, before.asked, given)
  refuseTwoRuns(folder, before.run, readAnswering(join(folder, ANSWERS)).run)
  return { ...before, outcomes: outcomes.filter(isKept) }
}

/** What is left to play of a run, and the run without what is played once more. */
export interface Rest {
  tests: FoundTest[]
  cut: CutOff
}

/**
 * What is left to play of the tests that were found; in the folder only what is kept stays. Throws a UserError where
 * nothing is left to play.
 */
export const planRest = (folder: string, cut: CutOff, found: readonly FoundTest[]): Rest => {
  const done = new Set(cut.outcomes.map(keyOf))
  const left = found.filter((test) => !done.has(keyOf(test)))
  if (left.length === 0 && cut.isComplete)
    throw new UserError(`${folder}: nothing is left to play; every test of the run has its verdict`)
  // All was played and the reports do not say so: what was played last is played again, and writes them.
  const again = left.length > 0 ? [] : cut.outcomes.slice(-1).map(keyOf)
  const outcomes = cut.outcomes.slice(0, cut.outcomes.length - again.length)
  const tests = left.length > 0 ? left : found.filter((test) => again.includes(keyOf(test)))
  const kept = new Set(outcomes.map(({ suite, name }) => `${suite} ${name}`))
  keepAnswers(join(folder, ANSWERS), cut.run, (suite, test) => kept.has(`${suite} ${test}`))
  writeRecord(join(folder, OUTCOMES), { ...cut, outcomes })
  return { tests, cut: { ...cut, outcomes } }
}
