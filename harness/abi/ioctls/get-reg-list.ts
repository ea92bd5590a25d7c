/** The ids of all registers that KVM_GET_ONE_REG and KVM_SET_ONE_REG know on a vcpu. */
import fc from 'fast-check'
import {
  address,
  parseBadPointer,
  place,
  printBadPointer,
  put,
  setOnce,
  showsNumber,
  split,
  type Codec,
  type BadPointer,
} from '../../model/codec.ts'
import { UserError } from '../../process/user-error.ts'
import { api, ioctl, src, type Statement } from '../../model/rule.ts'
import { errnos, features, ioctls } from '../../names/index.ts'
import { bytes, fromBytes, printNumber, readNumber, unsigned } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'
import { has, type Here } from '../../model/world.ts'
import { registersOf } from '../registers/table.ts'

/** `n`: how many ids there is room for. `at`: the pointer is odd; where it is short(16), the room really is for one id. */
export interface RegList {
  n: bigint
  at?: BadPointer
}

const HEADER = 8
const ID = 8
/** Bytes one op of an agent reads back, and how many such ops are enough for every list. */
const CHUNK = 0x1000
const CHUNKS = 2

const anyN = fc.oneof(
  { arbitrary: fc.constant(1000n), weight: 5 },
  {
    arbitrary: fc.constantFrom(
      0n,
      1n,
      100n,
      241n,
      242n,
      312n,
      8000n,
      (1n << 32n) - 1n,
      1n << 32n,
      (1n << 32n) + 1000n,
      (1n << 64n) - 1n,
    ),
    weight: 4,
  },
  { arbitrary: fc.integer({ min: 240, max: 370 }).map(BigInt), weight: 1 },
)
const anyAt = fc.oneof(
  fc.constantFrom<BadPointer>('unmapped', 'readonly'),
  fc.constantFrom<BadPointer>(0, 4, 7, 8, 15, 16, 800, 4000),
)
const any: fc.Arbitrary<RegList> = fc.oneof(
  { arbitrary: anyN.map((n): RegList => ({ n })), weight: 8 },
  { arbitrary: fc.tuple(anyN, anyAt).map(([n, at]): RegList => ({ n, at })), weight: 2 },
)

const takes: Codec<RegList> = {
  any: () => any,
  parse(text) {
    const arg: Partial<RegList> = {}
    for (const part of split(text)) {
      const odd = parseBadPointer(part)
      const [, n] = /^n = (.+)$/.exec(part) ?? []
      if (odd !== undefined) setOnce(arg, 'at', odd, 'the pointer')
      else if (n !== undefined) setOnce(arg, 'n', readNumber(n, 'n', unsigned(64)))
      else throw new UserError(`struct kvm_reg_list: cannot place ${quoted(part)}; write n = 500`)
    }
    return { n: 0n, ...arg }
  },
  print: ({ n, at }) => [...(at === undefined ? [] : [printBadPointer(at)]), `n = ${printNumber(n)}`].join(', '),
  pack({ n, at }) {
    const where = place(at)
    const from = where === undefined ? 0 : parseInt(where.slice(2), 16)
    const room = typeof at === 'number' ? Math.min(at, HEADER + CHUNK) : HEADER + CHUNKS * CHUNK
    const ids = Math.min(Number(BigInt.asUintN(32, n)) * ID, room - HEADER)
    let after = where === undefined || room < HEADER ? '' : ` x,${where},${HEADER}`
    if (after !== '')
      for (let read = 0; read < ids; read += CHUNK)
        after += ` x,d:${(from + HEADER + read).toString(16)},${Math.min(CHUNK, ids - read).toString(16)}`
    return { before: put(at, bytes(n, HEADER)), arg: address(at), after }
  },
  value: (ret, data) => (data[0] !== undefined && (ret >= 0 || ret === -errnos.E2BIG) ? fromBytes(data[0]) : undefined),
  shows: showsNumber(64),
  list(ret, data) {
    if (ret < 0 || data[0] === undefined) return undefined
    const n = Number(fromBytes(data[0]))
    return (
      data
        .slice(1)
        .map((read) => read.padEnd(CHUNK * 2, '0'))
        .join('')
        .slice(0, n * ID * 2)
        .match(/.{16}/g)
        ?.map(fromBytes) ?? []
    )
  },
}

const SVE = 1 << features.KVM_ARM_VCPU_SVE
const onlyE2big: Statement = {
  says: 'E2BIG is the only error.',
  cite: api('4.84', 'E2BIG the reg index list is too big'),
}
const idsOf = ({ host, vcpu }: Here): bigint[] => [...registersOf(host, has(vcpu)).keys()]
/** Where the pointer leaves room for only so many ids. */
const room = (at: BadPointer | undefined): number =>
  typeof at === 'number' ? Math.floor((at - HEADER) / ID) : Infinity

export default ioctl('KVM_GET_REG_LIST', {
  nr: ioctls.KVM_GET_REG_LIST,
  on: ['vcpu'],
  takes,
  refuses: [
    {
      why: 'not initialised',
      says: 'Which registers a vcpu has is known after KVM_ARM_VCPU_INIT.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_ioctl'),
      text: [onlyE2big],
      errno: 'ENOEXEC',
      when: ({ vcpu }) => !vcpu.initialised,
    },
    {
      why: 'too early',
      says: 'A vcpu with SVE lists its registers once SVE is finalized.',
      cite: api('4.82', 'KVM_GET_REG_LIST are not available'),
      text: [onlyE2big],
      errno: 'EPERM',
      when: ({ vcpu }) => (has(vcpu) & SVE) !== 0 && !vcpu.sveFinalized,
    },
    {
      why: 'bad pointer',
      says: 'n is read, and the number of registers written in its place.',
      cite: api('4.84', 'struct kvm_reg_list (in/out)'),
      errno: 'EFAULT',
      when: (_, { at }) => at === 'unmapped' || at === 'readonly' || (typeof at === 'number' && at < HEADER),
    },
    {
      why: 'n too small',
      says: 'n, cut to 32 bits, is less than the number of registers, which n then holds.',
      cite: api('4.84', 'E2BIG the reg index list is too big'),
      text: [{ says: 'n has 64 bits.', cite: api('4.84', '__u64 n;') }],
      errno: 'E2BIG',
      when: (here, { n }) => BigInt.asUintN(32, n) < idsOf(here).length,
      gives: (here) => BigInt(idsOf(here).length),
    },
    {
      why: 'no room',
      says: 'The ids are written behind n.',
      cite: api('4.84', 'struct kvm_reg_list (in/out)'),
      errno: 'EFAULT',
      when: (here, { at }) => room(at) < idsOf(here).length,
    },
  ],
  grants: {
    says: 'n is the number of registers, and their ids follow.',
    cite: api('4.84', 'returns the guest registers that are supported'),
    gives: (here) => BigInt(idsOf(here).length),
    lists: idsOf,
    isUnordered: ({ host }) => host.isUnordered === true,
  },
})
