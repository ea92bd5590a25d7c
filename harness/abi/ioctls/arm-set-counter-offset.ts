/** Takes an offset off the counters of all vcpus, the physical one, too. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { vcpuRuns } from '../vgic/vcpu-runs.ts'
import { takes, type CounterOffset } from '../args/arm-set-counter-offset.ts'

export default ioctl<CounterOffset>('KVM_ARM_SET_COUNTER_OFFSET', {
  nr: ioctls.KVM_ARM_SET_COUNTER_OFFSET,
  on: ['vm'],
  since: '6.4',
  capability: 'KVM_CAP_COUNTER_OFFSET',
  weight: 1,
  takes,
  // From 7.2 on a protected VM refuses it, and none was tried.
  isGuess: ({ host }) => host.isProtected === true,
  refuses: [
    badPointer(takes, api('4.138', 'struct kvm_arm_counter_offset (in)', { since: '6.12' })),
    {
      why: 'reserved fields',
      says: 'The reserved field is 0.',
      cite: api('4.138', 'Any value other than 0 for the “reserved” field may result in an error', { since: '6.12' }),
      errno: 'EINVAL',
      when: (_, { reserved }) => reserved !== 0n,
    },
    vcpuRuns(
      api('4.138', 'This ioctl can also return -EBUSY if any vcpu ioctl is issued concurrently', { since: '6.12' }),
    ),
  ],
  grants: {
    says: 'The counters of the VM are as much behind those of the host. What is written to them has no effect any more.',
    cite: api('4.138', 'This capability indicates that userspace is able to apply a single VM-wide offset', {
      since: '6.12',
    }),
    then: ({ vm }, { counter_offset }) => {
      vm.counterOffset = counter_offset
    },
  },
})
