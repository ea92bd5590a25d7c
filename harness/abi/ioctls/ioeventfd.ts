/** Stores of the guest that do not leave it, and of which an eventfd hears. */
import { badPointer } from '../../model/bad-pointer.ts'
import { isEventfd, isUnknownDescriptor } from '../../model/descriptor-number.ts'
import { api, ioctl, src, type Of, type Refusal, type Statement } from '../../model/rule.ts'
import type { Ioeventfd as Assigned } from '../../model/vm.ts'
import { ioctls, irqFlags } from '../../names/index.ts'
import { takes, type Ioeventfd } from '../args/ioeventfd.ts'
import { badEventfd } from '../eventfds/rows.ts'
import { collide, isSame } from '../eventfds/stores.ts'

const {
  KVM_IOEVENTFD_FLAG_DATAMATCH: DATAMATCH,
  KVM_IOEVENTFD_FLAG_PIO: PIO,
  KVM_IOEVENTFD_FLAG_DEASSIGN: DEASSIGN,
  KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY: CCW,
  KVM_IOEVENTFD_VALID_FLAG_MASK: KNOWN,
} = irqFlags
const LENGTHS = [0, 1, 2, 4, 8]

const section = (passage: string) => api('4.59', passage)
const attaches = section('This ioctl attaches or detaches an ioeventfd to a legal pio/mmio address')
const noErrno: readonly Statement[] = [{ says: 'No errno is given.', cite: attaches }]
const inAssign = src('virt/kvm/eventfd.c', 'kvm_assign_ioeventfd')

const isAssigned = ({ flags }: Ioeventfd) => (flags & DEASSIGN) === 0
const oneOf = ({ addr, len, fd, flags, datamatch }: Ioeventfd): Assigned => ({
  bus: flags & PIO ? 'pio' : flags & CCW ? 'ccw' : 'mmio',
  addr,
  len,
  eventfd: fd,
  ...(flags & DATAMATCH && { datamatch }),
})

const assigned: Of = { flags: 'without KVM_IOEVENTFD_FLAG_DEASSIGN' }
const toAssign = (rows: readonly Omit<Refusal<Ioeventfd>, 'of'>[]): Refusal<Ioeventfd>[] =>
  rows.map((row) => ({ ...row, of: assigned, when: (here, arg, by) => isAssigned(arg) && row.when(here, arg, by) }))

export default ioctl<Ioeventfd>('KVM_IOEVENTFD', {
  nr: ioctls.KVM_IOEVENTFD,
  on: ['vm'],
  capability: 'KVM_CAP_IOEVENTFD',
  weight: 3,
  takes,
  isGuess: ({ world }) => world.isAnyEventfd === true,
  refuses: [
    badPointer(takes, section('struct kvm_ioeventfd')),
    ...toAssign([
      {
        why: 'no such length',
        says: 'A store has 1, 2, 4 or 8 bytes; 0 stands for any.',
        cite: section('0, 1, 2, 4, or 8 bytes'),
        text: noErrno,
        errno: 'EINVAL',
        when: (_, { len }) => !LENGTHS.includes(len),
      },
      {
        why: 'beyond 64 bits',
        says: 'The address of the byte behind it has 64 bits, too.',
        cite: inAssign,
        text: noErrno,
        errno: 'EINVAL',
        when: (_, { addr, len }) => addr + BigInt(len) >= 1n << 64n,
      },
      {
        why: 'unknown flag',
        says: 'Flags are those of the headers; to take an ioeventfd away others may be there, too.',
        cite: section('The following flags are defined'),
        text: noErrno,
        errno: 'EINVAL',
        when: (_, { flags }) => (flags & ~KNOWN) !== 0,
      },
      {
        why: 'value of any length',
        says: 'A store that may have any length cannot be compared with a value.',
        cite: inAssign,
        text: noErrno,
        errno: 'EINVAL',
        when: (_, { len, flags }) => len === 0 && (flags & DATAMATCH) !== 0,
      },
    ]),
    ...badEventfd<Ioeventfd>('fd', ({ fd }) => fd, {
      none: { why: 'no such fd' },
      another: { why: 'fd is no eventfd' },
      cite: section('If datamatch flag is set, the event will be signaled only if'),
      text: noErrno,
    }),
    ...toAssign([
      {
        why: 'already there',
        says: 'No other hears of the same stores: of this address, length and value, or of all lengths or values.',
        cite: src('virt/kvm/eventfd.c', 'ioeventfd_check_collision'),
        text: noErrno,
        errno: 'EEXIST',
        when: ({ vm }, arg) =>
          !isUnknownDescriptor(arg.fd) && (vm.ioeventfds ?? []).some((one) => collide(one, oneOf(arg))),
      },
    ]),
    {
      why: 'not there',
      says: 'What is taken away was assigned with the same address, length, flags, value and eventfd.',
      cite: src('virt/kvm/eventfd.c', 'kvm_deassign_ioeventfd_idx'),
      text: noErrno,
      errno: 'ENOENT',
      of: { flags: 'KVM_IOEVENTFD_FLAG_DEASSIGN' },
      when: ({ vm }, arg) =>
        !isAssigned(arg)
        && !isUnknownDescriptor(arg.fd)
        && !(vm.ioeventfds ?? []).some((one) => isSame(one, oneOf(arg))),
    },
  ],
  grants: {
    says: 'The eventfd hears of these stores, or does so no more. What is in pad is not looked at.',
    cite: attaches,
    isGuess: (_, { fd }) => isUnknownDescriptor(fd),
    then({ world, vm }, arg) {
      const all = vm.ioeventfds ?? []
      if (!isEventfd(arg.fd)) world.isAnyEventfd = true
      else if (isAssigned(arg)) vm.ioeventfds = [...all, oneOf(arg)]
      else {
        const gone = all.findIndex((one) => isSame(one, oneOf(arg)))
        vm.ioeventfds = all.filter((_, i) => i !== gone)
      }
    },
  },
})
