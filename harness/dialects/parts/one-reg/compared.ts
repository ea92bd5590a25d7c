/** What became of the union of registers: each thing that was proposed beside what shipped. */
import type { Comparison } from '../../../model/dialect.ts'

export const compared: readonly Comparison[] = [
  {
    about: 'where the value of a register is',
    drafted: 'in a union in struct kvm_one_reg, which has 136 bytes',
    shipped: 'behind a pointer: struct kvm_one_reg has an id and an address, and 16 bytes',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0)                                   -> ok
      vcpu0: ioctl(0x4088aeac)                                            -> -EINVAL (unknown ioctl)
      vcpu0: ioctl(0xc088aeab)                                            -> -EINVAL (unknown ioctl)
      KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x123456789abcdef0) -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))                      -> ok = 0x123456789abcdef0
      KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &short(7))           -> -EFAULT (bad value pointer)`,
    because: 'Room for 1024 bits is slightly too much for transmitting only 64.',
    source: 'Alexander Graf, 2012-01-04, of his own patch: the only downpoint I see',
  },
  {
    about: 'how large a register is',
    drafted: 'nobody says: the kernel knows its registers, and userspace picks a member of the union',
    shipped: 'bits 55 to 52 of the id say it, and an id with another size is no register',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0)             -> ok
      KVM_GET_ONE_REG(0x6030000000100040)           -> ok
      KVM_GET_ONE_REG(0x6020000000100040)           -> -EINVAL (no core register)
      KVM_GET_ONE_REG(0x6040000000100040)           -> -EINVAL (no core register)
      KVM_SET_ONE_REG(0x6020000000100040, &0x1)     -> -EINVAL (no core register)
      KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 1, 0, 0)) -> ok
      KVM_GET_ONE_REG(0x602000000013c080)           -> -ENOENT (no register)
      KVM_GET_ONE_REG(0x604000000013c080)           -> -ENOENT (no register)`,
    because: 'Members of several sizes are potential size mismatch errors.',
    source: 'Scott Wood, 2012-01-04: can we simplify (and reduce potential size mismatch errors)',
  },
  {
    about: 'the largest register',
    drafted: '1024 bits, twice of what hardware had',
    shipped: 'the id has room for 2 to the power of 15 bytes; vectors of SVE have 2048 bits',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)    -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> ok
      KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x1) -> ok
      KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))       -> ok = 0x1
      KVM_GET_ONE_REG(0x6070000000150000)                 -> -EINVAL (no SVE register)`,
    because: 'Hardware is already on 512-bit registers, and some room was wanted; a pointer needs none.',
    source: 'Alexander Graf, 2012-01-04: hardware is already on 512 bit registers, so I wanted to leave some room',
  },
  {
    about: 'how many architectures an id can name',
    drafted: 'bits 63 to 60: KVM_ONE_REG_PPC is 1, X86 2, IA64 3, ARM 4, S390 5',
    shipped: 'bits 63 to 56, with the same numbers in their upper half; arm64 is 0x60, and ARM 0x40 is no more',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0)   -> ok
      KVM_GET_ONE_REG(0x6030000000100040) -> ok
      KVM_GET_ONE_REG(0x6130000000100040) -> -EINVAL (not of arm64)
      KVM_GET_ONE_REG(0x4030000000100040) -> -EINVAL (not of arm64)
      KVM_GET_ONE_REG(0x4000000000100040) -> -EINVAL (not of arm64)
      KVM_GET_ONE_REG(0x1030000000100040) -> -EINVAL (not of arm64)
      KVM_GET_ONE_REG(0x5030000000100040) -> -EINVAL (not of arm64)`,
    because: 'There is room to spare, and the full high byte can be declared the mask when it is needed.',
    source:
      'Scott Wood, 2012-01-04, and the answer of Alexander Graf: we can just declare the full high byte as arch mask',
  },
  {
    about: 'a generic range of ids',
    drafted: 'ids with no architecture, reserved for other use',
    shipped: 'KVM_REG_GENERIC is 0 still, and arm64 has no such register: a bare id is refused',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0)   -> ok
      KVM_GET_ONE_REG(0x0)                -> -EINVAL (not of arm64)
      KVM_GET_ONE_REG(0x0030000000100040) -> -EINVAL (not of arm64)
      KVM_SET_ONE_REG(0x0, &0x1)          -> -EINVAL (not of arm64)`,
    because: 'It felt logical to reserve a range; nobody has named a knob that would be in it.',
    source: 'Scott Wood, 2012-01-04: generic registers? and the answer of Alexander Graf',
  },
  {
    about: 'registers in the shared kvm_run, with a bitmap of the dirty ones',
    drafted: 'the third way, preferred for registers that userspace needs very often',
    shipped: 'KVM_CAP_SYNC_REGS, which other architectures have and arm64 has not',
    asks: `kvm: KVM_CHECK_EXTENSION(KVM_CAP_SYNC_REGS) -> ok = 0`,
    because: 'An ioctl is not for the fast path anyway, so that the two do not compete.',
    source:
      'Alexander Graf, in reply to Scott Wood, 2012-01: this should be the preferred method for "fast path" registers',
  },
  {
    about: 'static structs of registers',
    drafted: 'KVM_GET_SREGS is replaced, either totally or just for new registers',
    shipped:
      'totally on arm64, which refuses KVM_GET_REGS and KVM_GET_SREGS; nothing is asked, as no rule is about them',
    because: 'There are always more registers than we thought of before, and a struct does not grow.',
    source: 'Alexander Graf, 2012-01-04: the extensibility and flexibility of transferring a full struct is limited',
  },
]
