/** Firmware pseudo-registers: PSCI's version, the state of workarounds, and which hypercalls a guest may see. */
import { inReleases } from '../../model/in-releases.ts'
import { api, doc, type Refusal, type Statement, src } from '../../model/rule.ts'
import { features, namedRegs, regs, workaroundStates } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { type NewValue, written } from './one-reg.ts'
import { takes } from './recorded-writes.ts'
import { groupOf, sizeOf } from './table.ts'
import { exampleOf, rowOf, valueOf } from './value.ts'

export const PSCI_VERSION = namedRegs.KVM_REG_ARM_PSCI_VERSION
const {
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1: WA1,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2: WA2,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3: WA3,
} = namedRegs
const WA2_ENABLED = workaroundStates.KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED

export const isFirmware = (id: bigint): boolean => groupOf(id) === regs.KVM_REG_ARM_FW
export const isBitmap = (id: bigint): boolean => groupOf(id) === regs.KVM_REG_ARM_FW_FEAT_BMAP

const wants02 = ({ vcpu }: Here): boolean => (vcpu.features & (1 << features.KVM_ARM_VCPU_PSCI_0_2)) !== 0

/** The text knows no PSCI version of a vcpu without KVM_ARM_VCPU_PSCI_0_2, which reads as 0.1 and is in the list. */
export const onlyWith02: Statement = {
  says: 'The register is only valid if the vcpu has KVM_ARM_VCPU_PSCI_0_2.',
  cite: doc('arm/fw-pseudo-registers.rst', 'Only valid if the vcpu has the KVM_ARM_VCPU_PSCI_0_2 feature set'),
}

const version = (known: readonly bigint[], said: string): Refusal<NewValue> => ({
  why: 'PSCI version',
  says: `With KVM_ARM_VCPU_PSCI_0_2 the version is ${said}, without it 0.1.`,
  of: { register: 'fw' },
  cite: doc('arm/fw-pseudo-registers.rst', 'KVM_REG_ARM_PSCI_VERSION'),
  text: [onlyWith02],
  errno: 'EINVAL',
  when: (here, arg) => {
    const value = written(arg, here.host)
    return arg.id === PSCI_VERSION && (wants02(here) ? !known.includes(value) : value !== 1n)
  },
})

/** Each level of a workaround protects better than those below it; a host takes its own and all below. */
const isAboveHost = (here: Here, arg: NewValue): boolean => {
  const value = written(arg, here.host)
  const level = exampleOf(here, arg.id)
  if (arg.id === WA1 || arg.id === WA3) return value > level
  if (arg.id !== WA2) return false
  const {
    KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL: AVAIL,
    KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED: NOT_REQUIRED,
  } = workaroundStates
  const state = value & 0xfn
  if (value > (0xfn | WA2_ENABLED) || ((value & WA2_ENABLED) !== 0n && state !== AVAIL) || state > NOT_REQUIRED)
    return true
  return state >= AVAIL && level < NOT_REQUIRED
}

export const wrongSize: Refusal<NewValue>[] = [
  {
    why: 'wrong size',
    of: { register: 'fw' },
    says: 'Firmware registers have 64 bits. The size is looked at before the value, the number after it.',
    cite: src('arch/arm64/kvm/hypercalls.c', 'kvm_arm_set_fw_reg'),
    errno: 'ENOENT',
    when: (_, { id }) => isFirmware(id) && sizeOf(id) !== 8,
  },
  {
    why: 'wrong size of a bitmap',
    of: { register: 'bitmap' },
    says: 'Firmware bitmaps have 64 bits.',
    cite: src('arch/arm64/kvm/hypercalls.c', 'kvm_arm_set_fw_reg'),
    since: '5.19',
    errno: 'ENOENT',
    example: `KVM_ARM_VCPU_INIT(features[] = 0)
      KVM_SET_ONE_REG(0x6020000000160000, &0x0)`,
    when: (_, { id }) => isBitmap(id) && sizeOf(id) !== 8,
  },
]

/** After the value was read. */
export const wrongFirmwareValue: readonly Refusal<NewValue>[] = [
  {
    why: 'no firmware register',
    of: { register: 'fw' },
    says: 'No firmware register has that number.',
    cite: api('4.68', 'ENOENT no such register'),
    errno: 'ENOENT',
    when: (here, { id }) => isFirmware(id) && !rowOf(here, id),
  },
  {
    why: 'no bitmap',
    of: { register: 'bitmap' },
    says: 'No firmware bitmap has that number.',
    cite: api('4.68', 'ENOENT no such register'),
    since: '5.19',
    errno: 'ENOENT',
    when: (here, { id }) => isBitmap(id) && !rowOf(here, id),
  },
  ...inReleases({ until: '5.18', variant: 'up to 1.0' }, version([2n, 0x10000n], '0.2 or 1.0')),
  ...inReleases(
    { since: '5.18', until: '6.13', variant: 'up to 1.1' },
    version([2n, 0x10000n, 0x10001n], '0.2, 1.0 or 1.1'),
  ),
  ...inReleases(
    { since: '6.13', variant: 'up to 1.3' },
    version([2n, 0x10000n, 0x10001n, 0x10002n, 0x10003n], '0.2 or 1.0 to 1.3'),
  ),
  {
    why: 'workaround level',
    of: { register: 'fw' },
    says: 'A workaround is as good as the host’s or worse, never better.',
    cite: doc('arm/fw-pseudo-registers.rst', 'KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1'),
    errno: 'EINVAL',
    when: isAboveHost,
  },
  {
    why: 'unknown hypercalls',
    of: { register: 'bitmap' },
    says: 'A bitmap has the bits of the hypercalls that this kernel knows.',
    cite: doc('arm/fw-pseudo-registers.rst', 'Bitmap Feature Firmware Registers'),
    since: '5.19',
    errno: 'EINVAL',
    when: (here, arg) => {
      const row = isBitmap(arg.id) ? rowOf(here, arg.id) : undefined
      return row !== undefined && takes(row, written(arg, here.host)) === false
    },
  },
  {
    why: 'VM has run',
    of: { register: 'bitmap' },
    says: 'Once a vcpu of the VM has run, bitmaps stay as they are; writing the same value is no change.',
    cite: doc('arm/fw-pseudo-registers.rst', '-EBUSY Attempt a ‘write’ to the register after the VM has started'),
    text: [
      {
        says: 'Any write is EBUSY then.',
        cite: api('4.68', 'These registers are immutable once any of the vCPUs of the VM has run'),
      },
    ],
    since: '5.19',
    errno: 'EBUSY',
    when: (here, arg) => isBitmap(arg.id) && here.vm.hasRun && written(arg, here.host) !== valueOf(here, arg.id),
  },
]

/** PSCI's version belongs to the VM, but a vcpu without KVM_ARM_VCPU_PSCI_0_2 always shows 0.1. */
export const psciVersion = (here: Here): bigint | undefined =>
  wants02(here) ? (here.vm.idRegs.get(PSCI_VERSION) ?? rowOf(here, PSCI_VERSION)?.reset) : 1n
