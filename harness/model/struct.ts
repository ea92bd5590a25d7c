/** Arguments that are a pointer to a struct of numbers. */
import fc from 'fast-check'
import { structs, type StructLayout } from '../names/index.ts'
import { didYouMean } from '../process/nearest.ts'
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'
import { fieldBytes } from './descriptor-number.ts'
import { setOnce, showsNumber, split, type Codec } from './codec.ts'
import { address, sometimesBad, parseBadPointer, printBadPointer, writeOp, type BadPointer } from './pointer.ts'
import { property } from './number-field.ts'
import { showsFields } from './shows-fields.ts'
import { fromBytes, type Scalar } from './scalar.ts'

/** One field of a struct as a trace shows it. */
export interface Field<T extends number | bigint | string> {
  of: Scalar<T>
  /** Left out of the trace where it has this value. */
  unless?: T
  /** Written without its name. */
  bare?: true
}

type Fields = Record<string, Field<any>>
type ValueOf<F> = F extends Field<infer T> ? T : never
/** A struct by value; `at` where the pointer to it is bad. */
export type Struct<F extends Fields> = { [K in keyof F]: ValueOf<F[K]> } & { at?: BadPointer }

/**
 * A pointer to a struct, laid out as names.ts says. Fields a trace leaves out are 0 or their `unless`. `written`: the
 * kernel writes to it; `shows`: the field whose value the answer shows, or the fields that are the whole struct, of
 * which the kernel reads nothing; `layout`: of a struct that was only proposed, and that names.ts does not have.
 */
export const struct = <F extends Fields>(
  name: string,
  fields: F,
  {
    written = false,
    shows,
    layout: proposed,
  }: { written?: boolean; shows?: string | readonly string[]; layout?: StructLayout } = {},
): Codec<Struct<F>> => {
  const { size, fields: layout }: StructLayout = proposed ?? structs[name as keyof typeof structs]
  const entries = Object.entries(fields) as [string, Field<any>][]
  for (const [key, field] of entries) {
    const { range } = field.of
    if (!layout[key]) throw new Error(`struct ${name} has no field ${key}`)
    if (range.max - range.min !== (1n << BigInt(layout[key][1] * 8)) - 1n)
      throw new Error(`${key} of struct ${name} has ${layout[key][1]} bytes, and its range has not`)
  }
  const shown = shows === undefined ? undefined : typeof shows === 'string' ? layout[shows]! : ([0, size] as const)
  // What the kernel leaves as it was shows.
  const blank = (typeof shows === 'object' ? 'ff' : '00').repeat(size)
  const anyFields = fc.tuple(...entries.map(([, f]) => f.of.any)).map((values) => {
    const arg: Record<string, unknown> = {}
    for (let i = 0; i < entries.length; i++) arg[entries[i]![0]] = values[i]
    return arg as Struct<F>
  })
  const any = sometimesBad(anyFields, size, written)
  return {
    any: () => any,
    fields: () => entries.map(([field, { of }]) => property(field, field, of)),
    pointsTo: { what: `the whole struct ${name}`, size, ...(written && { isWritten: true }) },
    parse(text) {
      const arg: Record<string, unknown> = {}
      const bare = entries.filter(([, f]) => f.bare)
      for (const part of split(text)) {
        const bad = parseBadPointer(part)
        if (bad !== undefined) {
          setOnce(arg, 'at', bad, 'the pointer')
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
      let hex = blank
      for (const [field] of entries) {
        const [offset, length] = layout[field]!
        const part = fieldBytes(arg[field] as number | bigint | string, length)
        hex = hex.slice(0, offset * 2) + part + hex.slice((offset + length) * 2)
      }
      return {
        before: writeOp(arg.at, hex),
        arg: address(arg.at),
        after: shown && arg.at === undefined ? ` x,d:${shown[0].toString(16)},${shown[1].toString(16)}` : '',
      }
    },
    ...(shown && {
      value: (_: number, data: string[]) => (data[0] === undefined ? undefined : fromBytes(data[0])),
      shows: typeof shows === 'object' ? showsFields(`struct ${name}`, layout, shows) : showsNumber(shown[1] * 8),
    }),
  }
}
