/** What the record of a host says of a write to a register: whether it is taken, and what the register reads then. */
import { fieldOf, withField, FIELD_BITS, FIELD_MASK } from '../../model/field-values.ts'
import { arm64SysReg } from '../../names/index.ts'
import { allOnes, sizeOf, type RegisterRow } from './table.ts'

export const CLIDR_EL1 = arm64SysReg(3, 1, 0, 0, 1)

/**
 * CLIDR_EL1, where the kernel lets userspace choose the caches that it tells of: from 6.12 on. Its fields do not have
 * four bits, and hang on each other; rows of the table say what it takes.
 */
export const isChosenCache = ({ id, fields }: RegisterRow): boolean => id === CLIDR_EL1 && fields !== undefined

/** Lowest bits of the fields in which two values differ. */
const changedFields = (value: bigint, from: bigint, width: number): number[] => {
  const changed: number[] = []
  for (let at = 0; at < width; at += FIELD_BITS) if (fieldOf(value, at) !== fieldOf(from, at)) changed.push(at)
  return changed
}

/** Whether the register takes `value` before the VM has run; undefined where nobody has tried. */
export const takes = (row: RegisterRow, value: bigint): boolean | undefined => {
  const { id, write, reset = 0n, fields } = row
  if (isChosenCache(row)) return true
  if (write === 'untried') return undefined
  if (write === 'same') return value === reset
  if (!fields) return true
  const changed = changedFields(value, reset, sizeOf(id) * 8)
  if (typeof write === 'object' && 'isJoint' in write && changed.length > 1) return undefined
  return changed.every((at) => fields.get(at)?.has(fieldOf(value, at)) === true)
}

/** What the register reads after `value` was written; undefined where the record does not say. */
export const readsAfter = (row: RegisterRow, value: bigint, before: bigint | undefined): bigint | undefined => {
  const { write, fields } = row
  if (write === 'loose' || takes(row, value) === undefined) return undefined
  if (write === 'ignored') return before
  if (typeof write === 'object' && 'keeps' in write)
    return (value & BigInt(`0x${write.keeps}`)) | BigInt(`0x${write.sets}`)
  let now = value
  for (const [at, values] of fields ?? [])
    now = withField(now, at, values.get(fieldOf(value, at)) ?? fieldOf(value, at))
  return now
}

/** Values that show how a register takes a write: its first one, 0, all ones, a bit or a field changed. */
export const telling = (id: bigint, reset: bigint): bigint[] => {
  const width = sizeOf(id) * 8
  const steps = (by: number) => Array.from({ length: width / by }, (_, i) => BigInt(i * by))
  return [
    reset,
    0n,
    allOnes(sizeOf(id)),
    ...steps(1).map((bit) => reset ^ (1n << bit)),
    ...steps(FIELD_BITS).map((bit) => reset ^ (FIELD_MASK << bit)),
  ]
}

/** A value that a register of the vcpu takes and keeps, other than its first one; undefined where none is known. */
export const otherValue = (row: RegisterRow): bigint | undefined =>
  row.reset === undefined || row.shared || row.write === 'some' || isChosenCache(row)
    ? undefined
    : telling(row.id, row.reset).find(
        (one) => one !== row.reset && takes(row, one) && readsAfter(row, one, row.reset) === one,
      )
