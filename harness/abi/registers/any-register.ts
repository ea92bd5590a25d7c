/** What KVM_GET_ONE_REG and KVM_SET_ONE_REG check before they look which register it is. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, src, type Refusal } from '../../model/rule.ts'
import { regs } from '../../names/index.ts'
import { toRead, type OneReg } from './one-reg.ts'

export const beforeAnyRegister: readonly Refusal<OneReg>[] = [
  {
    why: 'not initialised',
    says: 'A vcpu has registers after KVM_ARM_VCPU_INIT.',
    cite: src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_ioctl'),
    errno: 'ENOEXEC',
    when: ({ vcpu }) => !vcpu.initialised,
  },
  badPointer<OneReg>(toRead, api('4.68', 'struct kvm_one_reg (in)')),
  {
    why: 'not of arm64',
    says: 'The upper half of the id is KVM_REG_ARM64 and the size, and nothing else.',
    cite: api('4.68', 'arm64 registers are mapped using the lower 32 bits'),
    errno: 'EINVAL',
    when: (_, { id }) => (id & ~regs.KVM_REG_SIZE_MASK) >> 32n !== regs.KVM_REG_ARM64 >> 32n,
  },
]
