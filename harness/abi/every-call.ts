/** What precedes the rules of every ioctl: is there a descriptor, is it ours, does it know the number. */
import { api, src, type Ioctl, type Refusal } from '../model/rule.ts'
import type { Here } from '../model/world.ts'

/** True where the name that a call is made on has no descriptor: the oracle gives such a call an empty Here. */
export const isAbsent = (here: Here): boolean => here.world === undefined

/** Not /dev/kvm, nor a file of which the VFS alone answers ioctls. */
const isOfVm = ({ kind }: Here): boolean => kind !== 'kvm' && kind !== 'guest-memfd' && kind !== 'stats'

/** Other system calls do no more than to look for the descriptor. */
const isIoctl = ({ syscall }: Ioctl): boolean => syscall === undefined

const absent: Refusal<any> = {
  why: 'no descriptor',
  ends: true,
  says: 'The call that should have made the descriptor failed, or it was closed.',
  cite: src('fs/ioctl.c', 'ioctl'),
  errno: 'EBADF',
  when: isAbsent,
}

const otherMm = (ioctl: Ioctl): Refusal<any> => ({
  why: 'other mm',
  ends: true,
  says: 'A VM, its vcpus and its devices serve only the process whose memory they were made with.',
  cite: src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl'),
  errno: 'EIO',
  when: (here, _, by) => isIoctl(ioctl) && by.by === 'child' && isOfVm(here),
})

const dead = (ioctl: Ioctl): Refusal<any> => ({
  why: 'dead VM',
  ends: true,
  says: 'After a failed first KVM_RUN nothing works on the VM, its vcpus and its devices.',
  cite: src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl'),
  text: [
    {
      says: 'EIO is not among the errors of KVM_RUN, nor of anything else here.',
      cite: api('4.10', 'EINTR an unmasked signal is pending'),
      since: '6.1',
    },
  ],
  errno: 'EIO',
  when: (here) => isIoctl(ioctl) && isOfVm(here) && here.vm.dead,
})

const unknown = (
  on: string,
  says: string,
  errno: 'EINVAL' | 'ENOTTY',
  fn: string,
  when: Refusal<any>['when'],
): Refusal<any> => ({
  why: 'unknown ioctl',
  ends: true,
  of: { on },
  says,
  cite: src('virt/kvm/kvm_main.c', fn),
  errno,
  when,
})

/** The refusals before those of `ioctl` itself; `known`: whether this release has the number at all. */
export const everyCall = (ioctl: Ioctl, known: boolean): Refusal<any>[] => {
  // Of a thread that was begun, not of a descriptor.
  if (ioctl.syscall === 'join') return []
  const isFor = (kind: Here['kind']) => !isIoctl(ioctl) || (known && ioctl.on.includes(kind))
  return [
    absent,
    otherMm(ioctl),
    dead(ioctl),
    unknown(
      'kvm, vm and vcpu',
      '/dev/kvm, VMs and vcpus do not know the number.',
      'EINVAL',
      'kvm_vcpu_ioctl',
      ({ kind }) => (kind === 'kvm' || kind === 'vm' || kind === 'vcpu') && !isFor(kind),
    ),
    unknown(
      'devices',
      'A device does not know the number.',
      'ENOTTY',
      'kvm_device_ioctl',
      ({ kind }) => kind !== 'kvm' && kind !== 'vm' && kind !== 'vcpu' && !isFor(kind),
    ),
  ]
}
