/** Many registers with one call: a list of those that there are, with sizes, and a stream of exactly their bytes. */
import { changed, dialect } from '../model/dialect.ts'
import { comparedMany } from './parts/one-reg/compared-many.ts'
import { lawsOfMany } from './parts/one-reg/laws-of-many.ts'
import { getMany, getRegSizes, setMany } from './parts/one-reg/many-calls.ts'

export default dialect({
  name: 'one-reg-2012-many',
  about: 'KVM_GET_MANY_REGS and KVM_SET_MANY_REGS move a stream of registers, which a list names with their sizes',
  mail: {
    date: '2012-01',
    from: 'Alexander Graf',
    subject: 'Re: [PATCH 07/50] KVM: PPC: Add generic single register ioctls',
  },
  ioctls: (shipped) =>
    changed(
      shipped,
      { KVM_SET_ONE_REG: () => undefined, KVM_GET_ONE_REG: () => undefined, KVM_GET_REG_LIST: getRegSizes },
      [setMany, getMany],
    ),
  sequences: [
    {
      title: 'a stream has exactly the bytes of its registers',
      says: 'Alexander Graf: no need to waste 128 bytes for every register.',
      text: `
        KVM_GET_MANY_REGS(KVM_REG_ARM_TIMER_CVAL: 8)                 -> -ENOEXEC (not initialised)
        KVM_SET_MANY_REGS(KVM_REG_ARM_TIMER_CVAL: 8)                 -> -ENOEXEC (not initialised)
        KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
        KVM_SET_MANY_REGS(KVM_REG_ARM_CORE_REG(fp_regs.fpsr): 4, KVM_REG_ARM_TIMER_CVAL: 8, data = 0x777700000001) -> ok
        KVM_GET_MANY_REGS(KVM_REG_ARM_TIMER_CVAL: 8)                 -> ok = 0x7777
        KVM_GET_MANY_REGS(KVM_REG_ARM_TIMER_CVAL: 8, KVM_REG_ARM_CORE_REG(fp_regs.fpsr): 4) -> ok = 0x10000000000007777
        KVM_GET_MANY_REGS                                            -> ok`,
    },
    {
      title: 'a list with sizes tells userspace of registers that it has never heard of',
      host: '6.12-max-gicv3',
      says: 'Scott Wood: so that userspace does not have to know about every register in order to migrate.',
      text: `
        KVM_GET_REG_SIZES(n = 1000)                      -> -ENOEXEC (not initialised)
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_GET_REG_SIZES(n = 1000)                      -> -EPERM (too early)
        KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
        KVM_GET_REG_SIZES(n = 0)                         -> -E2BIG = 278 (n too small)
        KVM_GET_REG_SIZES(&short(4455), n = 278)         -> -EFAULT (no room)
        KVM_GET_REG_SIZES(n = 278)                       -> ok = 278`,
    },
    {
      title: 'a size that is not that of the register is refused, and where one register is refused none is written',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
        KVM_SET_MANY_REGS(KVM_REG_ARM_CORE_REG(regs.pc): 4, data = 0x1) -> -EINVAL (wrong size)
        KVM_GET_MANY_REGS(KVM_REG_ARM_CORE_REG(regs.pc): 16)         -> -EINVAL (wrong size)
        KVM_SET_MANY_REGS(KVM_REG_ARM_CORE_REG(regs.pc): 8, KVM_ONE_REG_ARM: 8, data = 1) -> -ENOENT (no register)
        KVM_GET_MANY_REGS(KVM_REG_ARM_CORE_REG(regs.pc): 8, KVM_ONE_REG_ARM | 0xffffffff: 8) -> -ENOENT (no register)
        KVM_GET_MANY_REGS(KVM_REG_ARM_CORE_REG(regs.pc): 8)          -> ok = 0x0`,
    },
    {
      title: 'of several reasons in one list that comes first which a single register would be refused for first',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)                          -> ok
        KVM_GET_MANY_REGS(KVM_REG_ARM64_SVE_FFR(0): 32, data = &short(7))         -> -EPERM (not yet)
        KVM_SET_MANY_REGS(KVM_REG_ARM64_SVE_FFR(0): 32, data = &short(7))         -> -EFAULT (bad data pointer)
        KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                                   -> ok
        KVM_RUN(immediate_exit)                                                   -> -EINTR (immediate_exit)
        KVM_SET_MANY_REGS(KVM_REG_ARM_STD_BMAP: 8, KVM_REG_ARM64_SVE_VLS: 64, data = 1 << 64) -> -EPERM (not now)
        KVM_SET_MANY_REGS(KVM_REG_ARM_PSCI_VERSION: 8, KVM_REG_ARM_STD_BMAP: 8, data = 0xffff) -> -EBUSY (has run)`,
    },
    {
      title: 'all pointers are good, and registers are those of the vcpu',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
        KVM_SET_MANY_REGS(&short(23))                                -> -EFAULT (bad pointer)
        KVM_GET_MANY_REGS(&unmapped)                                 -> -EFAULT (bad pointer)
        KVM_SET_MANY_REGS(KVM_REG_ARM_CORE_REG(regs.pc): 8, list = &short(15)) -> -EFAULT (bad list pointer)
        KVM_GET_MANY_REGS(KVM_REG_ARM_CORE_REG(regs.pc): 8, list = &short(15)) -> -EFAULT (bad list pointer)
        KVM_SET_MANY_REGS(KVM_REG_ARM_CORE_REG(regs.pc): 8, data = &short(7)) -> -EFAULT (bad data pointer)
        KVM_GET_MANY_REGS(KVM_REG_ARM_CORE_REG(regs.pc): 8, data = &readonly) -> -EFAULT (bad data pointer)
        KVM_SET_MANY_REGS(KVM_ONE_REG_GENERIC: 8)                    -> -ENOENT (no generic register)
        KVM_GET_MANY_REGS(KVM_ONE_REG_GENERIC | KVM_ONE_REG_GENERIC | 0x100020: 8) -> -ENOENT (no generic register)
        KVM_SET_MANY_REGS(KVM_ONE_REG_PPC | 0x100040: 8)             -> -EINVAL (not of this architecture)
        KVM_GET_MANY_REGS(KVM_ONE_REG_X86 | 0x100040: 8)             -> -EINVAL (not of this architecture)`,
    },
    {
      title: 'vectors of any size fit; vector lengths are set before',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)             -> ok
        KVM_GET_MANY_REGS(KVM_REG_ARM64_SVE_ZREG(0, 0): 256)         -> -EPERM (not yet)
        KVM_SET_MANY_REGS(KVM_REG_ARM64_SVE_VLS: 64)                 -> -EINVAL (value)
        KVM_SET_MANY_REGS(KVM_REG_ARM64_SVE_VLS: 64, data = 0x3)     -> ok
        KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                      -> ok
        KVM_SET_MANY_REGS(KVM_REG_ARM64_SVE_VLS: 64, data = 0x3)     -> -EPERM (not now)
        KVM_SET_MANY_REGS(KVM_REG_ARM64_SVE_ZREG(0, 0): 256, data = 1 << 64) -> ok
        KVM_GET_MANY_REGS(KVM_REG_ARM64_SVE_ZREG(0, 0): 256)         -> ok = 0x10000000000000000`,
    },
    {
      title: 'what a guest was told of its hardware stays',
      host: '6.12-max-gicv3',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0)                      -> ok
        KVM_RUN(immediate_exit)                                -> -EINTR (immediate_exit)
        KVM_SET_MANY_REGS(KVM_REG_ARM_STD_BMAP: 8, data = 0x0) -> -EBUSY (has run)`,
    },
  ],
  laws: lawsOfMany,
  compared: comparedMany,
})
