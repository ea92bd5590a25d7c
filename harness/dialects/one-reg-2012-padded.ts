/** KVM_SET_ONE_REG with 64 bits for everything: smaller registers padded, larger ones split into pieces. */
import { badPointer } from '../model/bad-pointer.ts'
import { changed, dialect } from '../model/dialect.ts'
import { ioctl, type Refusal } from '../model/rule.ts'
import { anyNumber, u64 } from '../model/scalar.ts'
import { struct } from '../model/struct.ts'
import { ioctls } from '../names/index.ts'
import { comparedPadded } from './parts/one-reg/compared-padded.ts'
import { oneRegId } from './parts/one-reg/ids.ts'
import { lawsOfPieces } from './parts/one-reg/laws-of-pieces.ts'
import { merged, PIECE, pieceOf } from './parts/one-reg/pieces.ts'
import * as registers from './parts/one-reg/registers.ts'

const { reply, wood } = registers

const SIZE = 16

const id = { of: oneRegId, bare: true } as const
const value = { of: u64('value', anyNumber(PIECE, [0n, 1n, 0xffn, 0xffff_ffffn, 1n << 32n])), bare: true } as const
const layout = { size: SIZE, fields: { id: [0, 8], value: [8, 8] } } as const
const toSet = struct('kvm_one_reg', { id, value }, { layout })
const toGet = struct('kvm_one_reg', { id }, { layout, shows: 'value', written: true })
type ToSet = Parameters<typeof toSet.print>[0]
type ToGet = Parameters<typeof toGet.print>[0]

const noPiece: Refusal<ToGet>[] = [
  registers.notInitialised,
  ...registers.otherArchitecture,
  {
    why: 'no register',
    says: 'The vcpu has a register with these low bits.',
    cite: registers.patch('we can get and set a single register that is identified by an ID'),
    errno: 'ENOENT',
    when: (here, arg) => registers.registerOf(here, arg.id) === undefined,
  },
  {
    why: 'no such piece',
    says: 'Bits 59 to 32 number the piece, of which there is one for every 64 bits.',
    cite: reply('splitting bigger ones into separate IDs'),
    errno: 'ENOENT',
    when: (here, arg) => registers.registerOf(here, arg.id) !== undefined && pieceOf(here, arg) === undefined,
  },
]

const set = ioctl<ToSet>('KVM_SET_ONE_REG', {
  // The shipped number: that struct is as long, and has a pointer where this one has the value.
  nr: ioctls.KVM_SET_ONE_REG,
  on: ['vcpu'],
  capability: 'KVM_CAP_ONE_REG',
  weight: 18,
  takes: toSet,
  refuses: [
    badPointer(toSet, wood('using __u64 for everything')),
    ...noPiece,
    {
      why: 'wrong size',
      says: 'What pads a smaller register is 0.',
      cite: wood('reduce potential size mismatch errors'),
      errno: 'EINVAL',
      when(here, arg) {
        const piece = pieceOf(here, arg)
        return piece !== undefined && arg.value >> BigInt(piece.bits) !== 0n
      },
    },
    ...registers.unwritable<ToSet>((here, arg) => {
      const piece = pieceOf(here, arg)
      return piece && { id: piece.id, value: merged(here, piece, arg.value) }
    }),
  ],
  grants: {
    says: 'That piece of the register has the value; the others have what they had.',
    cite: reply('reduce everything to __u64 by padding smaller registers and splitting bigger ones into separate IDs'),
    then(here, arg) {
      const piece = pieceOf(here, arg)
      if (piece) registers.write(here, piece.id, merged(here, piece, arg.value))
    },
  },
})

const get = ioctl<ToGet>('KVM_GET_ONE_REG', {
  nr: ioctls.KVM_GET_ONE_REG,
  on: ['vcpu'],
  capability: 'KVM_CAP_ONE_REG',
  weight: 12,
  takes: toGet,
  refuses: [
    badPointer(toGet, wood('using __u64 for everything')),
    ...noPiece,
    ...registers.unreadable<ToGet>((here, arg) => pieceOf(here, arg)?.id),
  ],
  grants: {
    says: 'The piece of the register, padded with zeros.',
    cite: reply('reduce everything to __u64 by padding smaller registers and splitting bigger ones into separate IDs'),
    gives(here, arg) {
      const piece = pieceOf(here, arg)
      return piece ? BigInt.asUintN(PIECE, registers.exampleOf(here, piece.id) >> piece.shift) : 0n
    },
    varies: (here, arg) => registers.varies(here, pieceOf(here, arg)?.id),
  },
})

export default dialect({
  name: 'one-reg-2012-padded',
  about: 'KVM_SET_ONE_REG and KVM_GET_ONE_REG carry 64 bits: a smaller register is padded, a larger one has pieces',
  mail: {
    date: '2012-01-04',
    from: 'Scott Wood',
    subject: 'Re: [PATCH 07/50] KVM: PPC: Add generic single register ioctls',
  },
  ioctls: (shipped) =>
    changed(shipped, { KVM_SET_ONE_REG: () => set, KVM_GET_ONE_REG: () => get, KVM_GET_REG_LIST: () => undefined }),
  sequences: [
    {
      title: 'a smaller register is padded, and no size can be wrong without being seen',
      text: `
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), 0x1)          -> -ENOEXEC (not initialised)
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))               -> -ENOEXEC (not initialised)
        KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), 0xfedcba9876543210) -> ok
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))               -> ok = 0xfedcba9876543210
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr), 0x8000000) -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr), 0x108000000) -> -EINVAL (wrong size)
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr))          -> ok = 0x8000000`,
    },
    {
      title: 'a larger register is as many registers: between two calls it is half new and half old',
      says: 'Scott Wood: do they need to be set atomically? Alexander Graf: it might uglify the code quite a bit.',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]), 0x1111111111111111) -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]) | 1 << 32, 0x2222) -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]), 0x3333) -> ok
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]) | 1 << 32) -> ok = 0x2222
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]))      -> ok = 0x3333
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]) | 2 << 32, 1) -> -ENOENT (no such piece)
        KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc) | 1 << 32)     -> -ENOENT (no such piece)`,
    },
    {
      title: 'vectors of 2048 bits have 32 pieces',
      host: '6.12-max-gicv3',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)             -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), 0x1)           -> -EPERM (not now)
        KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))                -> -EPERM (not yet)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, 0x0)                  -> -EINVAL (value)
        KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)                      -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0) | 31 << 32, 0x5) -> ok
        KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0) | 31 << 32)     -> ok = 0x5
        KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0) | 32 << 32)     -> -ENOENT (no such piece)`,
    },
    {
      title: 'ids are those of the patch',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0)                            -> ok
        KVM_SET_ONE_REG(&short(15), KVM_REG_ARM_CORE_REG(regs.pc), 0x1) -> -EFAULT (bad pointer)
        KVM_GET_ONE_REG(&readonly, KVM_REG_ARM_CORE_REG(regs.pc))    -> -EFAULT (bad pointer)
        KVM_SET_ONE_REG(KVM_ONE_REG_GENERIC, 0x1)                    -> -ENOENT (no generic register)
        KVM_GET_ONE_REG(KVM_ONE_REG_S390)                            -> -EINVAL (not of this architecture)
        KVM_GET_ONE_REG(KVM_ONE_REG_GENERIC | 0x1)                   -> -ENOENT (no generic register)
        KVM_SET_ONE_REG(KVM_ONE_REG_PPC, 0x1)                        -> -EINVAL (not of this architecture)
        KVM_SET_ONE_REG(KVM_ONE_REG_ARM | 0xffffffff, 0x1)           -> -ENOENT (no register)
        KVM_GET_ONE_REG(KVM_ONE_REG_ARM | 0xffffffff)                -> -ENOENT (no register)`,
    },
    {
      title: 'what a guest was told of its hardware stays',
      host: '6.12-max-gicv3',
      text: `
        KVM_ARM_VCPU_INIT(features[] = 0)          -> ok
        KVM_RUN(immediate_exit)                    -> -EINTR (immediate_exit)
        KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, 0x0) -> -EBUSY (has run)`,
    },
  ],
  laws: lawsOfPieces,
  equivalent: {
    'KVM_GET_ONE_REG/no such piece after KVM_GET_ONE_REG/not yet': 'a piece that is not there is of no register',
    'KVM_SET_ONE_REG/no such piece after KVM_SET_ONE_REG/wrong size': 'a piece that is not there has no padding',
    'KVM_SET_ONE_REG/wrong size after KVM_SET_ONE_REG/not now':
      'registers that have their time are those of SVE, of which none is smaller than a piece',
    'KVM_SET_ONE_REG/not now after KVM_SET_ONE_REG/has run':
      'a value is refused for one reason, that of the shipped call',
    'KVM_SET_ONE_REG/has run after KVM_SET_ONE_REG/value':
      'a value is refused for one reason, that of the shipped call',
  },
  compared: comparedPadded,
})
