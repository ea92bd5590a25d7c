/** kvm_run(FIELD): what a vcpu shares with userspace through mmap(2) of its descriptor, which is no ioctl. */
import { api, ioctl, src, type Refusal } from '../../model/rule.ts'
import { takes } from '../args/kvm-run.ts'
import { read, write } from '../entry/kvm-run.ts'

/** Where there is nothing that userspace could map, and write to. */
export const notMapped: readonly Refusal<any>[] = [
  {
    why: 'read-only',
    says: 'Statistics are for reading.',
    cite: src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_get_stats_fd'),
    errno: 'EACCES',
    since: '6.1',
    when: ({ kind }) => kind === 'stats',
  },
  {
    why: 'no vcpu',
    says: 'Of the descriptors only those of vcpus can be mapped.',
    cite: src('virt/kvm/kvm_main.c', 'kvm_vcpu_mmap'),
    errno: 'ENODEV',
    when: ({ kind }) => kind !== 'vcpu' && kind !== 'stats',
  },
]

export default ioctl('kvm_run', {
  syscall: 'mmap',
  on: ['vcpu'],
  weight: 3,
  takes,
  refuses: notMapped,
  grants: {
    says: 'struct kvm_run is where userspace and kernel tell each other of what the guest needs.',
    cite: api('5', 'Application code obtains a pointer to the kvm_run structure by mmap()ing a vcpu fd'),
    gives: ({ vcpu }, { field, value }) => (value === undefined ? read(vcpu.run, field) : undefined),
    then({ vcpu }, { field, value }) {
      if (value !== undefined) write(vcpu.run, field, value)
    },
  },
})
