/** struct kvm_guest_debug: how userspace wants to debug a guest. */
import fc from 'fast-check'
import { anyNumber, count, flags, u64, unsigned } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { guestDebug, structs } from '../../names/index.ts'

const { KVM_GUESTDBG_ENABLE, KVM_GUESTDBG_SINGLESTEP, KVM_GUESTDBG_USE_SW_BP, KVM_GUESTDBG_USE_HW } = guestDebug

/** Bits of the control word that mean something. */
export const KNOWN = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP | KVM_GUESTDBG_USE_SW_BP | KVM_GUESTDBG_USE_HW

const bits = Object.fromEntries(
  Object.entries({ KVM_GUESTDBG_ENABLE, KVM_GUESTDBG_SINGLESTEP, KVM_GUESTDBG_USE_SW_BP, KVM_GUESTDBG_USE_HW }).map(
    ([name, mask]) => [name, Math.log2(mask)],
  ),
)
const control = flags(
  'control',
  bits,
  anyNumber(32, [0n, 1n, 3n, 0x1_0001n, 0x2_0001n, 0x3_0003n, 2n, 4n, 0x4_0001n, 0x8000_0001n]).map(Number),
)
const { fields } = structs.kvm_guest_debug
const registers = (name: keyof typeof fields): Field<bigint> => {
  const size = 8 * fields[name][1]
  return { of: u64(name, anyNumber(size, [0n, 0n, 0n, 0x1e5n]), undefined, unsigned(size)), unless: 0n }
}

type Registers = 'arch.dbg_bcr' | 'arch.dbg_bvr' | 'arch.dbg_wcr' | 'arch.dbg_wvr'
type Fields = Record<'control' | 'pad', Field<number>> & Record<Registers, Field<bigint>>
export type GuestDebug = Struct<Fields>

export const takes = struct<Fields>('kvm_guest_debug', {
  control: { of: control, bare: true },
  pad: { of: count('pad', unsigned(32), fc.constantFrom(0, 0, 0, 1)), unless: 0 },
  'arch.dbg_bcr': registers('arch.dbg_bcr'),
  'arch.dbg_bvr': registers('arch.dbg_bvr'),
  'arch.dbg_wcr': registers('arch.dbg_wcr'),
  'arch.dbg_wvr': registers('arch.dbg_wvr'),
})
