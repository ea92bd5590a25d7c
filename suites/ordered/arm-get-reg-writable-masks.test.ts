/** KVM_ARM_GET_REG_WRITABLE_MASKS: which bits of ID registers userspace may change. */
import { sequence } from '../../harness/suite/sequence.ts'

const since = { since: '6.12' } as const

sequence(
  'masks are asked of the one range, with nothing in reserved',
  `
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0))                            -> ok
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0), range = 1)                 -> -EINVAL (no such range)
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0), reserved = 1)              -> -EINVAL (no such range)
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0), reserved = 1 << 415)       -> -EINVAL (no such range)
`,
  since,
)

sequence(
  'MPIDR_EL1 has no mask, nor has what is no register',
  `
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 0, 5)) -> ok = 0x0
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 1, 0, 7, 7)) -> ok = 0x0
`,
  since,
)

sequence(
  'the range is looked at before the masks, and all of them are written',
  `
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(&short(63), ARM64_SYS_REG(3, 0, 0, 6, 0))                    -> -EFAULT (bad pointer)
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(&short(64), ARM64_SYS_REG(3, 0, 0, 6, 0))                    -> ok
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(&readonly, ARM64_SYS_REG(3, 0, 0, 6, 0))                     -> ok
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0), masks = &unmapped, range = 1)  -> -EINVAL (no such range)
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0), masks = &unmapped)             -> -EFAULT (no room)
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0), masks = &short(1535))          -> -EFAULT (no room)
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0), masks = &short(1536))          -> ok
`,
  since,
)

sequence(
  'what may be written before the VM has run is told after it, too, and not to vcpus',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                                   -> ok
  KVM_RUN(immediate_exit)                                             -> -EINTR (immediate_exit)
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0))    -> ok
  vcpu0: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0)) -> -EINVAL (unknown ioctl)
`,
  since,
)

sequence(
  'a kernel that does not know the masks does not know the number',
  `
  vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0)) -> -EINVAL (unknown ioctl)
`,
  { until: '6.12' },
)
