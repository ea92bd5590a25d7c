/** Several fields of an ID register at once: most of them values that the host is recorded to take. */
import { groupOf, registersOf, type RegisterRow } from '../../abi/registers/table.ts'
import { fieldOf, withField } from '../../model/field-values.ts'
import type { Host } from '../../model/host.ts'
import { regName, regs } from '../../names/index.ts'
import type { Picker } from '../pick.ts'
import { onVcpu, type Bias } from './bias.ts'

const MOST_FIELDS = 5
/** Once in so many fields the value is any. */
const ANY_VALUE = 6

const isByField = ({ id, fields }: RegisterRow): boolean =>
  fields !== undefined && groupOf(id) === regs.KVM_REG_ARM64_SYSREG

const known = new WeakMap<Host, readonly RegisterRow[]>()
/** System registers of a vcpu without features that are written by field. */
const rowsOf = (host: Host): readonly RegisterRow[] => {
  let rows = known.get(host)
  if (!rows) known.set(host, (rows = [...registersOf(host, 0).values()].filter(isByField)))
  return rows
}

/** The row's value with another in some of its fields. */
const changed = ({ reset = 0n, fields }: RegisterRow, pick: Picker): bigint => {
  const all = [...fields!]
  let value = reset
  for (let left = 1 + pick.nat(MOST_FIELDS - 1); left > 0; left--) {
    const [at, values] = pick.of(all)
    value = pick.once(ANY_VALUE)
      ? withField(value, 4 * pick.nat(15), pick.nat(15))
      : withField(value, at, pick.of([...values.keys(), fieldOf(reset, at)]))
  }
  return value
}

/** Fields written together: each is checked by itself, and what one of them is refused for refuses them all. */
export const idRegisterFields: Bias = {
  name: 'several fields of an ID register',
  weight: 2,
  lines: onVcpu((v, pick, { host }) => {
    const rows = host ? rowsOf(host) : []
    if (rows.length === 0) return []
    const row = pick.of(rows)
    const name = regName(row.id)
    return [
      `${v}: KVM_SET_ONE_REG(${name}, &0x${changed(row, pick).toString(16)})`,
      `${v}: KVM_GET_ONE_REG(${name})`,
      ...(pick.once(4)
        ? [`${v}: KVM_RUN(immediate_exit)`, `${v}: KVM_SET_ONE_REG(${name}, &0x${changed(row, pick).toString(16)})`]
        : []),
    ]
  }),
}
