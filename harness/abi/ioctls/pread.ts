/** pread(2) of a descriptor that has something to be read, which is no ioctl. */
import { fromBytes } from '../../model/scalar.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import { takes, valueOf, type Pread } from '../args/pread.ts'
import { statistics } from '../memory/statistics.ts'

export default ioctl<Pread>('pread', {
  syscall: 'pread',
  on: ['stats'],
  weight: 1,
  takes,
  refuses: [
    {
      why: 'not to be read',
      says: '/dev/kvm has nothing to be read.',
      cite: src('fs/read_write.c', 'vfs_read'),
      errno: 'EINVAL',
      when: ({ kind }) => kind === 'kvm',
    },
    {
      why: 'no positions',
      says: 'VMs, vcpus, devices and guest_memfds are no files that are read from anywhere.',
      cite: src('fs/read_write.c', 'ksys_pread64'),
      errno: 'ESPIPE',
      when: ({ kind }) => kind !== 'kvm' && kind !== 'stats',
    },
    {
      why: 'past 63 bits',
      says: 'What is asked for lies within 63 bits.',
      cite: src('fs/read_write.c', 'rw_verify_area'),
      errno: 'EINVAL',
      when: (_, { length, offset }) => (offset + BigInt(length)) >> 63n !== 0n,
    },
  ],
  grants: {
    says: 'What lies there, up to the end of the file: header, id, descriptors and numbers.',
    cite: api('4.133', 'The returned file descriptor can be used to read VM/vCPU statistics data', { since: '6.1' }),
    // How many there are and what they are called is the kernel's own affair; the law says in what they agree.
    varies: () => true,
    gives(here, { length, offset }) {
      const file = statistics(here)
      const from = offset > BigInt(file.length) ? file.length : Number(offset)
      const came = file.subarray(from, from + length)
      return valueOf(came.length, fromBytes(came.toString('hex')))
    },
  },
})
