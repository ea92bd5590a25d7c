/** KVM_GET_REG_LIST: when there is a list, and how much of it fits. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'there is no list before KVM_ARM_VCPU_INIT',
  `
  KVM_GET_REG_LIST(n = 500)         -> -ENOEXEC (not initialised)
  KVM_GET_REG_LIST(n = 0)           -> -ENOEXEC (not initialised)
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_GET_REG_LIST(n = 500)         -> ok
`,
)

sequence(
  'with SVE there is no list before KVM_ARM_VCPU_FINALIZE',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_GET_REG_LIST(n = 500)                        -> -EPERM (too early)
  KVM_GET_REG_LIST(n = 0)                          -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  KVM_GET_REG_LIST(n = 500)                        -> ok
`,
)

sequence(
  'a list without room says how much it needs',
  `
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_GET_REG_LIST(n = 0)           -> -E2BIG (n too small)
  KVM_GET_REG_LIST(n = 1)           -> -E2BIG (n too small)
  KVM_GET_REG_LIST(n = 500)         -> ok
`,
)

sequence(
  'n has 32 bits although the field has 64',
  `
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_GET_REG_LIST(n = 1 << 32)     -> -E2BIG (n too small)
`,
)

sequence(
  'whether there is a list is asked before the pointer is read',
  `
  KVM_GET_REG_LIST(&unmapped, n = 500)             -> -ENOEXEC (not initialised)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  KVM_GET_REG_LIST(&unmapped, n = 500)             -> -EPERM (too early)
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  KVM_GET_REG_LIST(&unmapped, n = 500)             -> -EFAULT (bad pointer)
`,
)

sequence(
  'a list that is not writable is refused even where it would be too small',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)     -> ok
  KVM_GET_REG_LIST(&readonly, n = 0)    -> -EFAULT (bad pointer)
  KVM_GET_REG_LIST(&short(7), n = 500)  -> -EFAULT (bad pointer)
  KVM_GET_REG_LIST(&short(16), n = 500) -> -EFAULT (no room)
`,
)

sequence(
  'a list can be asked for again after KVM_RUN',
  `
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  KVM_GET_REG_LIST(n = 500)         -> ok
`,
)
