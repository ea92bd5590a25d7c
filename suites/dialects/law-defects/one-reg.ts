/** Defects of kernels that speak the dialects of KVM_SET_ONE_REG. */
import type { Sized } from '../../../harness/dialects/parts/one-reg/many.ts'
import { setMany } from '../../../harness/dialects/parts/one-reg/many-calls.ts'
import type { Grant } from '../../../harness/model/rule.ts'
import type { DialectDefect } from './defect.ts'

const NEXT_PIECE = 1n << 32n
const writeMany = (setMany.grants as Grant<any>).then!

export const ofOneReg: readonly DialectDefect[] = [
  {
    dialect: 'one-reg-2012',
    law: 'what is set with a size is got with that size',
    is: 'a register keeps 64 bits of what it is given',
    breaks: (k) =>
      k.grants('KVM_SET_ONE_REG', ({ then }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then: (here, arg, into) => then!(here, { ...arg, value: BigInt.asUintN(64, arg.value) }, into),
      })),
  },
  {
    dialect: 'one-reg-2012',
    law: 'a smaller member has the low bits',
    is: 'reg32 has the upper half of the register',
    breaks: (k) =>
      k.grants('KVM_GET_ONE_REG', ({ gives }) => ({
        gives: (here, arg) =>
          arg.member === 'reg32' ? gives!(here, { ...arg, member: 'reg64' })! >> 32n : gives!(here, arg),
      })),
  },
  {
    dialect: 'one-reg-2012',
    law: 'a value that is too wide for its register is refused',
    is: 'the bits that fit are kept although the value is refused',
    breaks(k) {
      let write: Grant<any>['then']
      k.grants('KVM_SET_ONE_REG', ({ then }) => {
        write = then
        return {}
      })
      k.leaves('KVM_SET_ONE_REG', 'wrong size', (here, arg) => write!(here, arg, ''))
    },
  },
  {
    dialect: 'one-reg-2012-padded',
    law: 'each piece of a large register keeps what it is given',
    is: 'a piece that is set clears the next',
    breaks: (k) =>
      k.grants('KVM_SET_ONE_REG', ({ then }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then(here, arg, into) {
          then!(here, arg, into)
          then!(here, { ...arg, id: arg.id + NEXT_PIECE, value: 0n }, into)
        },
      })),
  },
  {
    dialect: 'one-reg-2012-many',
    law: 'every register is listed with the size',
    is: 'every register is listed with 8 bytes',
    breaks: (k) =>
      k.grants('KVM_GET_REG_SIZES', ({ lists }) => ({
        lists: (here, arg) => lists!(here, arg).map((entry) => BigInt.asUintN(64, entry) | (8n << 64n)),
      })),
  },
  {
    dialect: 'one-reg-2012-many',
    law: 'a stream is its registers end to end',
    is: 'a stream has its registers in the order of their ids',
    breaks(k) {
      const sorted = (list: readonly Sized[]) => list.toSorted((a, b) => Number(a.id - b.id))
      k.grants('KVM_GET_MANY_REGS', ({ gives }) => ({
        gives: (here, arg) => gives!(here, { ...arg, list: sorted(arg.list) }),
      }))
    },
  },
  {
    dialect: 'one-reg-2012-many',
    law: 'a stream of which one register is refused changes none',
    is: 'registers before the one that is refused are written',
    breaks: (k) =>
      k.leaves('KVM_SET_MANY_REGS', 'wrong size', (here, arg) =>
        writeMany(here, { ...arg, list: arg.list.slice(0, -1) }, ''),
      ),
  },
  {
    dialect: 'one-reg-2012-many',
    law: 'what GET_MANY gives, SET_MANY takes',
    is: 'the last of several registers of a stream is not written',
    breaks: (k) =>
      k.grants('KVM_SET_MANY_REGS', () => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then: (here, arg, into) =>
          writeMany(here, arg.list.length > 1 ? { ...arg, list: arg.list.slice(0, -1) } : arg, into),
      })),
  },
]
