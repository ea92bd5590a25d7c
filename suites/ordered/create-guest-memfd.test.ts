/** KVM_CREATE_GUEST_MEMFD: memory of a VM that no process has mapped. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a guest_memfd has whole pages, and flags that the host has',
  `
  KVM_CREATE_GUEST_MEMFD(size = 0x1000)                 -> ok
  KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = 0x3)    -> ok
  KVM_CREATE_GUEST_MEMFD(size = 0x4000000000000000)     -> ok
  KVM_CREATE_GUEST_MEMFD(size = 0x1000, reserved = 0x1) -> ok
  KVM_CREATE_GUEST_MEMFD(size = 0x0)                    -> -EINVAL (size)
  KVM_CREATE_GUEST_MEMFD(size = 0x1001)                 -> -EINVAL (size)
  KVM_CREATE_GUEST_MEMFD(size = 0x8000000000000000)     -> -EINVAL (size)
  KVM_CREATE_GUEST_MEMFD(size = 0x0, flags = 0x4)       -> -EINVAL (unknown flag)
  KVM_CREATE_GUEST_MEMFD(&short(63), size = 0x1000)     -> -EFAULT (bad pointer)
  KVM_CREATE_GUEST_MEMFD(&readonly, size = 0x1000)      -> ok
`,
  { since: '6.18' },
)

sequence(
  'a kernel without guest_memfd does not know the number',
  `
  KVM_CREATE_GUEST_MEMFD(&short(63), size = 0x1000) -> -EINVAL (unknown ioctl)
  KVM_CREATE_GUEST_MEMFD(size = 0x1000)             -> -EINVAL (unknown ioctl)
`,
  { until: '6.18' },
)
