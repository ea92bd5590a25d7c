/** Known bugs: each row is what a kernel with the bug does, is told from a sound kernel, and is found. */
import { describe, expect, test } from 'vitest'
import { errata } from '../../fixtures/errata.ts'
import {
  affectedOf,
  drawing,
  failingSuites,
  isFoundInOrder,
  randomUntil,
  soundOf,
  allSuites,
  expectedVerdict,
} from '../../harness/studies/bugs.ts'
import type { Step } from '../../harness/model/call.ts'
import { brokenRules, hostOf, erratumName, type Erratum } from '../../harness/table/errata.ts'
import { judged } from '../../harness/oracle/judge.ts'
import { playIn } from '../../harness/oracle/mock.ts'
import { withCreations } from '../../harness/table/creations.ts'
import { boot, rulesOf } from '../../harness/table/rules.ts'
import { defaults } from '../../harness/model/settings.ts'
import { parse } from '../../harness/table/notation.ts'

const stepsOf = (erratum: Erratum): Step[] => withCreations(parse(erratum.trace, erratum.commit))
const callsOf = (erratum: Erratum) => stepsOf(erratum).map(({ call }) => call)
const brokenAs = (erratum: Erratum, release: string) =>
  playIn(boot(hostOf(erratum), release, brokenRules(erratum, release)), callsOf(erratum))
const verdictAs = (erratum: Erratum, release: string) =>
  judged(hostOf(erratum), release, callsOf(erratum), brokenAs(erratum, release))

test('no commit has two rows', () => {
  expect(errata.filter((e, i) => errata.findIndex((o) => o.commit === e.commit) !== i).map((e) => e.commit)).toEqual([])
})

describe.each(errata.map((e) => [e.commit, e] as const))('%s', (_, erratum) => {
  test('names its commit or mail', () => {
    expect(erratum.commit).toMatch(/^([0-9a-f]{12}|[\w.-]+@[\w.-]+)$/)
    expect(erratum.title).not.toBe('')
    expect(erratum.saw).toMatch(/\.$/)
  })

  test('its trace is what a kernel with the bug answers and a sound one does not', () => {
    const release = soundOf(erratum)
    const came = brokenAs(erratum, release)
    const said = stepsOf(erratum)
    for (const [i, answer] of came.answers.entries()) {
      expect(answer.ret).toBe(said[i]!.answer?.ret)
      if (said[i]!.answer!.value !== undefined) expect(answer.value).toBe(said[i]!.answer!.value)
    }
    expect(came.answers).toHaveLength(said.filter((s) => s.answer).length)
    const sound = playIn(boot(hostOf(erratum), release), callsOf(erratum))
    expect(judged(hostOf(erratum), release, callsOf(erratum), sound).verdict).toBe('conforms')
    expect(came).not.toEqual(sound)
  })

  test('no call of its trace can be left out', () => {
    const release = soundOf(erratum)
    const host = hostOf(erratum)
    const rules = brokenRules(erratum, release)
    const isSeen = (calls: readonly Step['call'][]) =>
      judged(host, release, calls, playIn(boot(host, release, rules), calls)).verdict === expectedVerdict(erratum)
    const calls = callsOf(erratum)
    expect(isSeen(calls)).toBe(true)
    for (const i of calls.keys()) expect(isSeen(calls.toSpliced(i, 1)), `without call ${i + 1}`).toBe(false)
  })

  test('a release that should have the fix violates; where there is none the bug is known', () => {
    expect(verdictAs(erratum, soundOf(erratum)).verdict).toBe(expectedVerdict(erratum))
  })

  test('a release that is affected is known to be, with the commit', () => {
    const release = affectedOf(erratum)
    if (release === undefined) return expect(erratum.since).toEqual(erratum.fixed)
    const { verdict, why } = verdictAs(erratum, release)
    // Where the table has it, that release is sound as the table is, but for what it logs.
    const isSound = erratum.isRecorded === true && erratum.log === undefined
    expect(verdict).toBe(isSound ? 'conforms' : 'known')
    if (!isSound) expect(why).toBe(erratumName(erratum))
  })

  test('it is known as well where its process waits at its end for a lock that the oops left behind', () => {
    const release = affectedOf(erratum)
    if (release === undefined || erratum.isRecorded) return
    const came = brokenAs(erratum, release)
    if (came.outcome !== 'died') return
    const hung = { ...came, outcome: 'hung' as const }
    expect(judged(hostOf(erratum), release, callsOf(erratum), hung).verdict).toBe('known')
  })

  test('a log line that counts is part of it, or an answer', () => {
    const { log } = brokenAs(erratum, soundOf(erratum))
    expect(log.length > 0).toBe(erratum.log !== undefined)
    for (const line of log) expect(line).toMatch(erratum.log!)
  })
})

test('a bug leaves the rules of the sound kernel alone', () => {
  const before = errata.map((e) => [...rulesOf(soundOf(e)).values()].map((r) => [...r.refuses, r.grant]))
  for (const erratum of errata) brokenRules(erratum, soundOf(erratum))
  expect(errata.map((e) => [...rulesOf(soundOf(e)).values()].map((r) => [...r.refuses, r.grant]))).toEqual(before)
})

test(
  'every bug is found by a sequence, a law, or 20,000 random sequences of one of three seeds',
  {
    timeout: 900_000,
  },
  async () => {
    const suites = await allSuites()
    const draws = [0, 1, 2].map((n) => drawing(defaults.seed + n))
    const missed: string[] = []
    for (const erratum of errata) {
      if (await isFoundInOrder(erratum, suites.sequences)) continue
      if (randomUntil(erratum, draws[0]!, 4000) < Infinity) continue
      if ((await failingSuites(erratum, { sequences: [], laws: suites.laws })).laws.length > 0) continue
      if (!draws.some((draw) => randomUntil(erratum, draw, 20_000) < Infinity)) missed.push(erratum.commit)
    }
    expect(missed).toEqual([])
  },
)
