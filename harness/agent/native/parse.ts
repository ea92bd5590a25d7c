/** Reads a `play` line. All of it is checked before anything is played. */
import { type Area, SLOTS, areaAt, areaSize, areasBase } from './areas.ts'
import { MAX_OPS } from './progress.ts'

export const MAX_LINE = 65536
const MAX_READ = 0x1000
const MAX_PATH = 0xff
const NO_SLOT = -1

/** One op; which fields count depends on its kind, `slot` `into` `addrSlot` `argSlot` are −1 where there is none. */
export interface Op {
  kind: string
  slot: number
  into: number
  nr: number
  /** Where w p x l f work, in `memory`, and the slot of a v area. */
  where: number
  addrSlot: number
  /** ARG in halves, and the slot of a v area it points into. */
  low: number
  high: number
  argSlot: number
  /** Bytes of x and l, milliseconds of t. */
  size: number
  /** Bytes of w, the path of l. */
  hex: string
}

export interface List {
  id: string
  deadline: number
  ops: Op[]
  /** Calls that may leave a descriptor in this process. */
  opens: number
  /** Bytes of area d, from its start, that may be written while it is played. */
  dUsed: number
  gUsed: boolean
}

/** Why a line is bad; `id` is '-' where none could be read. */
export class Bad extends Error {
  id = '-'
}

const refuse = (reason: string): never => {
  throw new Bad(reason)
}
const isBytes = /^(?:[0-9a-fA-F]{2})+$/
const isDecimal = /^[0-9]{1,9}$/

const hexDigits = new Int8Array(256).fill(-1)
for (const digit of '0123456789abcdefABCDEF') hexDigits[digit.charCodeAt(0)] = parseInt(digit, 16)

/** The number that is written from `from` on in hex, NaN where that is none; parsing takes most of a call's time. */
const hexOf = (text: string, from = 0, end = text.length): number => {
  let value = end > from ? 0 : NaN
  for (let at = from; at < end; at++) {
    const digit = hexDigits[text.charCodeAt(at)]!
    value = digit >= 0 ? value * 16 + digit : NaN
  }
  return value
}

const slotOf = (text: string): number => {
  const slot = text.length <= 2 ? hexOf(text) : SLOTS
  return slot < SLOTS ? slot : refuse('a slot is 0 to 17')
}

const decimalOf = (text: string | undefined, reason: string): number => {
  const value = text !== undefined && isDecimal.test(text) ? Number(text) : 0
  return value > 0 ? value : refuse(reason)
}

const numberOf = (text: string, digits: number, reason: string): number => {
  const value = text.length <= digits ? hexOf(text) : NaN
  return value >= 0 ? value : refuse(reason)
}

/** AREA:OFFSET with room for `size` bytes behind it. */
const addressOf = (text: string, size: number): { area: Area; slot: number; offset: number } => {
  const area = text[0] as Area
  if (!text || !'drugv'.includes(area)) return refuse('an area is d, r, u, g or v')
  const colon = text.indexOf(':')
  const name = text.slice(1, colon < 0 ? undefined : colon)
  const slot = area === 'v' ? slotOf(name) : NO_SLOT
  if (colon < 0 || (area !== 'v' && name)) return refuse('an address is AREA:OFFSET')
  const offset = numberOf(text.slice(colon + 1), 16, 'an address is AREA:OFFSET')
  return offset + size <= areaSize(area) ? { area, slot, offset } : refuse('outside the area')
}

const ownAddress = (list: List, op: Op, text: string, size: number, writes: boolean): void => {
  const { area, slot, offset } = addressOf(text, size)
  if (area === 'u') refuse('area u is never mapped')
  if (area === 'r' && writes) refuse('area r is read-only')
  if (area === 'd' && writes) list.dUsed = Math.max(list.dUsed, offset + size)
  if (area === 'g') list.gUsed = true
  op.where = areaAt(area, slot) + offset
  op.addrSlot = slot
}

const argument = (list: List, op: Op, text: string): void => {
  if (text[0] === '@') {
    const { area, slot, offset } = addressOf(text.slice(1), 0)
    // What the kernel writes through it has no bound that we know.
    if (area === 'd') list.dUsed = areaSize('d')
    if (area === 'g') list.gUsed = true
    const address = areasBase + areaAt(area, slot) + offset
    op.low = address % 2 ** 32
    op.high = Math.floor(address / 2 ** 32)
    op.argSlot = slot
    return
  }
  const half = Math.max(0, text.length - 8)
  op.low = hexOf(text, half)
  op.high = half ? hexOf(text, 0, half) : 0
  if (text.length > 16 || !(op.low >= 0 && op.high >= 0)) refuse('an argument is a number of up to 64 bits or @ADDR')
}

const forms = new Map<string, [form: string, least: number, most: number]>(
  Object.entries({
    k: ['k,SLOT', 1, 1],
    c: ['c,SLOT', 1, 1],
    i: ['i,SLOT,NR,ARG[,INTO]', 3, 4],
    j: ['j,SLOT,NR,ARG', 3, 3],
    f: ['f,ADDR,SLOT', 2, 2],
    w: ['w,ADDR,HEX', 2, 2],
    p: ['p,ADDR,ARG', 2, 2],
    x: ['x,ADDR,LEN', 2, 2],
    t: ['t,MS', 1, 1],
    l: ['l,ADDR,LEN,PATH', 3, 3],
  } satisfies Record<string, [string, number, number]>),
)
const calls = 'kijcl'

/** What split(',') gives, without its cost for texts as short as these. */
const wordsOf = (text: string): string[] => {
  const words: string[] = []
  let from = 0
  for (let at = text.indexOf(','); at >= 0; at = text.indexOf(',', from)) {
    words.push(text.slice(from, at))
    from = at + 1
  }
  words.push(text.slice(from))
  return words
}

const readOp = (list: List, text: string, hasCall: boolean): Op => {
  const words = wordsOf(text)
  const [kind = '', first = '', second = '', third = '', fourth] = words
  if (!text) refuse('ops are separated by one space')
  const [form, least, most] = forms.get(kind) ?? refuse('no such op')
  if (words.length <= least || words.length > most + 1) refuse(`${kind} is ${form}`)
  const op: Op = {
    kind,
    slot: NO_SLOT,
    into: NO_SLOT,
    nr: 0,
    where: 0,
    addrSlot: NO_SLOT,
    low: 0,
    high: 0,
    argSlot: NO_SLOT,
    size: 0,
    hex: '',
  }
  switch (kind) {
    case 'i':
    case 'j':
      op.slot = slotOf(first)
      op.nr = numberOf(second, 8, 'an ioctl number has up to 32 bits')
      argument(list, op, third)
      if (fourth !== undefined) op.into = slotOf(fourth)
      break
    case 'f':
      ownAddress(list, op, first, 4, false)
      op.slot = slotOf(second)
      break
    case 'w':
      if (!isBytes.test(second)) refuse('bytes are pairs of hex digits')
      ownAddress(list, op, first, second.length / 2, true)
      op.hex = second
      break
    case 'p':
      ownAddress(list, op, first, 8, true)
      argument(list, op, second)
      break
    case 'x':
      if (!hasCall) refuse('x needs a call before it')
      op.size = numberOf(second, 16, 'x reads at most 1000 bytes')
      if (op.size > MAX_READ) refuse('x reads at most 1000 bytes')
      ownAddress(list, op, first, op.size, false)
      break
    case 'l':
      if (!'dg'.includes(first[0] ?? ' ')) refuse('l reads into d or g')
      op.size = numberOf(second, 16, 'l is l,ADDR,LEN,PATH')
      ownAddress(list, op, first, op.size, true)
      if (!isBytes.test(third) || third.length / 2 > MAX_PATH) refuse('a path is 1 to ff pairs of hex digits')
      op.hex = third
      break
    case 't':
      op.size = decimalOf(first, 't takes 1 to 999999999 milliseconds')
      break
    default:
      op.slot = slotOf(first)
  }
  if (kind === 'k' || kind === 'i') list.opens++
  return op
}

/** Reads a line that begins with "play ". Throws Bad, with the id wherever one could be read. */
export const parsePlay = (line: string): List => {
  let at = 0
  let id = '-'
  try {
    const found = /^play ([A-Za-z0-9_-]{1,16})(?![^ ])/.exec(line)
    if (!found) return refuse('an id is 1 to 16 of A-Z a-z 0-9 _ -')
    id = found[1]!
    if (line.length > MAX_LINE) refuse(`the line is longer than ${MAX_LINE} bytes`)
    const words = line.split(' ')
    const list: List = { id, deadline: 0, ops: [], opens: 0, dUsed: 0, gUsed: false }
    list.deadline = decimalOf(words[2], 'a deadline is 1 to 999999999 milliseconds')
    let hasCall = false
    for (at = 1; at + 2 < words.length; at++) {
      if (at > MAX_OPS) refuse(`more than ${MAX_OPS} ops`)
      const op = readOp(list, words[at + 2]!, hasCall)
      hasCall ||= calls.includes(op.kind)
      list.ops.push(op)
    }
    return list
  } catch (error) {
    if (!(error instanceof Bad)) throw error
    const bad = new Bad(at ? `op ${at}: ${error.message}` : error.message)
    bad.id = id
    throw bad
  }
}
