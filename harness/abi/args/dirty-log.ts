/**
 * struct kvm_dirty_log and struct kvm_clear_dirty_log: a slot, and where a bitmap of its pages is. Of a bitmap the
 * notation has the first 1024 pages, which is as much memory as an agent has; what stands behind them is never looked
 * at.
 */
import fc from 'fast-check'
import { setOnce, showsNumber, split, type Codec } from '../../model/codec.ts'
import { numberField, type NumberField } from '../../model/number-field.ts'
import {
  address,
  anyBadPointer,
  dataAt,
  faults,
  parseBadPointer,
  pointerOp,
  printBadPointer,
  SIZE_OF_DATA,
  writeOp,
  type BadPointer,
} from '../../model/pointer.ts'
import { hex, anyNumber, bytes, count, fromBytes, u64, unsigned } from '../../model/scalar.ts'
import { struct } from '../../model/struct.ts'
import { structs, type StructLayout } from '../../names/index.ts'
import { UserError } from '../../process/user-error.ts'
import { slotId } from './set-user-memory-region.ts'

/** `bits`: what the bitmap holds before the call. `to`: the pointer to the bitmap is a bad one. */
export interface Bitmap {
  bits: bigint
  to?: BadPointer
  at?: BadPointer
}

/** The pages that the notation has of a bitmap, and their bytes. */
export const SHOWN_PAGES = 1024
const SHOWN = SHOWN_PAGES / 8
/** Where a bitmap lies in the agent's data. */
const BITMAP = 0x4000

/** Bytes of a bitmap for so many pages: whole words. */
export const bitmapSize = (pages: bigint): bigint => ((pages + 63n) / 64n) * 8n

/** True where so many bytes cannot be read from the bitmap, or written to it where `isWritten` says so. */
export const bitmapFaults = ({ to }: Bitmap, size: bigint, isWritten = false): boolean =>
  size > 0n && (faults(to, Number(size), isWritten) || size > BigInt(SIZE_OF_DATA - BITMAP))

const bitmap = u64(
  'dirty_bitmap',
  fc.oneof(
    fc.constantFrom(0n, 1n, 0xffffn, 0xffff_ffff_ffff_ffffn, 1n << 64n, 1n << 15n, (1n << 1024n) - 1n),
    fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  ),
  undefined,
  unsigned(SHOWN_PAGES),
)

/** What a call's bitmap is filled with, so that it shows whether the kernel writes all of the least one. */
const UNWRITTEN = 0xffff_ffff_ffff_ffffn

/** A struct, and its bitmap; `isRead`: the kernel reads the bitmap, so that a trace says what it holds. */
const withBitmap = <Inner extends { at?: BadPointer }>(
  name: keyof typeof structs,
  inner: Codec<Inner>,
  isRead: boolean,
): Codec<Inner & Bitmap> => {
  type Arg = Inner & Bitmap
  const { size, fields }: StructLayout = structs[name]
  const offset = fields.dirty_bitmap![0]
  const anyTo = fc.option(anyBadPointer(8, !isRead), { nil: undefined, freq: 12 })
  return {
    any: (sort) =>
      fc
        .tuple(inner.any(sort), isRead ? bitmap.any : fc.constant(0n), anyTo)
        .map(([arg, bits, to]): Arg => (to === undefined ? { ...arg, bits } : { ...arg, bits: 0n, to })),
    fields: (sort) => [
      ...(inner.fields(sort) as unknown as NumberField<Arg>[]),
      ...(isRead
        ? [
            numberField<Arg, bigint>(
              'dirty_bitmap',
              bitmap,
              ({ bits, to }) => (to === undefined ? bits : undefined),
              (arg, bits) => (arg.to === undefined ? { ...arg, bits } : undefined),
            ),
          ]
        : []),
    ],
    pointsTo: inner.pointsTo!,
    parse(text, sort) {
      const own: Partial<Bitmap> = {}
      const others: string[] = []
      for (const part of split(text)) {
        const [, value] = /^dirty_bitmap = (.*)$/.exec(part) ?? []
        const to = parseBadPointer(value ?? '')
        if (value === undefined) others.push(part)
        else if (to !== undefined) setOnce(own, 'to', to, 'dirty_bitmap')
        else if (!isRead || !value.startsWith('&'))
          throw new UserError(`dirty_bitmap is ${isRead ? '&0xff or ' : ''}a bad pointer such as &unmapped`)
        else setOnce(own, 'bits', bitmap.parse(value.slice(1)), 'dirty_bitmap')
      }
      const arg = inner.parse(others.join(', '), sort)
      if (own.to !== undefined && own.bits !== undefined) throw new UserError('dirty_bitmap is given twice')
      if (typeof own.to === 'number' && typeof arg.at === 'number' && !faults(arg.at, size))
        throw new UserError('the struct and its bitmap cannot both end where the mapping does')
      return { bits: 0n, ...own, ...arg }
    },
    print: ({ bits, to, ...arg }, sort) =>
      [
        inner.print(arg as unknown as Inner, sort),
        ...(to !== undefined
          ? [`dirty_bitmap = ${printBadPointer(to)}`]
          : bits === 0n
            ? []
            : [`dirty_bitmap = &${bitmap.print(bits)}`]),
      ].join(', '),
    pack(arg, slot, host) {
      const { at, to, bits } = arg
      const { before, arg: pointer } = inner.pack(arg, slot, host)
      const points = pointerOp(at, size, offset, address(to, BITMAP))
      const room = typeof to === 'number' ? Math.min(to, SHOWN) : SHOWN
      const read = isRead || room === 0 || points === '' ? undefined : dataAt(to, BITMAP)
      return {
        before: writeOp(to, bytes(isRead ? bits : UNWRITTEN, SHOWN), BITMAP) + before + points,
        arg: pointer,
        after: read === undefined ? '' : ` x,${read},${room.toString(16)}`,
      }
    },
    ...(!isRead && {
      value: (ret: number, data: string[]) => (ret >= 0 && data[0] !== undefined ? fromBytes(data[0]) : undefined),
      shows: { ...showsNumber<Arg>(SHOWN_PAGES), print: hex },
    }),
  }
}

const PAGES = [0n, 0n, 1n, 16n, 63n, 64n, 80n, 128n]
const pages = count('num_pages', unsigned(32), anyNumber(32, PAGES).map(Number))
const firstPage = u64('first_page', anyNumber(64, [0n, 0n, 0n, 16n, 63n, 64n, 128n, 1n << 32n]))
const padding = count('padding1', unsigned(32), anyNumber(32, [0n]).map(Number))

export const takesLog = withBitmap(
  'kvm_dirty_log',
  struct('kvm_dirty_log', { slot: { of: slotId }, padding1: { of: padding, unless: 0 } }),
  false,
)
export const takesClear = withBitmap(
  'kvm_clear_dirty_log',
  struct('kvm_clear_dirty_log', {
    slot: { of: slotId },
    first_page: { of: firstPage, unless: 0n },
    num_pages: { of: pages, unless: 0 },
  }),
  true,
)
export type GetDirtyLog = Parameters<typeof takesLog.print>[0]
export type ClearDirtyLog = Parameters<typeof takesClear.print>[0]
