/** Random sessions with an agent: lines good, bad and endless, cut anywhere, and an end of input anywhere. */
import fc from 'fast-check'
import { badLines, badOps, goodOps } from '../../agent/samples.ts'
import { isHurried, opensKvm } from './model.ts'

export interface Session {
  /** What is written, one write each. */
  pieces: string[]
  /** Waits before the answers are read, in ms, so that pipes and rings fill up. */
  lazy: number
  /** Kills the player while the piece of that number is sent. */
  kill: number | null
}

const hex = (most: number) => fc.nat(most).map((n) => n.toString(16))
const slot = fc.oneof({ weight: 9, arbitrary: hex(0x17) }, { weight: 1, arbitrary: hex(0x1f) })
const offset = fc.oneof(
  hex(0x20),
  hex(0x10010),
  fc.constantFrom('ffff', '10000', '10001', 'fff8', 'f000', '2000', '3fffff', '400000', 'ffffffffffffffff'),
)
const address = fc
  .tuple(fc.constantFrom('d', 'd', 'd', 'g', 'r', 'u', 'v', 'o'), slot, offset)
  .map(([area, n, at]) => `${area}${area === 'v' || area === 'o' ? n : ''}:${at}`)
const argument = fc.oneof(
  fc.bigInt(0n, 2n ** 64n - 1n).map((n) => n.toString(16)),
  address.map((at) => `@${at}`),
  fc.tuple(address, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })).map(([at, bits]) => `@${at}^${bits.toString(16)}`),
)
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((some) => Buffer.from(some).toString('hex'))
const comma = (kind: string, ...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((words) => [kind, ...words].join())

const op = fc.oneof(
  comma('c', slot),
  comma('m', slot),
  comma('m', slot, hex(2 ** 32 - 1)),
  comma('m', slot, hex(0xff), hex(3)),
  comma('a', slot, hex(0xff), argument, argument),
  comma('r', slot, address, hex(0x40), argument),
  comma('e', address, fc.nat(8).map(String)),
  comma('d', address, slot),
  comma('i', slot, hex(2 ** 32 - 1), argument),
  comma('i', slot, hex(0xffff), argument, slot),
  comma('j', slot, hex(0xffff), argument),
  comma('f', address, slot),
  comma('w', address, bytes),
  comma('p', address, argument),
  comma('x', address, fc.oneof(hex(0x40), hex(0x1001))),
  comma('t', fc.integer({ min: 50_000, max: 60_000 }).map(String)),
  fc.constantFrom(...badOps.slice(0, -1)),
)
const id = fc.string({ unit: fc.constantFrom(...'azAZ09_-'), minLength: 1, maxLength: 16 })
const list = fc
  .tuple(id, fc.array(op, { maxLength: 30 }))
  .map(([name, ops]) => ['play', name, '60000', ...ops].join(' '))
const goodList = fc.constantFrom(...goodOps.slice(0, -1)).map(([ops]) => `play a 60000${ops && ' '}${ops}`)

const mutated = fc
  .tuple(
    fc.oneof(list, goodList),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(3),
        fc.string({ unit: fc.constantFrom(...' ,:@^0179afgdrugvokijhbqclmrfwpedxtn\t\r\0é'), maxLength: 3 }),
      ),
      { maxLength: 4 },
    ),
  )
  .map(([line, edits]) =>
    edits.reduce((text, [at, cut, put]) => {
      const from = at % (text.length + 1)
      return text.slice(0, from) + put + text.slice(from + cut)
    }, line),
  )

/** Lines about as long as a line may be, and far longer. */
const long = fc
  .tuple(
    fc.constantFrom('play a 60000 c,0 w,d:0,', 'play b 60000 ', 'x'),
    fc.constantFrom('00', 'c,0 ', ' ', 'play '),
    fc.oneof(fc.integer({ min: 65_520, max: 65_540 }), fc.constantFrom(131_072, 300_000)),
  )
  .map(([head, filler, size]) => head.padEnd(size, filler))

const line = fc
  .oneof(
    { weight: 20, arbitrary: list },
    { weight: 10, arbitrary: mutated },
    { weight: 10, arbitrary: goodList },
    { weight: 4, arbitrary: fc.constantFrom('hello 1', 'audit', ...badLines.map(([text]) => text)) },
    {
      weight: 2,
      arbitrary: fc.string({
        unit: fc.integer({ min: 0, max: 255 }).map((n) => String.fromCharCode(n)),
        maxLength: 80,
      }),
    },
    { weight: 1, arbitrary: long },
  )
  .map((text) => text.replaceAll('\n', ' '))
  .filter((text) => !opensKvm(text) && !isHurried(text) && text !== 'bye')

const cutUp = (text: string, at: readonly number[]): string[] => {
  const places = [...new Set(at.map((n) => n % (text.length + 1)))].toSorted((a, b) => a - b)
  return [0, ...places].map((from, i) => text.slice(from, places[i]))
}

/** Draws a session. */
export const session: fc.Arbitrary<Session> = fc
  .record({
    lines: fc.array(line, { maxLength: 60, size: 'max' }),
    last: fc.constantFrom('', '', 'bye\n', 'half', 'play a 60000 c,0'),
    cuts: fc.array(fc.nat(), { maxLength: 12 }),
    lazy: fc.constantFrom(0, 0, 0, 20, 120),
    kill: fc.option(fc.nat(12), { freq: 4 }),
  })
  .map(({ lines, last, cuts, lazy, kill }) => ({
    pieces: cutUp(lines.map((text) => `${text}\n`).join('') + last, cuts),
    lazy,
    kill,
  }))
