/** A descriptor from which the statistics of a VM or a vcpu are read, with read(2). */
import { api, ioctl, src } from '../../model/rule.ts'
import { addDescriptor } from '../../model/world.ts'
import { ioctls } from '../../names/index.ts'
import { ignored } from '../args/ignored.ts'
import { noFreeDescriptor } from './no-free-descriptor.ts'

export default ioctl<bigint>('KVM_GET_STATS_FD', {
  nr: ioctls.KVM_GET_STATS_FD,
  on: ['vcpu', 'vm'],
  since: '5.14',
  capability: 'KVM_CAP_BINARY_STATS_FD',
  weight: 1,
  takes: ignored,
  makes: () => 'stats',
  refuses: [noFreeDescriptor(src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_get_stats_fd'))],
  grants: {
    says: 'A descriptor, before KVM_ARM_VCPU_INIT and after. The argument is not looked at.',
    cite: api('4.133', 'The returned file descriptor can be used to read VM/vCPU statistics data', { since: '6.1' }),
    then: (here, _, into) => addDescriptor(here, into, { kind: 'stats', vm: here.vm, vcpu: here.vcpu }),
  },
})
