/** Registers of a GICv3: which may be looked at, and when. Their values are not the table's business. */
import { inReleases } from '../../model/in-releases.ts'
import { doc, src, type Refusal } from '../../model/rule.ts'
import { vgicGroups } from '../../names/index.ts'
import type { Here, Vcpu } from '../../model/world.ts'
import type { Attr } from '../args/attr.ts'
import { onPart } from '../../model/on-part.ts'
import { aboutGroups, unknown, unreadable, unwritable } from './attributes.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS: DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS: REDIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: CPU_SYSREGS,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO: LEVEL_INFO,
} = vgicGroups
const groups: readonly number[] = [DIST_REGS, REDIST_REGS, CPU_SYSREGS, LEVEL_INFO]
const file = 'devices/arm-vgic-v3.rst'
const MPIDR_EL1 = 0x6030_0000_0013_c005n

export const isRegister = ({ group }: Attr): boolean => groups.includes(group)

/** Registers that the generator asks for: GICD_TYPER, GICD_IIDR, GICD_ISPENDR; GICR_IIDR, GICR_TYPER; ICC_PMR_EL1. */
const there: Record<number, readonly bigint[]> = {
  [DIST_REGS]: [4n, 8n, 0x200n],
  [REDIST_REGS]: [4n, 8n],
  [CPU_SYSREGS]: [0xc230n],
}
const isThere = ({ group, attr }: Attr) =>
  (there[group] ?? []).includes(attr & (group === CPU_SYSREGS ? 0xffffn : 0xffff_ffffn))

/** What MPIDR_EL1 says: 0 until KVM_ARM_VCPU_INIT, then by default what the id gives. */
const affinity = ({ id, initialised, regs }: Vcpu): bigint => {
  const mpidr = !initialised ? 0n : (regs.get(MPIDR_EL1) ?? BigInt((id & 0xf) | (((id >> 4) & 0xff) << 8)))
  return (mpidr & 0xff_ffffn) | ((mpidr >> 8n) & 0xff00_0000n)
}
const info = ({ attr }: Attr) => (attr >> 10n) & 0x3f_ffffn

const only =
  (group: number, when: Refusal<Attr>['when']): Refusal<Attr>['when'] =>
  (here, arg, by) =>
    arg.group === group && when(here, arg, by)
const rows = (all: readonly Refusal<Attr>[]) =>
  onPart((_: Here, arg: Attr) => (isRegister(arg) ? arg : undefined), all, aboutGroups(...groups))

const noVcpu: Refusal<Attr> = {
  why: 'no such vcpu',
  says: 'Bits 63 to 32 of the attribute are the affinity of a vcpu; a distributor has one vcpu at least.',
  cite: doc(file, '-EINVAL Invalid mpidr or register value supplied'),
  text: [
    {
      says: 'For the distributor there is neither an EINVAL nor a vcpu that must exist.',
      cite: doc(file, 'The mpidr is ignored for the distributor'),
    },
  ],
  errno: 'EINVAL',
  when: ({ vm }, { group, attr }) =>
    group === DIST_REGS ? vm.vcpus.length === 0 : !vm.vcpus.some((v) => affinity(v) === attr >> 32n),
}

const tooEarly = (when: (arg: Attr) => boolean): Refusal<Attr> => ({
  why: 'vgic not initialised',
  says: 'Registers are there from KVM_DEV_ARM_VGIC_CTRL_INIT on.',
  cite: src('arch/arm64/kvm/vgic/vgic-kvm-device.c', 'vgic_v3_attr_regs_access'),
  text: [{ says: 'EBUSY means that vcpus are running.', cite: doc(file, '-EBUSY One or more VCPUs are running') }],
  errno: 'EBUSY',
  when: ({ vm }, arg) => !vm.vgic!.initialised && when(arg),
})
// From 7.2 on GICD_IIDR and GICD_TYPER2 are there before.
const early = ({ group, attr }: Attr) => group === DIST_REGS && [8n, 12n].includes(attr & 0xffff_ffffn)

const inside: readonly Refusal<Attr>[] = [
  ...inReleases(
    { until: '7.2', variant: 'registers' },
    tooEarly(() => true),
  ),
  ...inReleases(
    { since: '7.2', variant: 'registers but GICD_IIDR and GICD_TYPER2' },
    tooEarly((arg) => !early(arg)),
  ),
  {
    why: 'no such register',
    variant: 'as ENXIO',
    says: 'The CPU interface has no such register.',
    cite: doc(file, '-ENXIO Getting or setting this register is not yet supported'),
    until: '6.1',
    errno: 'ENXIO',
    of: aboutGroups(CPU_SYSREGS),
    when: only(CPU_SYSREGS, (_, arg) => !isThere(arg)),
  },
  {
    why: 'level info',
    says: 'The info is VGIC_LEVEL_INFO_LINE_LEVEL, and the interrupt a multiple of 32.',
    cite: doc(file, '-EINVAL vINTID is not multiple of 32 or info field is not VGIC_LEVEL_INFO_LINE_LEVEL'),
    errno: 'EINVAL',
    of: aboutGroups(LEVEL_INFO),
    when: only(LEVEL_INFO, (_, arg) => info(arg) !== 0n || (arg.attr & 0x3ffn) % 32n !== 0n),
  },
]
const noSysreg: Refusal<Attr> = {
  why: 'no such register',
  says: 'The CPU interface has no such register.',
  cite: src('arch/arm64/kvm/sys_regs.c', 'kvm_sys_reg_get_user'),
  since: '6.1',
  errno: 'ENOENT',
  of: aboutGroups(CPU_SYSREGS),
  instead: { errno: 'ENXIO', cite: doc(file, '-ENXIO Getting or setting this register is not yet supported') },
  when: only(CPU_SYSREGS, (_, arg) => !isThere(arg)),
}

const READY = `KVM_ARM_VCPU_INIT(features[] = 0)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x10000)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)`
const GET_NOWHERE = 'gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4, &unmapped)'

export const registersOf = {
  set: rows([
    ...inReleases({ until: '6.1', variant: 'registers' }, unreadable),
    noVcpu,
    // The value of a system register is read where the register is known.
    ...inReleases(
      {
        since: '6.1',
        variant: 'registers but KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS',
        of: aboutGroups(DIST_REGS, REDIST_REGS, LEVEL_INFO),
        when: (here, arg, by) => arg.group !== CPU_SYSREGS && unreadable.when(here, arg, by),
      },
      unreadable,
    ),
    ...inside,
    ...inReleases(
      {
        since: '6.1',
        of: aboutGroups(CPU_SYSREGS),
        when: only(CPU_SYSREGS, unreadable.when),
        example: `${READY}\ngic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0xc230, &unmapped)`,
      },
      unreadable,
    ),
    noSysreg,
  ]),
  get: rows([
    noVcpu,
    ...inside,
    noSysreg,
    { ...unwritable, variant: 'registers', example: `${READY}\n${GET_NOWHERE}` },
  ]),
  has: rows([
    { ...noVcpu, when: (here, arg, by) => arg.group !== LEVEL_INFO && noVcpu.when(here, arg, by) },
    {
      ...unknown((_, arg) => (arg.group === LEVEL_INFO ? info(arg) !== 0n : !isThere(arg))),
      why: 'no such register',
      says: 'There is no such register.',
    },
  ]),
  /** Where there is no register, 0 is read. */
  gives: (arg: Attr): bigint | undefined => (arg.group !== LEVEL_INFO && !isThere(arg) ? 0n : undefined),
}
