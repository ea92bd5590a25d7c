/** The line that a terminal shows of a run under way: what is counted, from where, and in what room. */
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { answersIn } from '../../../harness/oracle/mock.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { parse } from '../../../harness/table/notation.ts'
import { boot } from '../../../harness/table/rules.ts'
import { LiveLine, timeLeft, type Done } from '../../../reports/formats/live-line.ts'
import { printPlayed } from '../../../reports/run/played.ts'
import { PlayedSoFar } from '../../../reports/run/played-so-far.ts'
import { scratch } from '../command.ts'

const host = hostNamed()

/** A list as a test process writes it down. */
const listOf = (suite: string, trace: string): string => {
  const calls = withCreations(parse(trace)).map(({ call }) => call)
  const playing = { answers: answersIn(boot(host), calls), outcome: 'done' as const, log: [] }
  return `${printPlayed('7', { suite, test: 't', calls, playing })}\n`
}

const soFar = (before: string) => {
  const file = join(scratch(), 'answers.jsonl')
  writeFileSync(file, before)
  return { file, played: new PlayedSoFar(file, host, host.kernel.release) }
}

const LONG = 60_000

test('lists are counted as they are written down, whole lines alone, and with them the rules that they show', () => {
  const { file, played } = soFar(listOf('ordered_run', 'KVM_RUN'))
  const line = listOf('ordered_run', 'KVM_RUN')
  appendFileSync(file, line.slice(0, 50))
  played.look(LONG)
  expect([played.lists, played.rules]).toEqual([0, 0])
  appendFileSync(file, line.slice(50) + listOf('any-order_any-order', 'KVM_CREATE_VM(0)\nKVM_CREATE_VM(57)') + 'oops\n')
  played.look(LONG)
  // KVM_RUN that comes too early, the creations, and an IPA size that is too big.
  expect([played.lists, played.random, played.rules]).toEqual([3, 1, 4])
  played.look(LONG)
  expect(played.lists).toBe(3)
  expect(played.allRules).toBeGreaterThan(300)
})

test('without such a file nothing is counted', () => {
  const played = new PlayedSoFar(join(scratch(), 'none'), host, host.kernel.release)
  played.look(LONG)
  expect([played.lists, played.rules]).toEqual([0, 0])
})

const ordered = (n: number) => Array.from({ length: n }, (_, i) => `suites/ordered/${i}.test.ts`)
const laws = (n: number) => Array.from({ length: n }, (_, i) => `suites/laws/${i}.test.ts`)
const done: Done = {
  ms: 12_000,
  playedMs: 10_000,
  files: [...ordered(6), ...laws(2)],
  endedFiles: ordered(6),
  runs: 2000,
  random: 0,
  randomMs: 0,
}

test('the time left is that of the files or of the random sequences, whichever takes longer', () => {
  expect(timeLeft(done)).toBe(10_000)
  expect(timeLeft({ ...done, random: 500, randomMs: 5000 })).toBe(15_000)
  expect(timeLeft({ ...done, random: 1900, randomMs: 5000 })).toBe(10_000)
  expect(timeLeft({ ...done, endedFiles: ordered(2) })).toBeUndefined()
  expect(timeLeft({ ...done, files: [], endedFiles: [] })).toBeUndefined()
})

/** What is drawn in so many columns. */
const drawn = (columns: number, hasColours: boolean): string => {
  let text = ''
  const write = (t: string) => {
    text += t
  }
  const line = new LiveLine({ write, isTTY: true, hasColours, columns, live: { write, columns } })
  line.count('conforms')
  line.count('violates')
  line.draw(soFar('').played, done, 'a vcpu\u001b[2J runs\nonce')
  return text.replace('\r\u001b[K', '')
}

test('it has the verdicts first, fits, and is coloured where colours are wanted', () => {
  expect(drawn(200, false)).toMatch(
    /^1 conforms {2}1 violates {2}0 lists, 0\/s {2}0 of \d+ rules {2}12 s {2}a vcpu\\x1b\[2J runs once$/,
  )
  expect(drawn(30, false)).toBe('1 conforms  1 violates  0 li…')
  expect(drawn(30, true)).toContain('\u001b[31m1 violates')
  expect(stripVTControlCharacters(drawn(30, true))).toBe(drawn(30, false))
})
