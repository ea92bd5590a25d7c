/** How much of a vcpu descriptor can be mapped: kvm_run, and the page for coalesced MMIO. */
import { noArgument } from '../../model/number-argument.ts'
import { api, ioctl } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { refusesArgument } from './refuses-argument.ts'

export default ioctl('KVM_GET_VCPU_MMAP_SIZE', {
  nr: ioctls.KVM_GET_VCPU_MMAP_SIZE,
  on: ['kvm'],
  weight: 1,
  takes: noArgument,
  refuses: [refusesArgument],
  grants: {
    says: 'The size in bytes.',
    cite: api('4.5', 'size of vcpu mmap area, in bytes'),
    gives: ({ host }) => BigInt(host.mmapSize),
  },
})
