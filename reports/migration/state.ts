/** What a VM consists of when it is moved, piece by piece: how each is read on one host and written on the other. */
import { hex } from '../../harness/model/scalar.ts'
import { sysRegName } from '../../harness/names/sysregs.ts'
import { regName } from '../../harness/names/index.ts'

/** In the order in which they are restored. */
export type StatePieceKind = 'register' | 'events' | 'state' | 'interrupt controller'

export interface StatePiece {
  kind: StatePieceKind
  /** In the kernel's words: a register's macro, an attribute's group and number. */
  what: string
  /** As the architecture names it, where that is another name. */
  name?: string
  /** The id of a register. */
  id?: bigint
  /** The call that reads it. */
  read: string
  /** The calls that write such a value; the last of them decides whether it is taken. */
  write(value: bigint): string[]
}

/** A register of the first vcpu. */
export const registerPiece = (id: bigint): StatePiece => {
  const what = regName(id)
  // A register with a macro of its own: that of a timer may stand at the encoding of another.
  const name = what.startsWith('ARM64_SYS_REG') ? sysRegName(id) : undefined
  return {
    kind: 'register',
    what,
    ...(name !== undefined && { name }),
    id,
    read: `vcpu0: KVM_GET_ONE_REG(${what})`,
    write: (value) => [`vcpu0: KVM_SET_ONE_REG(${what}, &${hex(value)})`],
  }
}

const byteOf = (value: bigint, at: bigint): bigint => (value >> (at * 8n)) & 0xffn

/** Exceptions that the first vcpu has pending. */
export const events: StatePiece = {
  kind: 'events',
  what: 'KVM_GET_VCPU_EVENTS',
  read: 'vcpu0: KVM_GET_VCPU_EVENTS',
  write: (value) => {
    const fields = {
      serror_pending: byteOf(value, 0n),
      serror_has_esr: byteOf(value, 1n),
      serror_esr: value >> 64n,
    }
    const text = Object.entries(fields).map(([name, field]) => `exception.${name} = ${hex(field)}`)
    return [`vcpu0: KVM_SET_VCPU_EVENTS(${text.join(', ')})`]
  },
}

/** Whether a vcpu runs. */
export const mpState = (vcpu: number): StatePiece => ({
  kind: 'state',
  what: `KVM_GET_MP_STATE of vcpu${vcpu}`,
  read: `vcpu${vcpu}: KVM_GET_MP_STATE`,
  write: (value) => [`vcpu${vcpu}: KVM_SET_MP_STATE(${value})`],
})

/** How a piece is called in a report: by both its names. */
export const pieceName = ({ what, name }: Pick<StatePiece, 'what' | 'name'>): string =>
  name === undefined ? what : `${what} ${name}`
