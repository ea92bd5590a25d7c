/** What struct kvm_run of a vcpu holds, byte by byte, since its members lie over each other. */
import type { KvmRun } from '../../model/world.ts'
import { placeOf, type RunField } from '../args/kvm-run.ts'

/** The number in the first bytes of a field; undefined where the table does not know it. */
export const readBytes = ({ bytes, isUnknown }: KvmRun, field: RunField, length: number): bigint | undefined => {
  const [offset] = placeOf(field)
  let value = 0n
  for (let i = length - 1; i >= 0; i--) {
    const byte = bytes.has(offset + i) ? bytes.get(offset + i) : isUnknown ? undefined : 0
    if (byte === undefined) return undefined
    value = (value << 8n) | BigInt(byte)
  }
  return value
}

/** The number in a field; undefined where the table does not know it. */
export const read = (run: KvmRun, field: RunField): bigint | undefined => readBytes(run, field, placeOf(field)[1])

/** Writes a field, or only so many of its bytes; a value of undefined is one that the table does not know. */
export const write = (run: KvmRun, field: RunField, value: bigint | undefined, length?: number): void => {
  const [offset, size] = placeOf(field)
  for (let i = 0; i < (length ?? size); i++)
    run.bytes.set(offset + i, value === undefined ? undefined : Number((value >> BigInt(8 * i)) & 0xffn))
}

/** A guest ran of which nobody knows what it did. */
export const forget = (run: KvmRun): void => {
  run.bytes.clear()
  run.isUnknown = true
}
