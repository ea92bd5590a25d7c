/** The refusal that every ioctl with a pointer has. */
import type { Codec } from './codec.ts'
import { faults, type BadPointer } from './pointer.ts'
import type { Citation, Refusal } from './rule.ts'

/** EFAULT where `takes` points to what cannot be copied whole: size and direction are those that the codec knows. */
export const badPointer = <Arg extends { at?: BadPointer }>(takes: Codec<Arg>, cite: Citation): Refusal<Arg> => {
  if (!takes.pointsTo) throw new Error(`${cite.at} is cited for a bad pointer, and this argument is none`)
  const { what, size, isWritten = false } = takes.pointsTo
  return {
    why: 'bad pointer',
    says: `${what[0]!.toUpperCase()}${what.slice(1)} is ${isWritten ? 'written' : 'read'}.`,
    cite,
    errno: 'EFAULT',
    when: (_, { at }) => faults(at, size, isWritten),
  }
}
