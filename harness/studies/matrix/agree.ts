/** Two runs of the same suites with the same seed, on one kernel from two places: whether they were answered alike. */
import type { Recording } from '../../../reports/run/answers.ts'
import getOneReg from '../../abi/ioctls/get-one-reg.ts'
import type { NewValue } from '../../abi/registers/one-reg.ts'
import type { Answer, Call } from '../../model/call.ts'
import type { Playing } from '../../model/kernel.ts'
import { expected } from '../../oracle/oracle.ts'
import { turns } from '../../oracle/turns.ts'
import { boot } from '../../table/rules.ts'
import { print, printAnswer } from '../../table/notation.ts'

/** A run as its answers.jsonl has it. */
export type AnsweredRun = Pick<Recording, 'header' | 'played'>

/** What two runs have in common: lists of both, their calls; and what they have not, each as lines of the notation. */
export interface Agreement {
  lists: number
  calls: number
  differences: string[]
}

const textOf = (calls: readonly Call[]): string => print(calls.map((call) => ({ call })))

/**
 * The calls as text, without the values that are written to registers whose reads vary: a law writes back what it read
 * from a counter.
 */
const steady = ({ header: { host, release } }: AnsweredRun, calls: readonly Call[], { answers }: Playing): string => {
  const world = boot(host, release)
  const withoutValue = (call: Call): Call => {
    if (call.ioctl.name !== 'KVM_SET_ONE_REG') return call
    const set = call.arg as NewValue
    const varies = expected(world, { ...call, ioctl: getOneReg, arg: { id: set.id } }).varies === true
    return varies ? { ...call, arg: { ...set, value: 0n } } : call
  }
  const answered = Array.from(turns(world, calls, answers), ({ call }) => withoutValue(call))
  return textOf([...answered, ...calls.slice(answers.length).map(withoutValue)])
}

/** Lists by their test and calls, each in the order in which it was played: which of several was first is chance. */
const byCalls = (run: AnsweredRun): Map<string, { test: string; calls: Call[]; all: Playing[] }> => {
  const lists = new Map<string, { test: string; calls: Call[]; all: Playing[] }>()
  for (const { test, calls, playing } of run.played) {
    const key = `${test}\n${steady(run, calls, playing)}`
    const before = lists.get(key)
    if (before) before.all.push(playing)
    else lists.set(key, { test, calls, all: [playing] })
  }
  return lists
}

const same = (a: Answer, b: Answer | undefined, varies: boolean): boolean =>
  a.ret === b?.ret && (varies || (a.value === b.value && String(a.list) === String(b.list)))

/**
 * The first call that was not answered alike, and where it is in the list; values that vary by the table do not count.
 */
const firstDifference = (
  { header: { host, release } }: AnsweredRun,
  calls: readonly Call[],
  a: Playing,
  b: Playing,
): number => {
  let i = 0
  for (const { table, answer } of turns(boot(host, release), calls, a.answers)) {
    if (!same(answer, b.answers[i], table.varies === true)) return i
    i++
  }
  if (b.answers.length > i) return i
  return a.outcome === b.outcome ? -1 : calls.length
}

const ended = (name: string, { outcome, why }: Playing): string => `# ${name}: ${outcome}${why ? ` (${why})` : ''}`

const said = (name: string, answer: Answer | undefined, call: Call, playing: Playing): string =>
  answer ? `# ${name}: ${printAnswer(answer, call)}` : ended(name, playing)

const hostDifferences = (a: AnsweredRun, b: AnsweredRun, names: readonly [string, string]): string[] => {
  const [one, other] = [a.header.host, b.header.host] as unknown as [Record<string, unknown>, Record<string, unknown>]
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  // Who recorded it is not what was recorded.
  return [...keys]
    .filter((key) => key !== 'name' && key !== 'about')
    .flatMap((key) => {
      const [x, y] = [one[key], other[key]].map((value) => JSON.stringify(value))
      return x === y
        ? []
        : [`# the hosts differ in ${key}\n# ${names[0]}: ${x?.slice(0, 400)}\n# ${names[1]}: ${y?.slice(0, 400)}`]
    })
}

/**
 * Compares two runs call by call: results, values, lists, outcomes, and the recorded hosts. `names` say which run is
 * which in the differences. Kernel log lines have addresses and times, so they are left to the judge.
 */
export const agree = (a: AnsweredRun, b: AnsweredRun, names: readonly [string, string]): Agreement => {
  const differences = hostDifferences(a, b, names)
  const [ones, others] = [byCalls(a), byCalls(b)]
  let lists = 0,
    counted = 0
  for (const [key, { test, calls, all }] of ones) {
    const with_ = others.get(key)?.all ?? []
    if (all.length !== with_.length)
      differences.push(
        `# ${test}\n${textOf(calls)}\n# ${names[0]}: played ${all.length} times\n# ${names[1]}: ${with_.length} times`,
      )
    for (const [i, one] of all.slice(0, with_.length).entries()) {
      const other = with_[i]!
      lists++
      counted += Math.min(one.answers.length, other.answers.length)
      const at = firstDifference(a, calls, one, other)
      if (at < 0) continue
      const steps = calls.slice(0, at).map((call, n) => ({ call, ...(one.answers[n] && { answer: one.answers[n] }) }))
      const call = calls[at]
      differences.push(
        [
          `# ${test}`,
          ...(steps.length ? [print(steps)] : []),
          ...(call
            ? [
                textOf([call]),
                said(names[0], one.answers[at], call, one),
                said(names[1], other.answers[at], call, other),
              ]
            : [ended(names[0], one), ended(names[1], other)]),
        ].join('\n'),
      )
    }
  }
  for (const [key, { test, calls, all }] of others)
    if (!ones.has(key))
      differences.push(`# ${test}\n${textOf(calls)}\n# ${names[0]}: never played\n# ${names[1]}: ${all.length} times`)
  return { lists, calls: counted, differences }
}
