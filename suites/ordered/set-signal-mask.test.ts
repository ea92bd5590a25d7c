/** KVM_SET_SIGNAL_MASK: which signals are blocked while KVM_RUN is under way. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a set of signals has 8 bytes, which are read after the length',
  `
  KVM_SET_SIGNAL_MASK                                    -> ok
  KVM_SET_SIGNAL_MASK(len = 8)                           -> ok
  KVM_SET_SIGNAL_MASK(len = 8, sigset = 0xffffffffffffdfff) -> ok
  KVM_SET_SIGNAL_MASK(len = 4)                           -> -EINVAL (length)
  KVM_SET_SIGNAL_MASK(len = 16)                          -> -EINVAL (length)
  KVM_SET_SIGNAL_MASK(&short(3), len = 4)                -> -EFAULT (bad pointer)
  KVM_SET_SIGNAL_MASK(&short(4), len = 4)                -> -EINVAL (length)
  KVM_SET_SIGNAL_MASK(&short(11), len = 8)               -> -EFAULT (bad pointer)
  KVM_SET_SIGNAL_MASK(&readonly, len = 8)                -> ok
  KVM_SET_SIGNAL_MASK                                    -> ok
`,
)

sequence(
  'a mask may be set before and after the vcpu runs, and does not keep it from coming back at once',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                         -> ok
  KVM_SET_SIGNAL_MASK(len = 8, sigset = 0xffffffffffffdfff) -> ok
  KVM_RUN(immediate_exit)                                   -> -EINTR (immediate_exit)
  KVM_SET_SIGNAL_MASK                                       -> ok
  KVM_RUN(immediate_exit)                                   -> -EINTR (immediate_exit)
`,
)
