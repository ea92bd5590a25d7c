/** Registers of a GICv3: when they may be looked at, and which writes are refused. */
import { inReleases } from '../../model/in-releases.ts'
import { doc, src, type Refusal } from '../../model/rule.ts'
import { vgicGroups } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { Attr, Verb } from '../args/attr.ts'
import { onPart } from '../../model/on-part.ts'
import { affinityOf } from './affinity.ts'
import { aboutGroups, unknown, unreadable, unwritable } from './attributes.ts'
import { isThere, readRegister, writeRegister } from './registers/access.ts'
import { cpuRows, isUnknownOfCpu, noActivePriorities } from './v3-cpu-rows.ts'
import { vcpuRuns } from './vcpu-runs.ts'
import { identityRows, isUnknownIdentity } from './identity-rows.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS: DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS: REDIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: CPU_SYSREGS,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO: LEVEL_INFO,
} = vgicGroups
const groups: readonly number[] = [DIST_REGS, REDIST_REGS, CPU_SYSREGS, LEVEL_INFO]
const file = 'devices/arm-vgic-v3.rst'

export const isRegister = ({ group }: Attr): boolean => groups.includes(group)

const info = ({ attr }: Attr) => (attr >> 10n) & 0x3f_ffffn
const IIDR = 8n
const TYPER2 = 12n

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
    group === DIST_REGS ? vm.vcpus.length === 0 : !vm.vcpus.some((v) => affinityOf(v) === attr >> 32n),
}

const tooEarly = (when: (arg: Attr) => boolean): Refusal<Attr> => ({
  why: 'vgic not initialised',
  says: 'Registers are there from KVM_DEV_ARM_VGIC_CTRL_INIT on.',
  cite: src('arch/arm64/kvm/vgic/vgic-kvm-device.c', 'vgic_v3_attr_regs_access'),
  text: [{ says: 'EBUSY means that vcpus are running.', cite: doc(file, '-EBUSY One or more VCPUs are running') }],
  errno: 'EBUSY',
  when: ({ vm }, arg) => !vm.vgic!.initialised && when(arg),
})
// From 6.17 on GICD_IIDR and GICD_TYPER2 are there before.
const early = ({ group, attr }: Attr) => group === DIST_REGS && [IIDR, TYPER2].includes(attr & 0xffff_ffffn)

const inside: readonly Refusal<Attr>[] = [
  vcpuRuns(doc(file, '-EBUSY One or more VCPUs are running'), 'registers of a GICv3'),
  ...inReleases(
    { until: '6.17', variant: 'registers' },
    tooEarly(() => true),
  ),
  ...inReleases(
    { since: '6.17', variant: 'registers but GICD_IIDR and GICD_TYPER2' },
    tooEarly((arg) => !early(arg)),
  ),
  {
    why: 'no such register',
    variant: 'as ENXIO',
    says: 'The CPU interface has no such register.',
    cite: doc(file, '-ENXIO Getting or setting this register is not yet supported'),
    until: '6.0',
    errno: 'ENXIO',
    of: { ...aboutGroups(CPU_SYSREGS), register: 'none' },
    when: only(CPU_SYSREGS, (here, arg) => !isThere(here, arg)),
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
  since: '6.0',
  errno: 'ENOENT',
  of: { ...aboutGroups(CPU_SYSREGS), register: 'none' },
  instead: { errno: 'ENXIO', cite: doc(file, '-ENXIO Getting or setting this register is not yet supported') },
  when: only(CPU_SYSREGS, (here, arg) => !isThere(here, arg)),
}

const READY = `KVM_ARM_VCPU_INIT(features[] = 0)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x10000)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)`
const GET_NOWHERE = 'gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 4, &unmapped)'

export const registersOf = {
  set: rows([
    ...inReleases({ until: '6.0', variant: 'registers' }, unreadable),
    noVcpu,
    // The value of a system register is read where the register is known.
    ...inReleases(
      {
        since: '6.0',
        variant: 'registers but KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS',
        of: aboutGroups(DIST_REGS, REDIST_REGS, LEVEL_INFO),
        when: (here, arg, by) => arg.group !== CPU_SYSREGS && unreadable.when(here, arg, by),
      },
      unreadable,
    ),
    ...inside,
    ...inReleases(
      {
        since: '6.0',
        of: aboutGroups(CPU_SYSREGS),
        when: only(CPU_SYSREGS, unreadable.when),
        example: `${READY}\ngic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0xc230, &unmapped)`,
      },
      unreadable,
    ),
    noSysreg,
    ...identityRows,
    ...cpuRows,
  ]),
  get: rows([
    noVcpu,
    ...inside,
    noSysreg,
    noActivePriorities,
    { ...unwritable, variant: 'registers', example: `${READY}\n${GET_NOWHERE}` },
  ]),
  has: rows([
    { ...noVcpu, when: (here, arg, by) => arg.group !== LEVEL_INFO && noVcpu.when(here, arg, by) },
    {
      ...unknown((here, arg) => (arg.group === LEVEL_INFO ? info(arg) !== 0n : !isThere(here, arg))),
      why: 'no such register',
      says: 'There is no such register.',
    },
  ]),
  gives: readRegister,
  sets: writeRegister,
  /** Registers that differ from host to host, where that was not recorded. */
  isGuess: (here: Here, arg: Attr, verb: Verb): boolean =>
    isRegister(arg) && (isUnknownIdentity(here, arg, verb) || isUnknownOfCpu(here, arg, verb)),
}
