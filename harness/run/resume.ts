/** A run that was cut off: what it was asked, what came of it, and what is left to play. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ANSWERS, keepAnswers, readAnswering } from '../../reports/run/answers.ts'
import { OUTCOMES, readRecord, writeRecord, type AskedBefore, type Record } from '../../reports/run/record.ts'
import type { Outcome } from '../../reports/run/outcome.ts'
import { UserError } from '../process/user-error.ts'
import { everySuite, longSuites, select, type FoundTest } from './suites.ts'

/** A run that can go on. `planned`: what is left to play. */
export interface CutOff extends Omit<Record, 'isComplete'> {
  planned: FoundTest[]
}

/** The option as it would be typed; what is not there is undefined. */
const option = (name: keyof AskedBefore, value: unknown): string | undefined => {
  if (name === 'include')
    return isDeepStrictEqual(value, everySuite)
      ? '--everything'
      : isDeepStrictEqual(value, longSuites)
        ? '--long'
        : undefined
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

/** Whether the test has its outcome for good: what is broken says nothing of the kernel, and answers must be on the disk. */
const isKept = ({ verdict, unwritten }: Outcome): boolean => verdict !== 'broken' && unwritten === undefined

const keyOf = ({ file, name }: Pick<Outcome, 'file' | 'name'>): string => `${file} > ${name}`

/**
 * Reads the run in `folder`, which this process owns, and leaves there only what is kept of it. `given`: options that were
 * asked for now. Throws a UserError where there is none, nothing is left to play, or an option is not as it was.
 */
export const cutOff = async (folder: string, given: Partial<AskedBefore>): Promise<CutOff> => {
  const file = join(folder, OUTCOMES)
  if (!existsSync(file)) throw new UserError(`${folder}: there is no run to go on with (no ${OUTCOMES} is there)`)
  const { run, asked, outcomes: all, ms, notes, isComplete } = readRecord(file)
  refuseOthers(folder, asked, given)
  const answers = join(folder, ANSWERS)
  if (readAnswering(answers).run !== run)
    throw new UserError(`${folder}: ${OUTCOMES} and ${ANSWERS} are of two runs, which cannot go on`)
  const outcomes = all.filter(isKept)
  const found = await select(asked.include, asked.only)
  const done = new Set(outcomes.map(keyOf))
  const left = found.filter((test) => !done.has(keyOf(test)))
  if (left.length === 0 && isComplete)
    throw new UserError(`${folder}: nothing is left to play; every test of the run has its verdict`)
  // All was played and the reports do not say so: what was played last is played again, and writes them.
  const again = left.length > 0 ? [] : outcomes.splice(-1)
  const planned = left.length > 0 ? left : found.filter((test) => again.some((o) => keyOf(o) === keyOf(test)))
  const kept = new Set(outcomes.map(({ suite, name }) => `${suite} ${name}`))
  keepAnswers(answers, run, (suite, test) => kept.has(`${suite} ${test}`))
  writeRecord(file, { run, asked, outcomes, ms, notes })
  return { run, asked, outcomes, ms, notes, planned }
}
