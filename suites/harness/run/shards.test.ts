/** Runs in shards: together they are the run, and what a shard did not play is broken. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { anyCalls } from '../../../harness/generate/any-calls.ts'
import type { Call } from '../../../harness/model/call.ts'
import type { Kernel } from '../../../harness/model/kernel.ts'
import { parseShard, printShard, type Shard } from '../../../harness/model/shard.ts'
import type { Report } from '../../../harness/model/verdict.ts'
import { mock } from '../../../harness/oracle/mock.ts'
import { failedIn } from '../../../harness/run/failed.ts'
import { merge } from '../../../harness/run/merge.ts'
import { ownersOf, testsOfShard } from '../../../harness/run/sharding.ts'
import { anyOrder } from '../../../harness/suite/any-order.ts'
import { readAnswers } from '../../../reports/run/answers.ts'
import { withCause } from '../../../reports/run/cause.ts'
import { detailsOfAll } from '../../../reports/run/outcome.ts'
import { command, scratch } from '../command.ts'
import { outcome, outcomes, run } from '../reports/sample-run.ts'
import { read, resultsOf } from './cut-off.ts'
import { pipe, writeShard, type Played } from './shards.ts'

const shardsOf = (of: number): Shard[] => Array.from({ length: of }, (_, i) => ({ index: i + 1, of }))

const host = hostNamed()
const sound = mock(host)

/** A kernel that answers two ioctls wrongly; it remembers what it was asked. */
const wrong = (asked: (readonly Call[])[]): Kernel => {
  const play: Kernel['play'] = async (calls) => {
    asked.push(calls)
    const playing = await sound.play(calls)
    const answers = playing.answers.map((answer, i) => {
      const { name } = calls[i]!.ioctl
      return name === 'KVM_GET_API_VERSION' || name === 'KVM_CHECK_EXTENSION' ? { ret: -5 } : answer
    })
    return { ...playing, answers }
  }
  return { ...sound, play, again: play }
}

const drawn = async (shard?: Shard): Promise<{ report: Report; asked: (readonly Call[])[] }> => {
  const asked: (readonly Call[])[] = []
  const settings = { runs: run.runs, seed: 7, strict: false, ...(shard && { shard }) }
  const report = await anyOrder({ kernel: wrong(asked), release: '6.12' }, anyCalls(12, { host }), settings)
  return { report, asked: asked.slice(0, report.lists) }
}

test('a test is played by one shard, a divided one by all, and every random sequence by one', () => {
  const tests = Array.from({ length: 23 }, (_, i) => ({
    file: 'a.test.ts',
    names: [String(i)],
    ...(i === 4 && { isDivided: true as const }),
  }))
  for (const n of [1, 2, 5, 22]) {
    const played = shardsOf(n).flatMap((shard) => testsOfShard(tests, shard, 1000).map(({ names }) => names[0]))
    expect(played.toSorted()).toEqual([...tests.map(({ names }) => names[0]), ...Array(n - 1).fill('4')].toSorted())
  }
  // Of two random sequences three of five shards get none.
  expect(ownersOf(tests.slice(4, 5), 5, 2)).toEqual([[3, 5]])
  expect(() => testsOfShard(tests, { index: 30, of: 40 }, 1)).toThrow(
    '--shard 30/40: no test falls to it, the run has only 23; choose fewer shards',
  )
})

test('the shards draw the sequences that one run draws, in its order', async () => {
  const whole = (await drawn()).asked
  for (const n of [1, 2, 5]) {
    const parts: (readonly Call[])[] = []
    for (const shard of shardsOf(n)) parts.push(...(await drawn(shard)).asked)
    expect(parts).toEqual(whole)
  }
})

test('a shard is written i/n', () => {
  expect(parseShard('2/5')).toEqual({ index: 2, of: 5 })
  expect(printShard({ index: 2, of: 5 })).toBe('2/5')
  for (const bad of ['0/5', '6/5', '2', '2/', '1/1001', '-1/2', 'a/b', '1/2/3'])
    expect(() => parseShard(bad)).toThrow('Write it like 2/5, the second of five')
})

describe('merged', () => {
  const all: Played[] = []
  beforeAll(async () => {
    const anyOrderFile = 'suites/any-order/any-order.test.ts'
    const reports = new Map<string, Report>()
    for (const n of [1, 2, 5])
      for (const shard of [undefined, ...shardsOf(n)])
        reports.set(shard ? printShard(shard) : '', (await drawn(shard)).report)
    const outcomeOn = (shard?: Shard) => {
      const report = reports.get(shard ? printShard(shard) : '')!
      const told = {
        ...outcome(anyOrderFile, ['in whatever order'], report),
        details: detailsOfAll(report, report.more),
      }
      return withCause({ ...told, counterexamples: [report, ...(report.more ?? [])] }, run)
    }
    all.push({ test: { file: anyOrderFile, names: ['in whatever order'], isDivided: true }, outcomeOn })
    for (const o of outcomes.slice(1)) all.push({ test: { file: o.file, names: o.names }, outcomeOn: () => o })
  })

  const shardsIn = (parent: string, of: number): string[] =>
    shardsOf(of).map((shard) => {
      const path = join(parent, String(shard.index))
      writeShard(path, all, shard)
      return path
    })

  const ofOneRun = (folder: string) => {
    const { tests: timed, tally, lists, calls, random } = resultsOf(folder)
    const tests = timed.map(({ ms: _ms, begun: _begun, ...rest }) => rest)
    const formats = ['conformance.ktap', 'junit.xml'].map((file) => read(folder, file).replace(/^# note: .*\n/m, ''))
    return { tests, tally, lists, calls, random, formats: formats.map((text) => text.replaceAll(/ time="[^"]*"/g, '')) }
  }

  test.each([1, 2, 5])('%d shards are as one run', async (of) => {
    const parent = scratch()
    const whole = join(parent, 'whole')
    writeShard(whole, all)
    const merged = join(parent, 'merged')
    expect(await merge(shardsIn(parent, of), merged, pipe)).toBe(1)
    const [one, other] = [ofOneRun(whole), ofOneRun(merged)]
    expect(one.random).toMatchObject({ violates: expect.any(Number), conforms: expect.any(Number) })
    expect({ ...other, formats: [] }).toEqual({ ...one, formats: [] })
    expect(other.formats[0]).toBe(one.formats[0])
    expect(other.formats[1]!.replace(/ *<property name="notes" .*\n/g, '')).toBe(one.formats[1])
    expect(readAnswers(join(merged, 'answers.jsonl')).missing).toBeUndefined()
  })

  test('a shard that is lost or was killed is broken, and no test is missing', async () => {
    const parent = scratch()
    const [first, , third, , fifth] = shardsIn(parent, 5)
    const killed = join(parent, 'killed'),
      empty = join(parent, 'empty'),
      merged = join(parent, 'merged')
    writeShard(killed, all, { index: 2, of: 5 }, { killedBefore: 1 })
    mkdirSync(empty)
    // The violation is in the shards that are there, and is worse.
    expect(await merge([first!, killed, third!, empty, fifth!], merged, pipe)).toBe(1)
    const { tests, tally, random, notes } = resultsOf(merged)
    expect(tally.passed + tally.failed + tally.skipped).toBe(all.length)
    expect(Object.values(random!).reduce((sum, n) => sum + n)).toBe(run.runs)
    expect(random!.broken).toBe(10)
    const lost = tests.filter(({ verdict }) => verdict === 'broken').map(({ why }) => why)
    expect(lost).toEqual([
      'shard 2/5 is lost: its run ended before this was played',
      'shard 4/5 is lost: there is no run of it',
    ])
    expect(notes).toContain(`${empty}: no run was begun in it (it has no outcomes.jsonl)`)
    expect(readAnswers(join(merged, 'answers.jsonl')).missing).toMatch(/^the run did not end, after \d lists$/)
  })

  test('alone, what is lost is broken and exits 2', async () => {
    const parent = scratch()
    const some: Played[] = [0, 1].map((i) => {
      const names = [String(i)]
      const sane = outcome('suites/ordered/a.test.ts', names, { verdict: 'conforms' })
      return { test: { file: sane.file, names }, outcomeOn: () => sane }
    })
    const path = join(parent, '1')
    writeShard(path, some, { index: 1, of: 2 })
    expect(await merge([path], join(parent, 'merged'), pipe)).toBe(2)
    expect(resultsOf(join(parent, 'merged')).tally).toMatchObject({ passed: 1, failed: 1, exit: 2 })
  })

  test('what failed in a shard is played again whole, not a shard of it', () => {
    const path = join(scratch(), '1')
    writeShard(path, all, { index: 1, of: 2 })
    const asked = failedIn(path)
    expect(asked).not.toHaveProperty('shard')
    expect(asked.only).toContain('any-order_any-order_in-whatever-order')
  })

  test('shards that are not of one run are refused in one line', async () => {
    const parent = scratch()
    const [first, second] = shardsIn(parent, 2)
    const odd = (name: string, ...rest: Parameters<typeof writeShard> extends [string, ...infer R] ? R : never) => {
      const path = join(parent, name)
      writeShard(path, ...rest)
      return path
    }
    const two: Shard = { index: 2, of: 2 }
    const refuses = (other: string, line: RegExp | string) =>
      expect(merge([first!, other], join(parent, 'merged'), pipe)).rejects.toThrow(line)
    const unlike = (path: string) => `${path} and ${first} are not shards of one run: `
    const seeded = odd('seeded', all, two, { seed: 8 })
    await refuses(seeded, `${unlike(seeded)}in the first seed is 8, was 7 in the second`)
    const newer = odd('newer', all, two, { commit: 'f00d' })
    await refuses(
      newer,
      `${unlike(newer)}in the first the version of the suites is "0.1.0 (f00d)", was "0.1.0 (c0ffee)"`,
    )
    const kernel = odd('kernel', all, two, { kernel: '6.12.95-arm64' })
    await refuses(kernel, `in the first kernel.unameR is "6.12.95-arm64", was "6.12.94-arm64" in the second`)
    await refuses(odd('five', all, { index: 2, of: 5 }), 'in the first the number of shards is 5, was 2 in the second')
    await refuses(odd('fewer', all.slice(1), two), 'their suites have other tests')
    await refuses(odd('same', all, { index: 1, of: 2 }), /same and .*1 are both shard 1\/2$/)
    await refuses(odd('whole', all), /whole: this is a whole run, and no shard of one$/)
    await refuses(join(parent, 'nowhere'), /nowhere: there is no such folder$/)
    await expect(merge([first!, second!], first!, pipe)).rejects.toThrow('this is a shard, which must stay')
    await expect(merge([parent], join(parent, 'merged'), pipe)).rejects.toThrow(
      `there is nothing to merge: ${parent}: no run was begun in it (it has no outcomes.jsonl)`,
    )
  })
})

test('the commands: a shard of a run is merged alone, and what the others had is broken', async () => {
  const reports = scratch()
  const { code, out } = await command('run', '--shard', '2/2', '--only', 'ordered_run', '--reports', join(reports, '2'))
  expect([code, out]).toEqual([0, expect.stringContaining('\nshard        2/2')])
  const merged = await command('merge', join(reports, '2', 'results.json'), '--reports', join(reports, 'm'))
  expect(merged.code).toBe(2)
  expect(merged.out).toContain('shard 1/2 is lost: there is no run of it')
})
