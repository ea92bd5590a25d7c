/** KVM_GET_MANY_REGS, KVM_SET_MANY_REGS and KVM_GET_REG_SIZES: their rules. */
import { HEADER, listOf, type RegList } from '../../../abi/args/get-reg-list.ts'
import { registersOf } from '../../../abi/registers/table.ts'
import { badPointer } from '../../../model/bad-pointer.ts'
import { faults } from '../../../model/pointer.ts'
import { assumed, ioctl, type Ioctl, type Refusal } from '../../../model/rule.ts'
import { has } from '../../../model/vcpu.ts'
import type { Here } from '../../../model/world.ts'
import { _IOW, _IOWR } from '../../../names/index.ts'
import { ARM, lowOf, middleOf } from './ids.ts'
import { ENTRY, lengthOf, MOST, SIZE, toGet, toSet, type ManyRegs, type Sized } from './many.ts'
import * as registers from './registers.ts'

const { patch, reply, wood } = registers

const registerOf = (here: Here, { id }: Sized): bigint | undefined =>
  middleOf(id) === 0n ? registers.registerOf(here, id) : undefined

/** Rows about one register as rows about a list: they apply where they apply to one of it. */
const ofSome = (rows: readonly Refusal<Sized>[]): Refusal<ManyRegs>[] =>
  rows.map(({ why, says, cite, errno, when }) => ({
    why,
    says,
    cite,
    errno,
    when: (here, { list }, by) => list.some((one) => when(here, one, by)),
  }))

const notListed: Refusal<ManyRegs>[] = [
  registers.notInitialised,
  {
    why: 'bad list pointer',
    says: 'The list of ids and sizes is read.',
    cite: assumed('ids and sizes lie apart from the bytes of the registers'),
    errno: 'EFAULT',
    when: (_, { list, listAt }) => faults(listAt, list.length * ENTRY),
  },
  ...ofSome([
    ...registers.otherArchitecture,
    {
      why: 'no register',
      says: 'The vcpu has every register of the list.',
      cite: wood('a list of supported registers (with sizes)'),
      errno: 'ENOENT',
      when: (here, one) => registerOf(here, one) === undefined,
    },
    {
      why: 'wrong size',
      says: 'Every register of the list has the size that the list says.',
      cite: reply('allowing us to only write a byte stream of exactly the register sizes we care about'),
      errno: 'EINVAL',
      when(here, one) {
        const id = registerOf(here, one)
        return id !== undefined && one.size !== BigInt(registers.bytesOf(id))
      },
    },
  ]),
]

const badData = (isWritten: boolean): Refusal<ManyRegs> => ({
  why: 'bad data pointer',
  says: 'The stream has as many bytes as all registers of the list.',
  cite: reply('no need to waste 128 bytes for every register'),
  errno: 'EFAULT',
  when: (_, { list, dataAt }) => lengthOf(list) > 0n && faults(dataAt, Number(lengthOf(list)), isWritten),
})

/** Each register with what the stream has for it. */
const split = ({ list, data }: ManyRegs): (Sized & { value: bigint })[] => {
  let rest = data
  return list.map((one) => {
    const bits = Number(one.size < MOST ? one.size : MOST) * 8
    const value = BigInt.asUintN(bits, rest)
    rest >>= BigInt(bits)
    return { ...one, value }
  })
}

export const setMany = ioctl<ManyRegs>('KVM_SET_MANY_REGS', {
  nr: _IOW(0xae, 0xad, SIZE),
  on: ['vcpu'],
  weight: 12,
  takes: toSet,
  refuses: [
    badPointer(toSet, patch('implement a GET_MANY_REGS / SET_MANY_REGS interface')),
    ...notListed,
    badData(false),
    ...registers
      .unwritable<Sized & { value: bigint }>((here, { id, size, value }) => {
        const register = registerOf(here, { id, size })
        return register === undefined ? undefined : { id: register, value }
      })
      .map(({ why, says, cite, errno, when }) => ({
        why,
        says,
        cite,
        errno,
        when: (here: Here, arg: ManyRegs) => split(arg).some((one) => when(here, one, {})),
      })),
  ],
  grants: {
    says: 'The registers have the values of the stream, one after the other. Where one is refused, none is written.',
    cite: reply('a very flexible interface between kernel and user space for getting and setting registers'),
    then(here, arg) {
      for (const one of split(arg)) registers.write(here, registerOf(here, one), one.value)
    },
  },
})

export const getMany = ioctl<ManyRegs>('KVM_GET_MANY_REGS', {
  nr: _IOWR(0xae, 0xad, SIZE),
  on: ['vcpu'],
  weight: 12,
  takes: toGet,
  refuses: [
    badPointer(toGet, patch('implement a GET_MANY_REGS / SET_MANY_REGS interface')),
    ...notListed,
    ...ofSome(registers.unreadable<Sized>(registerOf)),
    badData(true),
  ],
  grants: {
    says: 'The stream has the registers of the list, one after the other, each in as many bytes as it has.',
    cite: reply('a byte stream of exactly the register sizes we care about'),
    gives(here, { list }) {
      const bitsBefore = (i: number) => lengthOf(list.slice(0, i)) * 8n
      const stream = list.reduce(
        (all, one, i) => all | (registers.exampleOf(here, registerOf(here, one)) << bitsBefore(i)),
        0n,
      )
      return list.length === 0 ? undefined : BigInt.asUintN(MOST * 8, stream)
    },
    varies: (here, { list }) => list.some((one) => registers.varies(here, registerOf(here, one))),
  },
})

/** An entry of the list as one number: the id in the lower 64 bits, the size in the upper. */
const entryOf = (id: bigint): bigint => ARM | lowOf(id) | (BigInt(registers.bytesOf(id)) << 64n)
const entries = ({ host, vcpu }: Here): bigint[] => [...registersOf(host, has(vcpu)).keys()].map(entryOf)
const takesList = listOf(ENTRY)

/** The list is asked for as KVM_GET_REG_LIST ships, `shipped`, whose entries have no size of their own. */
export const getRegSizes = (shipped: Ioctl<RegList>): Ioctl<RegList> => ({
  ...shipped,
  name: 'KVM_GET_REG_SIZES',
  nr: _IOWR(0xae, 0xb8, HEADER),
  takes: takesList,
  refuses: shipped.refuses.map((row) =>
    row.why !== 'no room'
      ? row
      : {
          why: 'no room',
          says: 'Ids and sizes are written behind n.',
          cite: wood('a list of supported registers (with sizes)'),
          errno: 'EFAULT',
          when: (here, { at }) => typeof at === 'number' && at < HEADER + entries(here).length * ENTRY,
        },
  ),
  grants: {
    says: 'n is the number of registers; the id and the size of each follow.',
    cite: wood('extract from the kernel a list of supported registers (with sizes)'),
    gives: (here) => BigInt(entries(here).length),
    lists: entries,
  },
})
