/** The registers of a vcpu under ids without a size, and what reading and writing them comes to. */
import { abi } from '../../../abi/index.ts'
import { registersOf, sizeOf } from '../../../abi/registers/table.ts'
import { holdsIn } from '../../../model/release.ts'
import { assumed, mail, type Grant, type Ioctl, type Refusal } from '../../../model/rule.ts'
import { has } from '../../../model/vcpu.ts'
import type { Here } from '../../../model/world.ts'
import type { Errno } from '../../../names/index.ts'
import { ARM, architectureOf, GENERIC, lowOf } from './ids.ts'

export const patch = (passage: string) => mail('2012-01-04 Alexander Graf', passage)
export const wood = (passage: string) => mail('2012-01-04 Scott Wood', passage)
/** The mail in which the author of the patch answers that; it has no date of its own. */
export const reply = (passage: string) => mail('2012-01 Alexander Graf, in reply', passage)

/** A register as it shipped, and the value it shall have. */
interface Wanted {
  id: bigint
  value: bigint
}

const shipped = (name: string): Ioctl<Wanted> => abi.find((ioctl) => ioctl.name === name)!
const toRead = shipped('KVM_GET_ONE_REG')
const toWrite = shipped('KVM_SET_ONE_REG')

const byLow = new WeakMap<ReadonlyMap<bigint, unknown>, ReadonlyMap<bigint, bigint>>()

/** The shipped id, in which is the size, of the register that has these low bits; undefined where the vcpu has none. */
export const registerOf = ({ host, vcpu }: Here, id: bigint): bigint | undefined => {
  const known = registersOf(host, has(vcpu))
  let lows = byLow.get(known)
  if (!lows) byLow.set(known, (lows = new Map([...known.keys()].map((one) => [lowOf(one), one]))))
  return lows.get(lowOf(id))
}

/** Bytes of a register. */
export const bytesOf = sizeOf

const grantOf = ({ grants }: Ioctl<Wanted>, { world }: Here): Grant<Wanted> =>
  [grants].flat().find((grant) => holdsIn(world.release, grant))!

/** True where the table does not know what the register with this shipped id reads. */
export const varies = (here: Here, id: bigint | undefined): boolean =>
  id !== undefined && grantOf(toRead, here).varies!(here, { id, value: 0n })
/** The same with an example where the table does not know it, for a mock; 0 where there is no register. */
export const exampleOf = (here: Here, id: bigint | undefined): bigint =>
  id === undefined ? 0n : grantOf(toRead, here).gives!(here, { id, value: 0n })!

/** Writes a register by its shipped id; does nothing where there is none. */
export const write = (here: Here, id: bigint | undefined, value: bigint): void => {
  if (id !== undefined) grantOf(toWrite, here).then!(here, { id, value }, '')
}

/** The errno with which kernels refuse to read, or to write, a register that the vcpu has. */
const refusedWith = (ioctl: Ioctl<Wanted>, here: Here, wanted: Wanted): Errno | undefined =>
  ioctl.refuses.find((row) => holdsIn(here.world.release, row) && row.when(here, wanted, {}))?.errno

export const notInitialised: Refusal<unknown> = {
  why: 'not initialised',
  says: 'A vcpu has registers after KVM_ARM_VCPU_INIT.',
  cite: assumed('what registers an arm64 vcpu has depends on its features, as shipped'),
  errno: 'ENOEXEC',
  when: ({ vcpu }) => !vcpu.initialised,
}

/** For a register whose id is not one of this vcpu's architecture. */
export const otherArchitecture: readonly Refusal<{ id: bigint }>[] = [
  {
    why: 'no generic register',
    says: 'The generic range is reserved, and nothing is in it yet.',
    cite: reply('it felt logical to reserve some range for "other use"'),
    errno: 'ENOENT',
    when: (_, { id }) => architectureOf(id) === GENERIC,
  },
  {
    why: 'not of this architecture',
    says: 'Bits 63 to 60 of the id are those of the architecture of the vcpu.',
    cite: patch('Architecture specific registers are to be defined in arch headers and ORed with the arch identifier'),
    errno: 'EINVAL',
    when: (_, { id }) => architectureOf(id) !== ARM,
  },
]

/** Why a register that the vcpu has cannot be read: `wanted` gives its shipped id. */
export const unreadable = <Arg>(wanted: (here: Here, arg: Arg) => bigint | undefined): Refusal<Arg>[] => [
  {
    why: 'not yet',
    says: 'A register whose size is not settled yet cannot be read: of vectors, before SVE is finalized.',
    cite: assumed('registers behave as they shipped, and only ids and arguments differ'),
    errno: 'EPERM',
    when: (here, arg) => {
      const id = wanted(here, arg)
      return id !== undefined && refusedWith(toRead, here, { id, value: 0n }) === 'EPERM'
    },
  },
]

/** Why a register that the vcpu has does not take a value: `wanted` gives its shipped id and the value. */
export const unwritable = <Arg>(wanted: (here: Here, arg: Arg) => Wanted | undefined): Refusal<Arg>[] => {
  const row = (errno: Errno, why: string, says: string): Refusal<Arg> => ({
    why,
    says,
    cite: assumed('registers behave as they shipped, and only ids and arguments differ'),
    errno,
    when(here, arg) {
      const asked = wanted(here, arg)
      return asked !== undefined && refusedWith(toWrite, here, asked) === errno
    },
  })
  return [
    row('EPERM', 'not now', 'Vector lengths are set before SVE is finalized, vectors afterwards.'),
    row('EBUSY', 'has run', 'What a guest was told of its hardware stays as it is once a vcpu of the VM has run.'),
    row('EINVAL', 'value', 'The register can hold the value.'),
  ]
}
