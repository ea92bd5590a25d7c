/** Sequences that a kernel with the series plays so. */
import type { ProposedSequence } from '../../../model/dialect.ts'

const SVCR = 'ARM64_SYS_REG(3, 3, 4, 2, 2)'
const VLS = 'KVM_REG_ARM64_SME_VLS'
const ZA = 'KVM_REG_ARM64_SME_ZAHREG(0, 0)'
const ZT = 'KVM_REG_ARM64_SME_ZTREG(0)'
const Z = 'KVM_REG_ARM64_SVE_ZREG(0, 0)'
const both = 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE | KVM_ARM_VCPU_SME) -> ok'
const alone = 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SME) -> ok'
const final = 'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_VEC) -> ok'

export const sequences: readonly ProposedSequence[] = [
  {
    title: 'a vcpu with SVE and SME, from its lengths to its run',
    host: '6.12-max-gicv3',
    text: `
      KVM_CHECK_EXTENSION(KVM_CAP_ARM_SME)    -> ok = 1
      ${both}
      KVM_RUN(immediate_exit)                 -> -EPERM (too early)
      KVM_GET_REG_LIST(n = 1000)              -> -EPERM (too early)
      KVM_GET_ONE_REG(${VLS})                 -> ok = 0x808b
      KVM_SET_ONE_REG(${VLS}, &0x8b)          -> ok
      KVM_SET_ONE_REG(${VLS}, &0xf)           -> -EINVAL (vector lengths)
      KVM_SET_ONE_REG(${VLS}, &0x0)           -> -EINVAL (vector lengths)
      KVM_GET_ONE_REG(${Z})                   -> -EPERM (too early)
      ${final}
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_VEC) -> -EPERM (too late)
      KVM_SET_ONE_REG(${VLS}, &0x8b)          -> -EPERM (too late)
      KVM_SET_ONE_REG(${VLS}, &unmapped)      -> -EPERM (too late)
      KVM_GET_ONE_REG(${VLS})                 -> ok = 0x8b
      KVM_RUN(immediate_exit)                 -> -EINTR (immediate_exit)`,
  },
  {
    title: 'one finalization for both: SVE is as final as SME',
    says: 'If the guest has both SVE and SME then finalizing one prevents further configuration of the other.',
    text: `
      ${both}
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)      -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1) -> -EPERM (too late)
      KVM_SET_ONE_REG(${VLS}, &0x1)                -> -EPERM (too late)`,
  },
  {
    title: 'SME without SVE is finalized, too',
    text: `
      ${alone}
      KVM_RUN(immediate_exit)      -> -EPERM (too early)
      KVM_GET_REG_LIST(n = 1000)   -> -EPERM (too early)
      KVM_SET_ONE_REG(${VLS}, &0x1) -> ok
      ${final}
      KVM_RUN(immediate_exit)      -> -EINTR (immediate_exit)`,
  },
  {
    title: 'a vcpu with neither has nothing to finalize, and no registers of SME',
    text: `
      KVM_ARM_VCPU_INIT(features[] = 0)       -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_VEC) -> -EINVAL (not enabled)
      KVM_GET_ONE_REG(${VLS})                 -> -ENOENT (vcpu without SME)
      KVM_SET_ONE_REG(${VLS}, &0x1)           -> -ENOENT (vcpu without SME)
      KVM_GET_ONE_REG(${ZA})                  -> -ENOENT (vcpu without SME)
      KVM_GET_ONE_REG(${SVCR})                -> -ENOENT (no register)
      KVM_SET_ONE_REG(${SVCR}, &0x1)          -> -ENOENT (no register)
      KVM_GET_ONE_REG(${Z})                   -> -ENOENT (vcpu without SVE)
      KVM_SET_ONE_REG(${Z}, &0x1)             -> -ENOENT (vcpu without SVE)`,
  },
  {
    title: 'a feature that no release has, and one that this host has not',
    host: '6.12-cortex-a57-gicv3',
    text: `
      KVM_CHECK_EXTENSION(KVM_CAP_ARM_SME)             -> ok = 0
      KVM_ARM_VCPU_INIT(features[] = 1 << 10)          -> -ENOENT (unknown feature)
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SME) -> -EINVAL (not offered)`,
  },
  {
    title: 'ZA and ZT0 are accessible while SVCR.ZA is 1, and begin with zeros',
    text: `
      ${alone}
      KVM_SET_ONE_REG(${SVCR}, &0x2) -> ok
      KVM_GET_ONE_REG(${ZA})         -> -EPERM (too early)
      KVM_SET_ONE_REG(${ZT}, &0x1)   -> -EPERM (too early)
      KVM_GET_ONE_REG(${ZA}, &unmapped) -> -EPERM (too early)
      ${final}
      KVM_SET_ONE_REG(${ZA}, &0x5)   -> ok
      KVM_SET_ONE_REG(${ZT}, &0x7)   -> ok
      KVM_GET_ONE_REG(${ZT})         -> ok = 0x7
      KVM_SET_ONE_REG(${SVCR}, &0x0) -> ok
      KVM_GET_ONE_REG(${ZA})         -> -EBUSY (ZA is off)
      KVM_SET_ONE_REG(${ZT}, &0x7)   -> -EBUSY (ZA is off)
      KVM_SET_ONE_REG(${SVCR}, &0x2) -> ok
      KVM_GET_ONE_REG(${ZA})         -> ok = 0x0
      KVM_GET_ONE_REG(${ZT})         -> ok = 0x0`,
  },
  {
    title: 'SVCR has two bits',
    text: `
      ${alone}
      KVM_SET_ONE_REG(${SVCR}, &0x3)       -> ok
      KVM_GET_ONE_REG(${SVCR})             -> ok = 0x3
      KVM_SET_ONE_REG(${SVCR}, &0x4)       -> -EINVAL (SVCR)
      KVM_SET_ONE_REG(${SVCR}, &unmapped)  -> -EFAULT (bad value pointer)
      KVM_SET_ONE_REG(${VLS}, &short(63), &0xf) -> -EFAULT (bad value pointer)`,
  },
  {
    title: 'streaming mode shows Z and P with the lengths of SME, and what was there is gone',
    text: `
      ${both}
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1) -> ok
      KVM_SET_ONE_REG(${VLS}, &0x3)                -> ok
      ${final}
      KVM_SET_ONE_REG(${Z}, &0x1ffffffffffffffffffffffffffffffff) -> ok
      KVM_GET_ONE_REG(${Z})                        -> ok = 0xffffffffffffffffffffffffffffffff
      KVM_SET_ONE_REG(${SVCR}, &0x1)               -> ok
      KVM_GET_ONE_REG(${Z})                        -> ok = 0x0
      KVM_SET_ONE_REG(${Z}, &0x1ffffffffffffffffffffffffffffffff) -> ok
      KVM_GET_ONE_REG(${Z})                        -> ok = 0x1ffffffffffffffffffffffffffffffff
      KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_FFR(0))    -> -ENOENT (FFR in streaming mode)
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_FFR(0), &0x1) -> -ENOENT (FFR in streaming mode)
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr)) -> ok = 0x800009f
      KVM_SET_ONE_REG(${SVCR}, &0x0)               -> ok
      KVM_GET_ONE_REG(${Z})                        -> ok = 0x0`,
  },
  {
    title: 'without SVE the vectors are V0 to V31, in streaming mode Z0 to Z31',
    text: `
      ${alone}
      ${final}
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0])) -> ok
      KVM_GET_ONE_REG(${Z})                                   -> -ENOENT (vcpu without SVE)
      KVM_SET_ONE_REG(${SVCR}, &0x1)                          -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0])) -> -EINVAL (use SVE registers)
      KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]), &0x1) -> -EINVAL (use SVE registers)
      KVM_SET_ONE_REG(${Z}, &0x1)                             -> ok
      KVM_GET_ONE_REG(${Z})                                   -> ok = 0x1`,
  },
  {
    title: 'ids of SME that are no register',
    text: `
      ${alone}
      KVM_SET_ONE_REG(${VLS}, &0x1)                      -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM64_SME_ZAHREG(16, 0))   -> -EINVAL (no SME register)
      KVM_SET_ONE_REG(KVM_REG_ARM64_SME_ZTREG(1))        -> -EINVAL (no SME register)
      KVM_GET_ONE_REG(KVM_REG_ARM64_SME_ZAHREG(15, 1))   -> -ENOENT (no such slice)
      KVM_SET_ONE_REG(KVM_REG_ARM64_SME_ZAHREG(15, 31))  -> -ENOENT (no such slice)
      KVM_GET_ONE_REG(KVM_REG_ARM64_SME_ZAHREG(15, 0))   -> -EBUSY (ZA is off)`,
  },
  {
    title: 'a list has the registers that are there just now',
    text: `
      ${alone}
      KVM_SET_ONE_REG(${VLS}, &0x1)         -> ok
      ${final}
      KVM_GET_REG_LIST(n = 0)                -> -E2BIG (n too small)
      KVM_GET_REG_LIST(n = 1000)             -> ok
      KVM_SET_ONE_REG(${SVCR}, &0x2)         -> ok
      KVM_GET_REG_LIST(&short(16), n = 1000) -> -EFAULT (no room)
      KVM_GET_REG_LIST(n = 1000)             -> ok`,
  },
]
