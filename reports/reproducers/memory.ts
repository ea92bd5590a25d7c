/**
 * What a call reads and writes of memory, in the agent's own operations (harness/agent/PROTOCOL.md), so that a program
 * does what the agent does and no other way to pack an argument exists.
 */
import type { Packed } from '../../harness/model/codec.ts'

/**
 * A place: an area of the agent's memory and an offset; `v` is the kvm_run of the vcpu that is called, `o` another page
 * of what it maps, whose number is the argument.
 */
export interface Place {
  area: 'd' | 'r' | 'u' | 'g' | 'v' | 'o'
  offset: number
}

/** A number, or a pointer; `flip`: bits of the address that are turned over. */
export type Value = bigint | (Place & { flip?: bigint })

/** A number of a descriptor: eventfd N, that of the call, or another by its name in the trace. */
export type Descriptor = number | 'of the call' | { name: string }

/** What a program does around one call. */
export interface Memory {
  writes: { to: Place; bytes: Buffer }[]
  descriptors: { to: Place; of: Descriptor }[]
  pointers: { to: Place; value: Value }[]
  arg: Value
  reads: { from: Place; length: number }[]
  /** A signal interrupts the call after so many ms. */
  signalMs?: number
}

const placeIn = (text: string): Place => {
  const [, area, offset] = /^([drugvo])[0-9a-f]*:([0-9a-f]+)$/.exec(text)!
  return { area: area as Place['area'], offset: parseInt(offset!, 16) }
}

const valueIn = (text: string): Value => {
  if (!text.startsWith('@')) return BigInt(`0x${text}`)
  const [place, flip] = text.slice(1).split('^')
  return { ...placeIn(place!), ...(flip !== undefined && { flip: BigInt(`0x${flip}`) }) }
}

const words = (text: string): string[][] => text.split(' ').flatMap((op) => (op === '' ? [] : [op.split(',')]))

/** Of a mapping of kvm_run every page but the first is another one. */
const PAGE = 0x1000
const withPage = (memory: Memory): Memory => {
  const places = [...memory.writes.map(({ to }) => to), ...memory.reads.map(({ from }) => from)]
  for (const place of places)
    if (place.area === 'v' && place.offset >= PAGE) {
      memory.arg = BigInt(Math.floor(place.offset / PAGE))
      place.area = 'o'
      place.offset %= PAGE
    }
  return memory
}

/** Reads the operations around one call. Throws where there is one that a program cannot do. */
export const memoryOf = ({ before, arg, after }: Packed): Memory => {
  const memory: Memory = {
    writes: [],
    descriptors: [],
    pointers: [],
    arg: arg === '' ? 0n : /^[dg]:/.test(arg) ? placeIn(arg.split(',')[0]!) : valueIn(arg.split(',')[0]!),
    reads: [],
  }
  for (const [kind, first = '', second = ''] of [...words(before), ...words(after)])
    if (kind === 'w') memory.writes.push({ to: placeIn(first), bytes: Buffer.from(second, 'hex') })
    else if (kind === 'p') memory.pointers.push({ to: placeIn(first), value: valueIn(second) })
    else if (kind === 'e') memory.descriptors.push({ to: placeIn(first), of: parseInt(second, 16) })
    else if (kind === 'd')
      memory.descriptors.push({
        to: placeIn(first),
        of: second.startsWith('&') ? { name: second.slice(1) } : 'of the call',
      })
    else if (kind === 'x') memory.reads.push({ from: placeIn(first), length: parseInt(second, 16) })
    else if (kind === 't') memory.signalMs = Number(first)
    else throw new Error(`a program has no ${kind}; add it to ${import.meta.filename}`)
  return withPage(memory)
}
