/**
 * What an agent said on a console that may have lost bytes, and on which others wrote, too: the frames of PROTOCOL.md,
 * put together to lines. What is not whole is not there; no line comes out that was not said.
 */
import { crc32 } from 'node:zlib'

/** The lines of one pass through one file of lists, by their number; undefined where one is not whole. */
export interface Pass {
  /** The sum of the file. */
  lists: string
  number: number
  lines: (string | undefined)[]
}

interface Frame {
  lists: string
  pass: number
  line: number
  /** The sum of the whole line, and in how many parts it is. */
  key: string
  sum: number
  parts: number
  part: number
  payload: string
}

const candidate = /#([0-9a-f]{8}) (?=([0-9a-f]{8})\.(\d+)\.([0-9a-f]+)\.([0-9a-f]{8})\.([0-9a-f]+)\.([0-9a-f]+) )/g

/** The frame in a line of the console, wherever it begins; undefined where none is whole. */
const frameIn = (text: string): Frame | undefined => {
  for (const found of text.matchAll(candidate)) {
    const body = text.slice(found.index + 10)
    if (crc32(Buffer.from(body, 'latin1')) !== parseInt(found[1]!, 16)) continue
    const [, , lists, pass, line, sum, part, parts] = found as unknown as string[]
    return {
      lists: lists!,
      pass: Number(pass),
      line: parseInt(line!, 16),
      key: `${sum}.${parts}`,
      sum: parseInt(sum!, 16),
      parts: parseInt(parts!, 16),
      part: parseInt(part!, 16),
      payload: body.slice(body.indexOf(' ') + 1),
    }
  }
  return undefined
}

/** The parts of one line, from whichever pass they came; undefined where two do not agree. */
class Whole {
  readonly #sum: number
  readonly #parts: (string | undefined)[]
  #isContradicted = false

  constructor({ sum, parts }: Frame) {
    this.#sum = sum
    this.#parts = Array<string | undefined>(parts).fill(undefined)
  }

  add({ part, payload }: Frame): void {
    this.#isContradicted ||= part >= this.#parts.length || (this.#parts[part] ?? payload) !== payload
    this.#parts[part] = payload
  }

  get text(): string | undefined {
    if (this.#isContradicted || this.#parts.includes(undefined)) return undefined
    const text = this.#parts.join('')
    return crc32(Buffer.from(text, 'latin1')) === this.#sum ? text : undefined
  }
}

/** Reads a console, as latin1; the passes in the order in which they were begun. */
export const readFrames = (console: string): Pass[] => {
  const wholes = new Map<string, Whole>()
  const passes = new Map<string, { lists: string; number: number; keys: Map<number, string | undefined> }>()
  for (const text of console.split('\n')) {
    const frame = frameIn(text.replace(/\r+$/, ''))
    if (!frame) continue
    const { key, lists, pass, line } = frame
    const whole = wholes.get(key) ?? new Whole(frame)
    whole.add(frame)
    wholes.set(key, whole)
    const name = `${lists}.${pass}`
    const { keys } = passes.get(name) ?? { keys: new Map<number, string | undefined>() }
    passes.set(name, { lists, number: pass, keys })
    // Of a file that was played twice the passes have one name: what is not the same in both is not known.
    keys.set(line, keys.has(line) && keys.get(line) !== key ? undefined : key)
  }
  return [...passes.values()].map(({ lists, number, keys }) => {
    const last = [...keys.keys()].reduce((most, n) => Math.max(most, n), -1)
    const lines = Array.from({ length: last + 1 }, (_, n) => wholes.get(keys.get(n) ?? '')?.text)
    return { lists, number, lines }
  })
}
