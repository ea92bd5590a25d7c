/** An argument four ways: read from a trace line, written to one, packed for an agent, drawn at random. */
import type fc from 'fast-check'
import { UserError } from '../process/user-error.ts'
import type { Host } from './host.ts'
import type { NumberField } from './number-field.ts'
import { printNumber, readNamed, readNumber, unsigned } from './scalar.ts'

/** The part of a name that says what a descriptor is: rules know more, the notation needs no more. */
export type Sort = 'kvm' | 'vm' | 'vcpu' | 'device'

/**
 * Agent ops around one ioctl (agent/PROTOCOL.md): before it, its argument, after it. Where an op before it wants the
 * slot of another descriptor, that one's name stands: `d,d:28,&memfd`.
 */
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
  /** Every number that an argument can hold, but for its pointers. */
  fields(sort: Sort): readonly NumberField<Arg>[]
  /** What the kernel copies first, where the argument is a pointer. */
  pointsTo?: PointedTo
  pack(arg: Arg, slot: string, host: Host): Packed
  /**
   * The value that an answer shows after `=`, from the call's result and what its `x` ops read; `shows` comes with it.
   */
  value?(ret: number, data: string[], arg: Arg): bigint | undefined
  /** The list of KVM_GET_REG_LIST. */
  list?(ret: number, data: string[], arg: Arg): bigint[] | undefined
  /** How that value is read from a trace and written to one. */
  shows?: Shows<Arg>
}

export interface Shows<Arg> {
  parse(text: string, arg: Arg): bigint
  print(value: bigint, arg: Arg): string
}

type Names = Readonly<Record<string, number>>

/** Shows a value of so many bits as a number, or by its name where it has one: exit reasons and the like. */
export const showsNumber = <Arg>(
  bits: number | ((arg: Arg) => number),
  names?: Names | ((arg: Arg) => Names | undefined),
): Shows<Arg> => {
  const namesOf = (arg: Arg) => (typeof names === 'function' ? names(arg) : names)
  return {
    parse(text, arg) {
      const range = unsigned(typeof bits === 'number' ? bits : bits(arg)),
        what = 'the value of the answer',
        known = namesOf(arg)
      return known ? readNamed(text, known, what, range) : readNumber(text, what, range)
    },
    print: (value, arg) =>
      Object.entries(namesOf(arg) ?? {}).find(([, number]) => BigInt(number) === value)?.[0] ?? printNumber(value),
  }
}

/** What an ioctl returns, where that is no error: an int. */
export const returned = { value: (ret: number) => (ret >= 0 ? BigInt(ret) : undefined), shows: showsNumber(31) }
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
