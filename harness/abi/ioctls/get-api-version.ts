/** The version of the whole interface: 12 since 2007. */
import { noArgument } from '../../model/number-argument.ts'
import { api, ioctl } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { refusesArgument } from './refuses-argument.ts'

export default ioctl('KVM_GET_API_VERSION', {
  nr: ioctls.KVM_GET_API_VERSION,
  on: ['kvm'],
  weight: 1,
  takes: noArgument,
  refuses: [refusesArgument],
  grants: {
    says: 'Applications should refuse to run with any other value than 12.',
    cite: api('4.1', 'the constant KVM_API_VERSION'),
    gives: () => 12n,
  },
})
