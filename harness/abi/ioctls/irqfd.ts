/** An eventfd that raises an interrupt of the guest whenever it is signalled. */
import { badPointer } from '../../model/bad-pointer.ts'
import { isEventfd, isUnknownDescriptor } from '../../model/descriptor-number.ts'
import { api, ioctl, src, type Of, type Refusal, type Statement } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { ioctls, irqFlags } from '../../names/index.ts'
import { takes, type Irqfd } from '../args/irqfd.ts'
import { badEventfd } from '../eventfds/rows.ts'
import { catchUp } from '../eventfds/signal.ts'

const { KVM_IRQFD_FLAG_DEASSIGN: DEASSIGN, KVM_IRQFD_FLAG_RESAMPLE: RESAMPLE } = irqFlags
const section = (passage: string) => api('4.75', passage)
const specifies = section('kvm_irqfd.fd specifies the file descriptor to use as the eventfd')
const noErrno: readonly Statement[] = [{ says: 'No errno is given.', cite: section('Allows setting an eventfd') }]
const inAssign = src('virt/kvm/eventfd.c', 'kvm_irqfd_assign')
const isAssigned = ({ flags }: Pick<Irqfd, 'flags'>) => (flags & DEASSIGN) === 0
const assigned: Of = { flags: 'without KVM_IRQFD_FLAG_DEASSIGN' }

const inUse: Omit<Refusal<Irqfd>, 'says' | 'when'> = {
  why: 'already assigned',
  cite: inAssign,
  text: noErrno,
  errno: 'EBUSY',
  of: assigned,
}
/** Nobody can tell what the process has at a number that it gives. */
const isUnknown = ({ flags, fd, resamplefd }: Irqfd) =>
  isUnknownDescriptor(fd) || (isAssigned({ flags }) && (flags & RESAMPLE) !== 0 && isUnknownDescriptor(resamplefd))
const uses = ({ world }: Here, { fd }: Irqfd) => (world.irqfds ?? []).filter(({ eventfd }) => eventfd === fd)

export default ioctl<Irqfd>('KVM_IRQFD', {
  nr: ioctls.KVM_IRQFD,
  on: ['vm'],
  capability: 'KVM_CAP_IRQFD',
  weight: 3,
  takes,
  isGuess: ({ world }) => world.isAnyEventfd === true,
  refuses: [
    badPointer(takes, section('struct kvm_irqfd')),
    {
      why: 'unknown flag',
      says: 'Flags are KVM_IRQFD_FLAG_DEASSIGN and KVM_IRQFD_FLAG_RESAMPLE, which may come together.',
      cite: src('virt/kvm/eventfd.c', 'kvm_irqfd'),
      text: noErrno,
      errno: 'EINVAL',
      when: (_, { flags }) => (flags & ~(DEASSIGN | RESAMPLE)) !== 0,
    },
    {
      why: 'vgic not initialised',
      says: 'There is an interrupt controller in the kernel, and it is initialised; to take an irqfd away it takes none.',
      cite: inAssign,
      text: noErrno,
      errno: 'EAGAIN',
      of: assigned,
      when: ({ vm }, arg) => isAssigned(arg) && vm.vgic?.initialised !== true,
    },
    ...badEventfd<Irqfd>('fd', ({ fd }) => fd, {
      none: { why: 'no such fd' },
      another: { why: 'fd is no eventfd' },
      cite: specifies,
      text: noErrno,
    }),
    ...badEventfd<Irqfd>(
      'resamplefd',
      (arg) =>
        isAssigned(arg) && (arg.flags & RESAMPLE) !== 0 && !isUnknownDescriptor(arg.fd) ? arg.resamplefd : undefined,
      {
        none: { why: 'no such resamplefd' },
        another: { why: 'resamplefd is no eventfd' },
        cite: section('additional eventfd in the kvm_irqfd.resamplefd field'),
        text: noErrno,
        of: assigned,
      },
    ),
    {
      ...inUse,
      variant: 'of this VM',
      says: 'Of a VM an eventfd is one irqfd, whatever its interrupt.',
      until: '6.17',
      when: (here, arg) => isAssigned(arg) && !isUnknown(arg) && uses(here, arg).some(({ vm }) => vm === here.vm),
    },
    {
      ...inUse,
      variant: 'of any VM',
      says: 'An eventfd is one irqfd, of whichever VM.',
      since: '6.17',
      when: (here, arg) => isAssigned(arg) && !isUnknown(arg) && uses(here, arg).length > 0,
    },
  ],
  grants: {
    says:
      'The eventfd raises that interrupt, or does so no more; it is no error to take away what is not there. Any gsi will '
      + 'do, with a route or without. What is in pad is not looked at.',
    cite: specifies,
    isGuess: (_, arg) => isUnknown(arg),
    then({ world, vm }, arg) {
      const { fd, gsi } = arg
      if (!isEventfd(fd)) world.isAnyEventfd = true
      else if (isAssigned(arg)) {
        world.irqfds = [...(world.irqfds ?? []), { vm, eventfd: fd, gsi }]
        catchUp(world, vm, fd)
      } else
        world.irqfds = (world.irqfds ?? []).filter(
          (irqfd) => irqfd.vm !== vm || irqfd.eventfd !== fd || irqfd.gsi !== gsi,
        )
    },
  },
})
