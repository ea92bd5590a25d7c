/** SME as it was posted, beside the kernels of today. */
import type { Comparison } from '../../../model/dialect.ts'

export const compared: readonly Comparison[] = [
  {
    about: 'the capability',
    drafted: 'KVM_CAP_ARM_SME, 248 in the tenth version',
    shipped: 'nothing yet; 248 has become a capability of s390, which no arm64 kernel has',
    asks: `KVM_CHECK_EXTENSION(248) -> ok = 0`,
    because: 'As posted, not merged; SME has a length to be configured before its state can be sized, like SVE.',
    source: 'Mark Brown, 2026-03-06, v10 26/30: SME requires configuration of a vector length',
  },
  {
    about: 'the feature',
    drafted: 'KVM_ARM_VCPU_SME is bit 9 of features[]',
    shipped: 'nothing yet: bit 9 is unknown, and from 7.3 on KVM_ARM_VCPU_PMU_V3_STRICT',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 1 << 9) -> -ENOENT (unknown feature)
      KVM_ARM_VCPU_INIT(features[] = 0)      -> ok`,
    because: 'A new vector length is a feature parallel to the existing one of SVE.',
    source: 'Mark Brown, 2026-07-09, v12 00/29: we introduce a new feature parallel to the existing SVE one',
  },
  {
    about: 'one finalization or two',
    drafted: 'KVM_ARM_VCPU_VEC, another name for KVM_ARM_VCPU_SVE, finalizes both',
    shipped: 'KVM_ARM_VCPU_SVE for SVE; the number of the feature SME is refused',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
      KVM_ARM_VCPU_FINALIZE(9)                         -> -EINVAL (nothing to freeze)
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> -EPERM (too late)`,
    because: 'Splitting it would leave the SVE registers writable while their vector length could still move.',
    source: 'Fuad Tabba, 2026-07-12: Single finalisation via KVM_ARM_VCPU_VEC makes sense too',
  },
  {
    about: 'the registers',
    drafted: 'KVM_REG_ARM64_SME_VLS, ZA in rows, ZT0, and SVCR',
    shipped: 'nothing yet: no such register',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0)             -> ok
      KVM_GET_ONE_REG(0x606000000017fffe)           -> -ENOENT (no register)
      KVM_SET_ONE_REG(0x606000000017fffe, &0x1)     -> -ENOENT (no register)
      KVM_GET_ONE_REG(0x6080000000170000)           -> -ENOENT (no register)
      KVM_GET_ONE_REG(0x6060000000170600)           -> -ENOENT (no register)
      KVM_GET_ONE_REG(ARM64_SYS_REG(3, 3, 4, 2, 2)) -> -ENOENT (no register)`,
    because: 'The matrix follows the pattern of the architecture, as horizontal vectors in the format of SVE.',
    source: 'Mark Brown, 2026-07-09, v11 21/29: using the format already established for the SVE vectors themselves',
  },
  {
    about: 'Z and P in streaming mode',
    drafted: 'one set of ids, as long as SME makes them while SVCR.SM is 1; SVCR is restored first',
    shipped: 'nothing yet; without streaming mode they are as long as SVE makes them',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)    -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)        -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x1ffffffffffffffffffffffffffffffff) -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))       -> ok = 0xffffffffffffffffffffffffffffffff`,
    because:
      'A view that depends on the state loses nothing: what is inaccessible is reached through a change of SM or ZA '
      + 'only, which zeroes it.',
    source: 'Fuad Tabba, 2026-07-12: The state-dependent Z/P view and SVCR.ZA gating make sense to me, and lossless',
  },
  {
    about: 'the errno of ZA while SVCR.ZA is 0',
    drafted:
      'EINVAL in the ninth version, EACCES by the changelog of the tenth, EBUSY in the code of the eleventh, which the '
      + 'dialect has',
    shipped: 'nothing yet, and nothing to ask: no kernel has ZA',
    because: 'The register is valid and merely inaccessible, which EINVAL does not say.',
    source:
      "Fuad Tabba, 2026-01-13, v9 22/30: the issue isn't that the register isn't valid, but that it's inaccessible",
  },
]
