/**
 * struct reg_mask_range: for which range of registers masks are asked, and where they go. The answer shows one of them,
 * that of the register which the trace names.
 */
import fc from 'fast-check'
import { setOnce, showsNumber, split, type Codec } from '../../model/codec.ts'
import { property } from '../../model/number-field.ts'
import {
  address,
  anyBadPointer,
  parseBadPointer,
  pointerOp,
  printBadPointer,
  sometimesBad,
  writeOp,
  type BadPointer,
} from '../../model/pointer.ts'
import { UserError } from '../../process/user-error.ts'
import { arm64SysReg, parseReg, regMaskRanges, regName, structs } from '../../names/index.ts'
import { hex, anyNumber, bytes, count, fromBytes, u64, unsigned } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'

/** `at`: the pointer to the struct is a bad one. `to`: the pointer in it, to the masks. */
export interface RegMaskRange {
  id: bigint
  range: number
  reserved: bigint
  at?: BadPointer
  to?: BadPointer
}

const { size, fields } = structs.reg_mask_range
const MASK = 8
/** Bytes of all masks of a range. */
export const MASKS_SIZE = regMaskRanges.KVM_ARM_FEATURE_ID_RANGE_SIZE * MASK
/** Where they go in the agent's data. */
const MASKS_AT = 0x200

const upTo = (n: number) => [...Array(n).keys()]
/** The registers of KVM_ARM_FEATURE_ID_RANGE, as their masks stand: op0 3, op1 0, 1 and 3, CRn 0. */
export const featureIds: readonly bigint[] = [0, 1, 3].flatMap((op1) =>
  upTo(8).flatMap((crm) => upTo(8).map((op2) => arm64SysReg(3, op1, 0, crm, op2))),
)

const RANGE_BITS = 8 * fields.range[1]
const range = count('range', unsigned(RANGE_BITS), anyNumber(RANGE_BITS, [0n]).map(Number))
const RESERVED_BITS = 8 * fields.reserved[1]
const reserved = u64('reserved', anyNumber(RESERVED_BITS, [0n]), undefined, unsigned(RESERVED_BITS))

const plainly = fc
  .tuple(fc.constantFrom(...featureIds), range.any, reserved.any)
  .map(([id, r, s]): RegMaskRange => ({ id, range: r, reserved: s }))
const withMasks = fc.oneof(
  { arbitrary: plainly, weight: 16 },
  {
    arbitrary: fc.tuple(plainly, anyBadPointer(MASKS_SIZE, true)).map(([arg, to]): RegMaskRange => ({ ...arg, to })),
    weight: 2,
  },
)
const any: fc.Arbitrary<RegMaskRange> = sometimesBad(withMasks, size, false)

const PARTS = 'write ARM64_SYS_REG(3, 0, 0, 4, 0)[, masks = &unmapped][, range = 1][, reserved = 1]'

export const takes: Codec<RegMaskRange> = {
  any: () => any,
  fields: () => [property('range', 'range', range), property('reserved', 'reserved', reserved)],
  pointsTo: { what: 'the whole struct reg_mask_range', size },
  parse(text) {
    const arg: Partial<RegMaskRange> = {}
    for (const part of split(text)) {
      const bad = parseBadPointer(part)
      const [, key, value = ''] = /^(masks|range|reserved) = (.+)$/.exec(part) ?? []
      const masks = key === 'masks' ? parseBadPointer(value) : undefined
      if (bad !== undefined) setOnce(arg, 'at', bad, 'the pointer')
      else if (masks !== undefined) setOnce(arg, 'to', masks, 'masks')
      else if (key === 'range') setOnce(arg, 'range', range.parse(value))
      else if (key === 'reserved') setOnce(arg, 'reserved', reserved.parse(value))
      else if (key === undefined) {
        const id = parseReg(part)
        if (!featureIds.includes(id))
          throw new UserError(`${quoted(part)} has no mask: op0 is 3, op1 0, 1 or 3, CRn 0, CRm and op2 0 to 7`)
        setOnce(arg, 'id', id, 'the register')
      } else throw new UserError(`struct reg_mask_range: cannot place ${quoted(part)}; ${PARTS}`)
    }
    if (arg.id === undefined) throw new UserError(`which register's mask shall be shown? ${PARTS}`)
    return { range: 0, reserved: 0n, ...arg, id: arg.id }
  },
  print: ({ id, range: r, reserved: s, at, to }) =>
    [
      ...(at === undefined ? [] : [printBadPointer(at)]),
      regName(id),
      ...(to === undefined ? [] : [`masks = ${printBadPointer(to)}`]),
      ...(r === 0 ? [] : [`range = ${range.print(r)}`]),
      ...(s === 0n ? [] : [`reserved = ${reserved.print(s)}`]),
    ].join(', '),
  pack({ id, range: r, reserved: s, at, to }) {
    const whole = bytes(0, fields.addr[1]) + bytes(r, fields.range[1]) + bytes(s, fields.reserved[1])
    const points = pointerOp(at, size, fields.addr[0], address(to, MASKS_AT))
    const where = (MASKS_AT + featureIds.indexOf(id) * MASK).toString(16)
    return {
      before: writeOp(at, whole) + points,
      arg: address(at),
      after: points !== '' && to === undefined ? ` x,d:${where},${MASK}` : '',
    }
  },
  value: (ret, data) => (ret >= 0 && data[0] !== undefined ? fromBytes(data[0]) : undefined),
  shows: { ...showsNumber(8 * MASK), print: hex },
}
