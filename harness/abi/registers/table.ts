/** What the host's record says of a register, for one set of vcpu features. */
import { parseFields, type FieldValues } from '../../model/field-values.ts'
import type { Host, Reg } from '../../model/host.ts'
import { features, regs, type Feature } from '../../names/index.ts'

/** Bytes that the id's size field stands for, 1 to 32768. */
export const sizeOf = (id: bigint): number => 1 << Number((id & regs.KVM_REG_SIZE_MASK) >> regs.KVM_REG_SIZE_SHIFT)

/** The id without arch and size: which group it is of, bits 27 to 16. */
export const groupOf = (id: bigint): bigint => id & regs.KVM_REG_ARM_COPROC_MASK

/** All bits of a register of `size` bytes. */
export const allOnes = (size: number): bigint => (1n << BigInt(size * 8)) - 1n

/** True where a row that says `with` holds for a vcpu with these features. */
export const holdsWith = (condition: string | undefined, bits: number): boolean =>
  condition === undefined
  || condition.split(' & ').every((part) => {
    const isNot = part.startsWith('!')
    return ((bits & (1 << features[part.slice(isNot ? 1 : 0) as Feature])) !== 0) !== isNot
  })

/** A row of the record with its numbers read, and where it is written by field, which values these take. */
export interface RegisterRow extends Omit<Reg, 'id' | 'reset'> {
  id: bigint
  reset?: bigint
  fields?: FieldValues
}

const read = (text: string): bigint => BigInt(`0x${text}`)

const readRow = ({ id, reset, ...rest }: Reg): RegisterRow => ({
  ...rest,
  id: read(id),
  ...(reset !== undefined && { reset: read(reset) }),
  ...(typeof rest.write === 'object' && 'fields' in rest.write && { fields: parseFields(rest.write.fields) }),
})

interface Table {
  rows: readonly RegisterRow[]
  base: ReadonlyMap<bigint, bigint>
  masks: ReadonlyMap<bigint, bigint>
  of: Map<number, ReadonlyMap<bigint, RegisterRow>>
}

const tables = new WeakMap<Host, Table>()
const tableOf = (host: Host): Table => {
  let table = tables.get(host)
  if (!table) {
    const rows = (host.regs ?? []).map(readRow)
    const base = new Map<bigint, bigint>()
    for (const { id, reset } of rows) if (!base.has(id)) base.set(id, reset ?? 0n)
    const masks = new Map((host.regs ?? []).flatMap(({ id, mask }) => (mask ? [[read(id), read(mask)] as const] : [])))
    tables.set(host, (table = { rows, base, masks, of: new Map() }))
  }
  return table
}

/** The registers of a vcpu with these features by id, in the order of KVM_GET_REG_LIST. */
export const registersOf = (host: Host, bits: number): ReadonlyMap<bigint, RegisterRow> => {
  const { rows, of } = tableOf(host)
  let known = of.get(bits)
  if (!known)
    of.set(bits, (known = new Map(rows.filter((row) => holdsWith(row.with, bits)).map((row) => [row.id, row]))))
  return known
}

/** The first value that the record holds for the register, whatever the features; 0 for one it does not know. */
export const baseOf = (host: Host, id: bigint): bigint => tableOf(host).base.get(id) ?? 0n

/** The register's mask in the answer of KVM_ARM_GET_REG_WRITABLE_MASKS. */
export const maskOf = (host: Host, id: bigint): bigint => tableOf(host).masks.get(id) ?? 0n
