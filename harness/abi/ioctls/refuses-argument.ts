/** The refusal of ioctls on /dev/kvm whose argument must be 0. */
import { src, type Refusal } from '../../model/rule.ts'

export const refusesArgument: Refusal<bigint> = {
  why: 'argument',
  says: 'The ioctl takes no argument.',
  cite: src('virt/kvm/kvm_main.c', 'kvm_dev_ioctl'),
  errno: 'EINVAL',
  when: (_, arg) => arg !== 0n,
}
