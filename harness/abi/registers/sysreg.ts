/** System registers and timers: which exist says the record, and which values they take. */
import { inReleases } from '../../model/in-releases.ts'
import { api, src, type Refusal } from '../../model/rule.ts'
import { arm64SysReg, regs } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { cacheRows, CTR_EL0, isDemux } from './caches.ts'
import { has32BitEl0 } from './core.ts'
import { isBitmap, isFirmware } from './firmware.ts'
import { type NewValue, type OneReg, written } from './one-reg.ts'
import { CLIDR_EL1, takes } from './recorded-writes.ts'
import { groupOf } from './table.ts'
import { ID_AA64PFR0_EL1, rowOf, valueOf } from './value.ts'

/** Everything that has no rules of its own, coprocessors that nobody has included. */
export const isOther = (id: bigint): boolean =>
  !isDemux(id) && !isFirmware(id) && groupOf(id) !== regs.KVM_REG_ARM_CORE && groupOf(id) !== regs.KVM_REG_ARM64_SVE

/** The system register with these low bits, whatever coprocessor the id names. */
export const asSystemRegister = (id: bigint): bigint => (id & ~regs.KVM_REG_ARM_COPROC_MASK) | regs.KVM_REG_ARM64_SYSREG

const MIDR_EL1 = arm64SysReg(3, 0, 0, 0, 0)
const REVIDR_EL1 = arm64SysReg(3, 0, 0, 0, 6)
const AIDR_EL1 = arm64SysReg(3, 1, 0, 0, 7)
/** Registers that a kernel keeps in a table of invariants, and finds there under any coprocessor. */
const invariants = {
  '5.10': [MIDR_EL1, REVIDR_EL1, CLIDR_EL1, AIDR_EL1, CTR_EL0],
  '6.12': [MIDR_EL1, REVIDR_EL1, AIDR_EL1],
}

/** A row for each table of invariants. */
const noRegisterRows = (register: readonly string[], isFor: (id: bigint) => boolean): Refusal<OneReg>[] => {
  const row = (known: readonly bigint[], isBitmapToo: boolean): Refusal<OneReg> => ({
    why: 'no register',
    says:
      'The vcpu has no register with that id: size, encoding, or a feature that it was not given. '
      + (known.length > 0 ? 'Invariant registers are found under any coprocessor number.' : ''),
    cite: api('4.68', 'ENOENT no such register'),
    errno: 'ENOENT',
    of: { register },
    when: (here, { id }) =>
      isFor(id)
      && !rowOf(here, id)
      && !(isOther(id) && (isBitmapToo || !isBitmap(id)) && known.includes(asSystemRegister(id))),
  })
  return [
    ...inReleases({ until: '6.1', variant: 'five invariants, also as bitmaps' }, row(invariants['5.10'], true)),
    ...inReleases({ since: '6.1', until: '6.12', variant: 'five invariants' }, row(invariants['5.10'], false)),
    ...inReleases({ since: '6.12', until: '6.15', variant: 'three invariants' }, row(invariants['6.12'], false)),
    ...inReleases({ since: '6.15' }, row([], false)),
  ]
}

/** For KVM_GET_ONE_REG. */
export const noRegister = noRegisterRows(['sys', 'bitmap', 'fw'], (id) => isOther(id) || isFirmware(id))
/** For KVM_SET_ONE_REG: 5.10 looks for the register first, later kernels read the value first. */
export const noRegisterBeforeValue = inReleases({ until: '6.1' }, ...noRegisterRows(['sys', 'bitmap'], isOther))
export const noRegisterAfterValue = inReleases(
  { since: '6.1' },
  ...noRegisterRows(['sys'], (id) => isOther(id) && !isBitmap(id)),
)

const ID_AA64DFR0_EL1 = arm64SysReg(3, 0, 0, 5, 0)
const ID_DFR0_EL1 = arm64SysReg(3, 0, 0, 1, 2)
const field = (value: bigint, shift: number): number => Number((value >> BigInt(shift)) & 15n)

/** ID registers, which from 6.12 on are the VM's: op0 3, op1 0, CRn 0, CRm 1 to 7, and CTR_EL0. */
const isIdRegister = (id: bigint): boolean =>
  id === CTR_EL0 || (id >= arm64SysReg(3, 0, 0, 1, 0) && id <= arm64SysReg(3, 0, 0, 7, 7))

/** What ID registers say of the interrupt controller once the VM has run: the truth. */
export const settled = (here: Here, id: bigint): bigint | undefined => {
  const value = valueOf(here, id)
  if (value === undefined || !here.vm.withoutGicV3?.has(id)) return value
  return id === ID_AA64PFR0_EL1 ? value & ~(15n << 24n) : value & ~(15n << 28n)
}

/** Of a PMU that is not Arm's, 0xf, the kernel makes none before it looks at anything else. */
const withoutOtherPmu = (id: bigint, value: bigint): bigint => {
  const at = id === ID_AA64DFR0_EL1 ? 8 : id === ID_DFR0_EL1 ? 24 : undefined
  return at !== undefined && field(value, at) === 15 ? value & ~(15n << BigInt(at)) : value
}

const hasRun: Refusal<NewValue> = {
  why: 'ID registers are fixed',
  of: { register: 'sys' },
  says: 'Once a vcpu of the VM has run, ID registers stay as they are; writing the same value is no change.',
  cite: src('arch/arm64/kvm/sys_regs.c', 'set_id_reg'),
  since: '6.5',
  errno: 'EBUSY',
  when: (here, arg) =>
    here.vm.hasRun
    && isIdRegister(arg.id)
    && rowOf(here, arg.id) !== undefined
    && withoutOtherPmu(arg.id, written(arg, here.host)) !== settled(here, arg.id),
}

/**
 * Whether the register takes the value, as it was recorded; undefined where nobody has tried. True for a register that
 * rows of its own are about.
 */
const isTaken = (here: Here, arg: NewValue): boolean | undefined => {
  if (!isDemux(arg.id) && (!isOther(arg.id) || isBitmap(arg.id))) return true
  const row = rowOf(here, arg.id) ?? rowOf(here, asSystemRegister(arg.id))
  return row ? takes(row, written(arg, here.host)) : true
}

/** Whether the record decides: an ID register whose VM has run takes what it has, and nothing else. */
const isByRecord = (here: Here, { id }: NewValue): boolean => !(here.vm.hasRun && isIdRegister(id))

/** Whether nobody has tried how kernels take this value: one to which no row here speaks. */
export const isUntried = (here: Here, arg: NewValue): boolean =>
  isByRecord(here, arg) && isTaken(here, arg) === undefined

/** After the value was read and the register found. */
export const wrongSystemValue: readonly Refusal<NewValue>[] = [
  {
    why: 'no such debug architecture',
    of: { register: 'sys' },
    says: 'ID_AA64DFR0_EL1 and ID_DFR0_EL1 promise the debug architecture of Armv8 at least, also once the VM has run.',
    cite: src('arch/arm64/kvm/sys_regs.c', 'set_id_aa64dfr0_el1'),
    since: '6.12',
    errno: 'EINVAL',
    when: (here, arg) => {
      if ((arg.id !== ID_AA64DFR0_EL1 && arg.id !== ID_DFR0_EL1) || !rowOf(here, arg.id)) return false
      // Without a 32-bit EL0 the register reads as zero, whatever is written.
      if (arg.id === ID_DFR0_EL1 && !has32BitEl0(here.host)) return false
      const value = written(arg, here.host)
      const pmu = arg.id === ID_DFR0_EL1 ? field(value, 24) : 0
      return field(value, 0) < 6 || pmu === 1 || pmu === 2
    },
  },
  {
    why: 'no such CPU',
    of: { register: 'sys' },
    says:
      'ID_AA64PFR0_EL1 has an EL0 and an EL1, CTR_EL0 an instruction cache that Armv8 knows, also once the VM '
      + 'has run.',
    cite: src('arch/arm64/kvm/sys_regs.c', 'set_id_aa64pfr0_el1'),
    since: '6.15',
    errno: 'EINVAL',
    when: (here, arg) => {
      const value = written(arg, here.host)
      return arg.id === ID_AA64PFR0_EL1
        ? field(value, 0) === 0 || field(value, 4) === 0
        : arg.id === CTR_EL0 && ((value >> 14n) & 3n) < 2n
    },
  },
  ...cacheRows,
  hasRun,
  {
    why: 'value',
    variant: 'also once the VM has run',
    of: { register: ['demux', 'sys'] },
    says: 'The register is fixed, or holds what the host cannot do for a guest.',
    cite: src('arch/arm64/kvm/sys_regs.c', 'set_id_reg'),
    until: '6.5',
    errno: 'EINVAL',
    when: (here, arg) => isTaken(here, arg) === false,
  },
  {
    why: 'value',
    of: { register: ['demux', 'sys'] },
    says: 'The register is fixed, or holds what the host cannot do for a guest.',
    cite: src('arch/arm64/kvm/sys_regs.c', 'arm64_check_features'),
    since: '6.5',
    errno: 'EINVAL',
    when: (here, arg) => isByRecord(here, arg) && isTaken(here, arg) === false,
  },
]
