/**
 * Lists that an agent plays from a file onto a console that loses bytes: what is read there was said, or is missing.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildAgent } from '../../../harness/guest/agent-binary.ts'
import { readFrames, type Pass } from '../../../harness/link/frames.ts'
import { idOfOps, ListsFile } from '../../../harness/link/lists-file.ts'
import { openConsole } from '../../../harness/targets/console.ts'
import { scratch } from '../command.ts'

const lists = new ListsFile()
for (let i = 0; i < 60; i++) {
  const read = Array.from({ length: i % 4 }, (_, n) => `x,d:${(n * 0x800).toString(16)},400`).join(' ')
  // Bytes that no two lists have alike, so that a part of another's answer would show.
  lists.add(
    `w,d:0,${(i + 1).toString(16).padStart(2, '0').repeat(0x700)} c,${(i % 24).toString(16)} ${read}`.trim(),
    1000,
  )
}

/** The console with some of its bytes changed, lost or doubled, and with lines of a kernel anywhere. */
const damaged = (console: string, seed: number, oneIn: number): string => {
  const bytes: number[] = []
  let state = seed
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  for (const byte of Buffer.from(console, 'latin1')) {
    const what = next(oneIn * 10)
    if (what === 0) bytes.push(...Buffer.from('[   12.345678] kvm [1]: a message\r\n'))
    if (what > 0 && what < 4) bytes.push(next(256))
    else if (what === 5) bytes.push(byte, byte)
    else if (what > 9 || what === 0) bytes.push(byte)
    else if (what > 5) bytes.push(byte ^ (1 << next(8)))
  }
  return Buffer.from(bytes).toString('latin1')
}

/** The frames of a line, as the agent makes them; `sum` is that of the line. */
const framesOf = (line: string, pass: number, number: number, sum = crc32(line)): string => {
  const parts = Math.max(1, Math.ceil(line.length / 80))
  return Array.from({ length: parts }, (_, part) => {
    const place = `${hex(7)}.${pass}.${number.toString(16)}.${hex(sum)}.${part.toString(16)}.${parts.toString(16)}`
    const body = `${place} ${line.slice(part * 80, part * 80 + 80)}`
    return `\n#${hex(crc32(body))} ${body}\n`
  }).join('')
}
const hex = (n: number) => n.toString(16).padStart(8, '0')

const GREETING = 'agent 1 agent.c 6.12 v aarch64'
const saying = (pass: number, ...lines: string[]): string =>
  [GREETING, ...lines].map((line, number) => framesOf(line, pass, number)).join('')

describe('a file of lists', () => {
  let agent = '',
    console = '',
    missing: string | undefined,
    said: Pass[]
  beforeAll(async () => {
    agent = await buildAgent('host').catch((error: Error) => {
      missing = error.message
      return ''
    })
    if (missing === undefined) console = play(lists.text)
    said = readFrames(console)
  })
  test.beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing)
  })

  const play = (text: string): string => {
    const file = join(scratch(afterAll), 'lists')
    writeFileSync(file, text)
    return execFileSync(agent, ['play', file, '3'], { encoding: 'latin1', maxBuffer: 64 << 20 })
  }

  const consoleFile = (text: string): string => {
    const file = join(scratch(), 'console.log')
    writeFileSync(file, text, 'latin1')
    return file
  }

  /** What the pool gives to each of the lists, again too. */
  const answersOf = async (file: string) => {
    const pool = openConsole(file)
    const all = [...lists.text.matchAll(/^play \S+ \d+ (.*)$/gm)].map(([, ops]) => ops!)
    const came = await Promise.all(all.map((ops) => Promise.all([pool.play(ops, 1000), pool.again(ops, 1000)])))
    await pool.close()
    return came
  }

  test('is played three times, and every answer is there, and there again', async () => {
    expect(said.map(({ number, lines }) => [number, lines.length, lines.includes(undefined)])).toEqual(
      [1, 2, 3].map((number) => [number, lists.size + 2, false]),
    )
    const file = consoleFile(console)
    const came = await answersOf(file)
    expect(came.map(([first]) => first!.outcome)).toEqual(came.map(() => 'done'))
    expect(came.map(([first]) => first)).toEqual(came.map(([, again]) => again))
    expect(came[3]![0]!.answers).toEqual([{ ret: -9, data: ['04'.repeat(0x400), '', ''].map((hex) => hex) }])
    expect(existsSync(`${file}.more`)).toBe(false)
  })

  test('on a console that is damaged anywhere no answer is another', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(30, 300, 3000), (seed, oneIn) => {
        for (const { number, lines } of readFrames(damaged(console, seed, oneIn))) {
          const sound = said.find((pass) => pass.number === number)
          // A pass whose number is damaged is none.
          expect(sound).toBeDefined()
          for (const [i, line] of lines.entries()) if (line !== undefined) expect(line).toBe(sound!.lines[i])
        }
      }),
      { numRuns: 20 },
    )
  })

  test('of 1 byte in 10,000 that is damaged, three passes lose nothing', async () => {
    const came = await answersOf(consoleFile(damaged(console, 7, 10_000)))
    expect(came.filter(([first]) => first!.outcome !== 'done')).toEqual([])
  })

  test('what is lost is noticed, and is asked again with what the console tells to play', async () => {
    const whole = await answersOf(consoleFile(console))
    const file = consoleFile(damaged(console, 7, 300))
    const came = await answersOf(file)
    const lost = came.filter(([first]) => first!.outcome === 'lost')
    expect(lost.length).toBeGreaterThan(3)
    expect(lost[0]![0]!.why).toBe(`no whole answer to it is on the console; have the board play ${file}.more, too`)
    for (const [i, [first]] of came.entries()) if (first!.outcome !== 'lost') expect(first).toEqual(whole[i]![0])
    writeFileSync(file, readFileSync(file, 'latin1') + play(readFileSync(`${file}.more`, 'utf8')), 'latin1')
    expect((await answersOf(file)).map(([first]) => first)).toEqual(whole.map(([first]) => first))
  })

  test('what the kernel logged belongs to the list that was played, or to what came before it', async () => {
    const [a, b] = [idOfOps('c,1'), idOfOps('c,2')]
    const lines = ['log - 6,before', `log ${a} 4,WARNING:%20of%20a`, `done ${a} -9`, `done ${b} -9`]
    const pool = openConsole(consoleFile(saying(1, ...lines)))
    const answers = [{ ret: -9, data: [] }]
    expect(await pool.play('c,1', 1000)).toEqual({
      outcome: 'done',
      answers,
      log: ['4,WARNING: of a'],
      before: ['6,before'],
    })
    expect(await pool.play('c,2', 1000)).toEqual({ outcome: 'done', answers, log: [] })
  })

  test('what was said once is not said again', async () => {
    const pool = openConsole(consoleFile(saying(1, `done ${idOfOps('c,1')} -9`)))
    expect((await pool.play('c,1', 1000)).outcome).toBe('done')
    const again = await pool.again('c,1', 1000)
    expect([again.outcome, again.why]).toEqual(['lost', expect.stringMatching(/^only one whole answer to it is/)])
  })

  test('a line whose parts do not make its sum, or of whose parts there are two, is none', () => {
    const line = `done ${'x'.repeat(100)} 1`
    const other = `done ${'y'.repeat(100)} 1`
    const linesOf = (console: string) => readFrames(console)[0]!.lines
    expect(linesOf(framesOf(line, 1, 0))).toEqual([line])
    expect(linesOf(framesOf(line, 1, 0, crc32(other)))).toEqual([undefined])
    // Two lines of one sum: which of them a pass has said cannot be told.
    const seen = new Map<number, string>()
    for (let n = 0; n < 1_000_000; n++) {
      const one = `done ${hex(Math.imul(n, 0x9e3779b1) >>> 0)}${hex(Math.imul(n ^ 0x5bd1, 0x85ebca6b) >>> 0)}`.padEnd(
        100,
        'x',
      )
      const same = seen.get(crc32(one))
      seen.set(crc32(one), one)
      if (same !== undefined) {
        expect(linesOf(framesOf(one, 1, 0) + framesOf(same, 1, 1))).toEqual([undefined, undefined])
        return
      }
    }
    expect.unreachable('no two lines of one sum were found')
  })

  test('an answer whose log may be lost is none, and a console without an agent is refused', async () => {
    const [lost] = said[0]!.lines.filter((line) => line!.startsWith('done'))
    const frames = console.split('\n')
    // In each pass the line before the second answer is gone, which may have been a WARNING of the kernel.
    const without = frames.filter((frame) => !/^#\S+ \S+\.\d\.1\.\S+ /.test(frame)).join('\n')
    const came = await answersOf(consoleFile(without))
    expect(lost).toBeDefined()
    expect(came.slice(0, 3).map(([first]) => first!.outcome)).toEqual(['lost', 'lost', 'done'])
    expect(() => openConsole(consoleFile('[    0.000000] Booting Linux\n'))).toThrow(
      /console\.log: no agent that played a file of lists has spoken there$/,
    )
  })
})
