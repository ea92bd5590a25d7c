/** The ids of all registers that KVM_GET_ONE_REG and KVM_SET_ONE_REG know on a vcpu. */
import type { BadPointer } from '../../model/pointer.ts'
import { api, ioctl, src, type Statement } from '../../model/rule.ts'
import { features, ioctls } from '../../names/index.ts'
import { has } from '../../model/vcpu.ts'
import type { Here } from '../../model/world.ts'
import { registersOf } from '../registers/table.ts'
import { isOfMte } from '../registers/uncharted.ts'
import { badPointer } from '../../model/bad-pointer.ts'
import { HEADER, ID, takes } from '../args/get-reg-list.ts'

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
  weight: 4,
  takes,
  isGuess: isOfMte,
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
      ...badPointer(takes, api('4.84', 'struct kvm_reg_list (in/out)')),
      says: 'n is read, and the number of registers written in its place.',
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
