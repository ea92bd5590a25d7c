/** KVM_SET_ONE_REG as it was first posted: the value in a union inside the struct, and an id without a size. */
import { badPointer } from '../model/bad-pointer.ts'
import { changed, dialect } from '../model/dialect.ts'
import { assumed, ioctl, type Refusal } from '../model/rule.ts'
import type { Here } from '../model/world.ts'
import { _IOW, _IOWR } from '../names/index.ts'
import { compared } from './parts/one-reg/compared.ts'
import { middleOf } from './parts/one-reg/ids.ts'
import { laws } from './parts/one-reg/laws.ts'
import * as registers from './parts/one-reg/registers.ts'
import { bitsOf, SIZE, toGet, toSet, UNION, type ToGet, type ToSet } from './parts/one-reg/union.ts'

const { patch, wood } = registers

/** The shipped id of the register that is asked for; undefined where the vcpu has none. */
const registerOf = (here: Here, { id }: ToGet): bigint | undefined =>
  middleOf(id) === 0n ? registers.registerOf(here, id) : undefined

/** Bytes of that register; 0 where there is none. */
const bytesOf = (here: Here, arg: ToGet): number => {
  const id = registerOf(here, arg)
  return id === undefined ? 0 : registers.bytesOf(id)
}

const noRegister: Refusal<ToGet>[] = [
  registers.notInitialised,
  ...registers.otherArchitecture,
  {
    why: 'no register',
    says: 'The vcpu has a register with this id, whose bits 59 to 32 are 0.',
    cite: patch('we can get and set a single register that is identified by an ID'),
    errno: 'ENOENT',
    when: (here, arg) => registerOf(here, arg) === undefined,
  },
  {
    why: 'larger than the union',
    says: 'A register has 1024 bits at most. The vectors of SVE have 2048, and cannot be got or set.',
    cite: patch(
      'it needs to pad to 1024 bits (hardware is already on 512 bit registers, so I wanted to leave some room)',
    ),
    errno: 'E2BIG',
    when: (here, arg) => bytesOf(here, arg) > UNION,
  },
]

const set = ioctl<ToSet>('KVM_SET_ONE_REG', {
  // The mail gives no number. The shipped one, with the size of this struct, is another number.
  nr: _IOW(0xae, 0xac, SIZE),
  on: ['vcpu'],
  capability: 'KVM_CAP_ONE_REG',
  weight: 18,
  takes: toSet,
  refuses: [
    badPointer(toSet, patch('struct kvm_one_reg (in)')),
    ...noRegister,
    {
      why: 'wrong size',
      says: 'What lies in the union beyond the register is 0: the kernel can see no more of a wrong member than that.',
      cite: wood('reduce potential size mismatch errors'),
      errno: 'EINVAL',
      when: (here, arg) => registerOf(here, arg) !== undefined && arg.value >> BigInt(bytesOf(here, arg) * 8) !== 0n,
    },
    ...registers.unwritable<ToSet>((here, arg) => {
      const id = registerOf(here, arg)
      return id === undefined ? undefined : { id, value: arg.value }
    }),
  ],
  grants: {
    says: 'The register has the value, of as many bytes as the register has.',
    cite: patch('we can get and set a single register'),
    then: (here, arg) => registers.write(here, registerOf(here, arg), arg.value),
  },
})

const get = ioctl<ToGet>('KVM_GET_ONE_REG', {
  nr: _IOWR(0xae, 0xab, SIZE),
  on: ['vcpu'],
  capability: 'KVM_CAP_ONE_REG',
  weight: 12,
  takes: toGet,
  refuses: [
    badPointer(toGet, assumed('the value comes back in the struct')),
    ...noRegister,
    ...registers.unreadable<ToGet>(registerOf),
  ],
  grants: {
    says: 'The register fills as much of the union as it has bytes, the rest is 0; a smaller member has its low bits.',
    cite: patch('we can get and set a single register'),
    gives: (here, arg) => BigInt.asUintN(bitsOf(arg.member), registers.exampleOf(here, registerOf(here, arg))),
    varies: (here, arg) => registers.varies(here, registerOf(here, arg)),
  },
})

export default dialect({
  name: 'one-reg-2012',
  about: 'KVM_SET_ONE_REG and KVM_GET_ONE_REG carry the value in a union of reg8 to reg1024, and the id has no size',
  mail: {
    date: '2012-01-04',
    from: 'Alexander Graf',
    subject: '[PATCH 07/50] KVM: PPC: Add generic single register ioctls',
  },
  ioctls: (shipped) =>
    changed(shipped, { KVM_SET_ONE_REG: () => set, KVM_GET_ONE_REG: () => get, KVM_GET_REG_LIST: () => undefined }),
  sequences: [
    {
      title: 'one register is set and got by its id, through the member that fits',
      text: `
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg64)        -> -ENOEXEC (not initialised)
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg64 = 0x1)  -> -ENOEXEC (not initialised)
        KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg64 = 0x123456789abcdef0) -> ok
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg64)        -> ok = 0x123456789abcdef0
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[7]), reg128 = 1 << 68) -> ok
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[7]), reg128) -> ok = 0x100000000000000000
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr), reg32 = 0x8000000) -> ok
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr), reg32)   -> ok = 0x8000000`,
    },
    {
      title: 'a member that is too small loses bits without a word, one that is too large only where the rest is not 0',
      says: 'Scott Wood: use __u64 for everything that does not need to be an array, and reduce size mismatch errors.',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg64 = 0x123456789abcdef0) -> ok
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg8)         -> ok = 0xf0
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg16)        -> ok = 0xdef0
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg32)        -> ok = 0x9abcdef0
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg1024)      -> ok = 0x123456789abcdef0
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg128 = 1 << 64) -> -EINVAL (wrong size)
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg512 = 0x5) -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg32 = 0xffffffff) -> ok
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), reg64)        -> ok = 0xffffffff`,
    },
    {
      title: 'an id has an architecture in bits 63 to 60, and registers are those of the vcpu',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
        KVM_SET_ONE_REG(&short(135), KVM_REG_ARM_CORE_REG(regs.pc), reg64 = 1) -> -EFAULT (bad pointer)
        KVM_GET_ONE_REG(&readonly, KVM_REG_ARM_CORE_REG(regs.pc), reg64) -> -EFAULT (bad pointer)
        KVM_SET_ONE_REG(KVM_ONE_REG_GENERIC, reg64 = 0x1)            -> -ENOENT (no generic register)
        KVM_GET_ONE_REG(KVM_ONE_REG_GENERIC | 0x1, reg64)            -> -ENOENT (no generic register)
        KVM_SET_ONE_REG(KVM_ONE_REG_PPC | 0x1, reg64 = 0x1)          -> -EINVAL (not of this architecture)
        KVM_GET_ONE_REG(KVM_ONE_REG_X86, reg64)                      -> -EINVAL (not of this architecture)
        KVM_GET_ONE_REG(KVM_ONE_REG_IA64, reg64)                     -> -EINVAL (not of this architecture)
        KVM_GET_ONE_REG(KVM_ONE_REG_S390, reg64)                     -> -EINVAL (not of this architecture)
        KVM_GET_ONE_REG(0x6000000000000000, reg64)                   -> -EINVAL (not of this architecture)
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc) | 1 << 32, reg64) -> -ENOENT (no register)
        KVM_SET_ONE_REG(KVM_ONE_REG_ARM | 0xffffffff, reg64 = 0x1)   -> -ENOENT (no register)`,
    },
    {
      title: 'SVE: the lengths fit, but no vector does',
      says: 'A room of 1024 bits was left, and the next vectors had 2048.',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)            -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_PREG(0, 0), reg256 = 0x1) -> -EPERM (not now)
        KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_PREG(0, 0), reg256)       -> -EPERM (not yet)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, reg512 = 0x0)        -> -EINVAL (value)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, reg512 = 0x1)        -> ok
        KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                     -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_PREG(0, 0), reg256 = 0x1) -> ok
        KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), reg1024)      -> -E2BIG (larger than the union)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), reg1024 = 1)  -> -E2BIG (larger than the union)`,
    },
    {
      title: 'what a guest was told of its hardware stays',
      host: '6.12-max-gicv3',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0)                  -> ok
        KVM_RUN(immediate_exit)                            -> -EINTR (immediate_exit)
        KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, reg64 = 0x0) -> -EBUSY (has run)`,
    },
  ],
  laws,
  equivalent: {
    'KVM_GET_ONE_REG/no register after KVM_GET_ONE_REG/larger than the union': 'what is not there has no size',
    'KVM_SET_ONE_REG/no register after KVM_SET_ONE_REG/larger than the union': 'what is not there has no size',
    'KVM_SET_ONE_REG/larger than the union after KVM_SET_ONE_REG/wrong size':
      'no value in the union is too large for a register that is larger than it',
    'KVM_SET_ONE_REG/not now after KVM_SET_ONE_REG/has run':
      'a value is refused for one reason, that of the shipped call',
    'KVM_SET_ONE_REG/has run after KVM_SET_ONE_REG/value':
      'a value is refused for one reason, that of the shipped call',
  },
  compared,
})
