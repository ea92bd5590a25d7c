/** An argument four ways: read from a trace line, written to one, packed for an agent, drawn at random. */
import fc from 'fast-check'
import { UserError } from '../process/user-error.ts'
import type { Host } from './host.ts'
import { structs } from '../names/index.ts'
import { bytes, fromBytes, printNumber, readNamed, readNumber, unsigned, type Scalar } from './scalar.ts'
import { didYouMean } from '../process/nearest.ts'
import { quoted } from '../process/visible.ts'

/** The part of a name that says what a descriptor is: rules know more, the notation needs no more. */
export type Sort = 'kvm' | 'vm' | 'vcpu' | 'device'

/** Agent ops around one ioctl (agent/PROTOCOL.md): before it, its argument, after it. */
export interface Packed {
  before: string
  arg: string
  after: string
}

/** What a call's pointer is to. `isWritten`: the kernel writes there, so that memory which is read-only will not do. */
export interface PointedTo {
  /** As a sentence goes on: `the whole struct kvm_vcpu_init`. */
  what: string
  /** In bytes. */
  size: number
  isWritten?: true
}

export interface Codec<Arg> {
  /** Throws a UserError for what is not in the notation, a number outside its field's range, or a field given twice. */
  parse(text: string, sort: Sort): Arg
  print(arg: Arg, sort: Sort): string
  /** What to draw when called on a descriptor of this sort. */
  any(sort: Sort): fc.Arbitrary<Arg>
  /** What the kernel copies first, where the argument is a pointer. */
  pointsTo?: PointedTo
  pack(arg: Arg, slot: string, host: Host): Packed
  /** The value that an answer shows after `=`, from the call's result and what its `x` ops read; `shows` comes with it. */
  value?(ret: number, data: string[], arg: Arg): bigint | undefined
  /** The list of KVM_GET_REG_LIST. */
  list?(ret: number, data: string[], arg: Arg): bigint[] | undefined
  /** How that value is read from a trace and written to one. */
  shows?: Shows<Arg>
}

export interface Shows<Arg> {
  parse(text: string, arg: Arg): bigint
  print(value: bigint): string
}

/** Shows a value of so many bits as a number, or by its name where it has one: exit reasons and the like. */
export const showsNumber = <Arg>(
  bits: number | ((arg: Arg) => number),
  names?: Readonly<Record<string, number>>,
): Shows<Arg> => ({
  parse(text, arg) {
    const range = unsigned(typeof bits === 'number' ? bits : bits(arg)),
      what = 'the value of the answer'
    return names ? readNamed(text, names, what, range) : readNumber(text, what, range)
  },
  print: (value) => Object.keys(names ?? {}).find((n) => BigInt(names![n]!) === value) ?? printNumber(value),
})

/** What an ioctl returns, where that is no error: an int. */
export const returned = { value: (ret: number) => (ret >= 0 ? BigInt(ret) : undefined), shows: showsNumber(31) }

/** A pointer that is wrong: nowhere mapped, read-only, or with only so many good bytes before the end of the mapping. */
export type BadPointer = 'unmapped' | 'readonly' | number

const SIZE_OF_D = 0x10000
/** What is short lies in the upper half of the agent's data, apart from what lies at its beginning. */
const SHORT_BITS = 15

/** The address of a struct or value put at data offset `at`, in the agent's notation. */
export const address = (odd: BadPointer | undefined, at = 0): string =>
  odd === undefined
    ? `@d:${at.toString(16)}`
    : odd === 'unmapped'
      ? '@u:0'
      : odd === 'readonly'
        ? `@r:${at.toString(16)}`
        : `@d:${(SIZE_OF_D - odd).toString(16)}`

/** Where the bytes of that struct are written; undefined where nothing can be. */
export const place = (odd: BadPointer | undefined, at = 0): string | undefined =>
  odd === 'unmapped' ? undefined : `d:${(typeof odd === 'number' ? SIZE_OF_D - odd : at).toString(16)}`

/** The op that puts `hex` there, cut to the bytes that exist; ends with a blank, or is empty. */
export const put = (odd: BadPointer | undefined, hex: string, at = 0): string => {
  const where = place(odd, at)
  const room = typeof odd === 'number' ? hex.slice(0, odd * 2) : hex
  return where === undefined || room === '' ? '' : `w,${where},${room} `
}

export const printBadPointer = (odd: BadPointer): string => (typeof odd === 'number' ? `&short(${odd})` : `&${odd}`)

/** `&unmapped`, `&readonly`, `&short(16)`; undefined for any other text. */
export const parseBadPointer = (text: string): BadPointer | undefined => {
  const short = /^&short\((.*)\)$/.exec(text)
  return short
    ? Number(readNumber(short[1]!, 'N of &short(N)', unsigned(SHORT_BITS)))
    : text === '&unmapped' || text === '&readonly'
      ? (text.slice(1) as BadPointer)
      : undefined
}

/** A pointer that fails for certain: for a struct of `size` bytes that the kernel reads, and also writes if `written`. */
export const anyBadPointer = (size: number, written: boolean): fc.Arbitrary<BadPointer> =>
  fc.oneof(
    fc.constant<BadPointer>('unmapped'),
    fc.integer({ min: 0, max: size - 1 }),
    ...(written ? [fc.constant<BadPointer>('readonly')] : []),
  )

/** True where copying `size` bytes from (or, `written`, also to) such a pointer fails with EFAULT. */
export const faults = (odd: BadPointer | undefined, size: number, written = false): boolean =>
  odd !== undefined && (odd === 'unmapped' || (odd === 'readonly' ? written : odd < size))

/** Splits at commas that stand in no parentheses. */
export const split = (text: string): string[] => {
  const parts: string[] = []
  let depth = 0,
    from = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '(') depth++
    else if (c === ')') depth--
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(from, i).trim())
      from = i + 1
    }
  }
  if (text.trim() !== '') parts.push(text.slice(from).trim())
  return parts
}

/** Sets a part of an argument that is being read. Throws a UserError where the text gave it before. */
export const setOnce = <Arg extends object, Key extends keyof Arg & string>(
  arg: Arg,
  key: Key,
  value: Arg[Key],
  what: string = key,
): void => {
  if (arg[key] !== undefined) throw new UserError(`${what} is given twice`)
  arg[key] = value
}

/** An ioctl without argument (0), or with one that should not be there. */
export const nothing: Codec<bigint> = {
  parse: (text) => (text === '' ? 0n : readNumber(text, 'the argument', unsigned(64))),
  print: (arg) => (arg === 0n ? '' : printNumber(arg)),
  any: () => fc.oneof({ arbitrary: fc.constant(0n), weight: 9 }, { arbitrary: fc.constant(1n), weight: 1 }),
  pack: (arg) => ({ before: '', arg: arg.toString(16), after: '' }),
  ...returned,
}

/** An ioctl whose argument is a number itself. */
export const plain = <T extends number | bigint>(of: Scalar<T>): Codec<T> => ({
  parse: (text) => of.parse(text),
  print: (arg) => of.print(arg),
  any: () => of.any,
  pack: (arg) => ({ before: '', arg: BigInt.asUintN(64, BigInt(arg)).toString(16), after: '' }),
})

/** One field of a struct as a trace shows it. */
export interface Field<T extends number | bigint> {
  of: Scalar<T>
  /** Left out of the trace where it has this value. */
  unless?: T
  /** Written without its name. */
  bare?: true
}

type Fields = Record<string, Field<any>>
type ValueOf<F> = F extends Field<infer T> ? T : never
/** A struct by value; `at` where the pointer to it is odd. */
export type Struct<F extends Fields> = { [K in keyof F]: ValueOf<F[K]> } & { at?: BadPointer }

/**
 * A pointer to a struct, laid out as names.ts says. Fields a trace leaves out are 0 or their `unless`.
 * `written`: the kernel writes to it; `shows`: the field whose value the answer shows.
 */
export const struct = <F extends Fields>(
  name: keyof typeof structs,
  fields: F,
  { written = false, shows }: { written?: boolean; shows?: keyof F & string } = {},
): Codec<Struct<F>> => {
  const { size, fields: layout } = structs[name] as { size: number; fields: Record<string, readonly [number, number]> }
  const entries = Object.entries(fields) as [string, Field<any>][]
  for (const [
    key,
    {
      of: { range },
    },
  ] of entries) {
    if (!layout[key]) throw new Error(`struct ${name} has no field ${key}`)
    if ((range.max - range.min) >> BigInt(layout[key][1] * 8) !== 0n)
      throw new Error(`${key} of struct ${name} is too small for its range`)
  }
  const shown = shows === undefined ? undefined : layout[shows]!
  const anyFields = fc.tuple(...entries.map(([, f]) => f.of.any)).map((values) => {
    const arg: Record<string, unknown> = {}
    for (let i = 0; i < entries.length; i++) arg[entries[i]![0]] = values[i]
    return arg as Struct<F>
  })
  const any = fc.oneof(
    { arbitrary: anyFields, weight: 24 },
    { arbitrary: fc.tuple(anyFields, anyBadPointer(size, written)).map(([arg, at]) => ({ ...arg, at })), weight: 1 },
  )
  return {
    any: () => any,
    pointsTo: { what: `the whole struct ${name}`, size, ...(written && { isWritten: true }) },
    parse(text) {
      const arg: Record<string, unknown> = {}
      const bare = entries.filter(([, f]) => f.bare)
      for (const part of split(text)) {
        const odd = parseBadPointer(part)
        if (odd !== undefined) {
          setOnce(arg, 'at', odd, 'the pointer')
          continue
        }
        const [, key, value] = /^([\w.[\]]+) = (.*)$/.exec(part) ?? []
        const [field, f] =
          (key === undefined ? bare.shift() : entries.find(([k]) => k === key || `${k}[]` === key)) ?? []
        if (!field || !f)
          throw new UserError(
            `struct ${name}: cannot place ${quoted(part)}${didYouMean(key ?? '', Object.keys(fields))}`,
          )
        setOnce(arg, field, f.of.parse(value ?? part))
      }
      for (const [field, f] of entries) arg[field] ??= f.unless ?? f.of.parse('0')
      return arg as Struct<F>
    },
    print(arg) {
      const parts = arg.at === undefined ? [] : [printBadPointer(arg.at)]
      for (const [field, f] of entries) {
        if (arg[field] === f.unless) continue
        const value = f.of.print(arg[field] as never)
        parts.push(f.bare ? value : `${field} = ${value}`)
      }
      return parts.join(', ')
    },
    pack(arg) {
      let hex = '00'.repeat(size)
      for (const [field, f] of entries) {
        void f
        const [offset, length] = layout[field]!
        hex = hex.slice(0, offset * 2) + bytes(arg[field] as number | bigint, length) + hex.slice((offset + length) * 2)
      }
      return {
        before: put(arg.at, hex),
        arg: address(arg.at),
        after: shown && arg.at === undefined ? ` x,d:${shown[0].toString(16)},${shown[1].toString(16)}` : '',
      }
    },
    ...(shown && {
      value: (_: number, data: string[]) => (data[0] === undefined ? undefined : fromBytes(data[0])),
      shows: showsNumber(shown[1] * 8),
    }),
  }
}

/** A pointer to a single number of `size` bytes. */
export const pointer = (
  of: Scalar<number>,
  size: number,
  { written = false } = {},
): Codec<{ value: number; at?: BadPointer }> => {
  const plainly = of.any.map((value) => ({ value }))
  const any = fc.oneof(
    { arbitrary: plainly, weight: 24 },
    { arbitrary: fc.tuple(of.any, anyBadPointer(size, written)).map(([value, at]) => ({ value, at })), weight: 1 },
  )
  return {
    any: () => any,
    pointsTo: { what: 'the number', size, ...(written && { isWritten: true }) },
    parse(text) {
      const parts = split(text)
      const at = parseBadPointer(parts[0] ?? '')
      const [value, ...more] = at === undefined ? parts : parts.slice(1)
      if (more.length > 0) throw new UserError(`one value is pointed to, so that ${quoted(more[0]!)} has no place`)
      return { value: value === undefined ? 0 : of.parse(value), ...(at !== undefined && { at }) }
    },
    print: ({ value, at }) => (at === undefined ? of.print(value) : `${printBadPointer(at)}, ${of.print(value)}`),
    pack: ({ value, at }) => ({ before: put(at, bytes(value, size)), arg: address(at), after: '' }),
  }
}
