/** What became of registers padded to 64 bits and in pieces, beside what shipped. */
import type { Comparison } from '../../../model/dialect.ts'

export const comparedPadded: readonly Comparison[] = [
  {
    about: 'registers of fewer than 64 bits',
    drafted: 'padded with zeros, so that there is no size to be mistaken',
    shipped: 'a value has just the bytes that the id says, and no more are read or written',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0)                               -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr), &0x8000000) -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr))             -> ok = 0x8000000
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr), &short(4))  -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr), &short(3))  -> -EFAULT (bad value pointer)`,
    because: 'For the padding things should be good; a size in the id prevents the same mistake.',
    source: 'Alexander Graf, in reply to Scott Wood, 2012-01: for the padding things should be good',
  },
  {
    about: 'registers of more than 64 bits',
    drafted: 'a piece for every 64 bits, each with an id of its own',
    shipped: 'whole, with one call; only vectors beyond 2048 bits would be split, into slices that no kernel has yet',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)    -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x1) -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))       -> ok = 0x1
      KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 1))       -> -ENOENT (no such slice)`,
    because: 'It might uglify the code quite a bit when remerging bigger registers.',
    source: 'Alexander Graf, in reply to Scott Wood, 2012-01: but might uglify the code quite a bit',
  },
  {
    about: 'whether a large register is set atomically',
    drafted: 'no: between two calls it is half new and half old',
    shipped: 'yes: a vector register is set with one call, and half of it is no register',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0)                                 -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]), &1 << 64) -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]))           -> ok = 0x10000000000000000
      KVM_GET_ONE_REG(0x6030000000100054)                               -> -EINVAL (no core register)
      KVM_GET_ONE_REG(0x6030000000100056)                               -> -EINVAL (no core register)`,
    because: 'Hardware without such wide general registers populates them from memory, that is whole.',
    source: 'Scott Wood, 2012-01-04: do they need to be set atomically? and the answer of Alexander Graf',
  },
  {
    about: 'the second word of the struct',
    drafted: 'the value',
    shipped:
      'the address of the value, in a struct of the same 16 bytes with the same number: a value is a wrong address',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0)                         -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &unmapped) -> -EFAULT (bad value pointer)
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &unmapped) -> -EFAULT (bad value pointer)`,
    because: 'The thread does not say; with an address neither padding nor remerging is needed, whatever the size.',
    source: 'api.rst 4.68: struct kvm_one_reg has __u64 id and __u64 addr',
  },
]
