/** struct kvm_enable_cap with arguments, alone and in the list that a VM is made with. */
import { anyNumber, count, flags64, named, u64, unsigned } from '../../../model/scalar.ts'
import { struct } from '../../../model/struct.ts'
import { caps } from '../../../names/index.ts'

export const { KVM_CAP_ARM_VM_IPA_SIZE: IPA_SIZE, KVM_CAP_ARM_SVE: SVE } = caps

export interface EnableCap {
  cap: number
  flags: number
  args: readonly bigint[]
  pad: bigint
}

const SIZE = 104
const HEADER = 8
/** As many as there are capabilities that a VM can be told. */
export const MOST = 2

const cap = named('cap', caps, anyNumber(32, [IPA_SIZE, IPA_SIZE, SVE, SVE, 0, 1].map(BigInt)).map(Number))
const flags = count('flags', unsigned(32), anyNumber(32, [0n]).map(Number))
const first = u64('args[0]', anyNumber(64, [0n, 31n, 32n, 36n, 40n, 48n, 52n, 53n, 128n, 256n, 2048n]), String)
const other = u64('args[]', anyNumber(64, [0n]))
const pad = flags64('pad', {}, anyNumber(512, [0n]), unsigned(512))

/** The fields of one, whose names begin with `name`, and where they are. */
const fieldsOf = (name: string) => ({
  [`${name}cap`]: { of: cap, unless: 0 },
  [`${name}flags`]: { of: flags, unless: 0 },
  [`${name}args[0]`]: { of: first, unless: 0n },
  [`${name}args[1]`]: { of: other, unless: 0n },
  [`${name}args[2]`]: { of: other, unless: 0n },
  [`${name}args[3]`]: { of: other, unless: 0n },
  [`${name}pad`]: { of: pad, unless: 0n },
})
const layoutOf = (name: string, at: number): Record<string, readonly [number, number]> => ({
  [`${name}cap`]: [at, 4],
  [`${name}flags`]: [at + 4, 4],
  [`${name}args[0]`]: [at + 8, 8],
  [`${name}args[1]`]: [at + 16, 8],
  [`${name}args[2]`]: [at + 24, 8],
  [`${name}args[3]`]: [at + 32, 8],
  [`${name}pad`]: [at + 40, 64],
})
const partsOf = (arg: object, name = ''): EnableCap => {
  const part = <T>(field: string) => (arg as Record<string, T>)[`${name}${field}`]!
  return {
    cap: part('cap'),
    flags: part('flags'),
    args: [0, 1, 2, 3].map((i) => part(`args[${i}]`)),
    pad: part('pad'),
  }
}

/** One of them, as KVM_ENABLE_CAP takes it. */
export const takesOne = struct('kvm_enable_cap', fieldsOf(''), { layout: { size: SIZE, fields: layoutOf('', 0) } })
export type One = Parameters<typeof takesOne.print>[0]
export const only = (arg: One): EnableCap[] => [partsOf(arg)]

/** A list of them. */
export const takesList = struct(
  'kvm_vm_caps',
  {
    nr: { of: count('nr', unsigned(32), anyNumber(32, [0n, 1n, 1n, 2n, 3n]).map(Number)), unless: 0 },
    flags: { of: flags, unless: 0 },
    ...fieldsOf('caps[0].'),
    ...fieldsOf('caps[1].'),
  },
  {
    layout: {
      size: HEADER + MOST * SIZE,
      fields: { nr: [0, 4], flags: [4, 4], ...layoutOf('caps[0].', HEADER), ...layoutOf('caps[1].', HEADER + SIZE) },
    },
  },
)
export type List = Parameters<typeof takesList.print>[0]
/** Those that count. */
export const listed = (arg: List): EnableCap[] =>
  ['caps[0].', 'caps[1].'].slice(0, Number(arg.nr)).map((name) => partsOf(arg, name))
