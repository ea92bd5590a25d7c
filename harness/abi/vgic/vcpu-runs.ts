/** What cannot be done while a vcpu of the VM runs: the kernel tries to lock all of them, and does not wait. */
import type { Citation, Refusal } from '../../model/rule.ts'
import { hasRunningVcpu } from '../../model/vm.ts'

/** `variant`: what tells the row from others of its ioctl. */
export const vcpuRuns = <Arg>(cite: Citation, variant?: string): Refusal<Arg> => ({
  why: 'vcpu runs',
  ...(variant !== undefined && { variant }),
  says: 'No vcpu of the VM is in a KVM_RUN that another thread has made.',
  cite,
  errno: 'EBUSY',
  when: ({ vm }) => hasRunningVcpu(vm),
})
