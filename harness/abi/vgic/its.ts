/** An interrupt translation service. It wants an address; everything else is for the guest. */
import { inReleases } from '../../model/in-releases.ts'
import { api, doc, type Refusal, src } from '../../model/rule.ts'
import { itsAttrs, vgicAddrTypes, vgicCtrl, vgicGroups, vgicSizes } from '../../names/index.ts'
import { hasRunningVcpu } from '../../model/vm.ts'
import type { Here } from '../../model/world.ts'
import type { Attr } from '../args/attr.ts'
import { onPart } from '../../model/on-part.ts'
import { aboutGroups, inGroup, promised, unknown, unreadable, unwritable, type Attributes } from './attributes.ts'
import { isBehindQueue, isEnabled, itsRegisterAt, type ItsRegister } from './registers/its.ts'
import { badTables, control, faultOf } from './its/control.ts'
import { vcpuRuns } from './vcpu-runs.ts'
import { KiB, misplaced, type Placing } from './address.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR,
  KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS: ITS_REGS,
} = vgicGroups
const TYPE = BigInt(vgicAddrTypes.KVM_VGIC_ITS_ADDR_TYPE)
const controls: readonly number[] = [vgicCtrl.KVM_DEV_ARM_VGIC_CTRL_INIT, ...Object.values(itsAttrs)]
const INIT = BigInt(vgicCtrl.KVM_DEV_ARM_VGIC_CTRL_INIT)
const hasControl = ({ attr }: Attr) => controls.some((c) => BigInt(c) === attr)
const groups: readonly number[] = [ADDR, CTRL, ITS_REGS]
const UNSET = (1n << 64n) - 1n
const file = 'devices/arm-vgic-its.rst'

const type: Refusal<Attr> = {
  why: 'no such address',
  says: 'An ITS has one address.',
  cite: doc(file, '-ENODEV Incorrect attribute or the ITS is not supported'),
  text: [
    {
      says: 'An unknown attribute is ENXIO, as it is to KVM_HAS_DEVICE_ATTR.',
      cite: api('4.80', 'ENXIO The group or attribute is unknown'),
    },
  ],
  errno: 'ENODEV',
  of: { address: 'other addresses' },
  when: (_, { attr }) => attr !== TYPE,
}
const otherGroup: Refusal<Attr> = {
  ...unknown((_, { group }) => !groups.includes(group)),
  of: { group: 'other groups' },
}

const placing = ({ its }: Here, { group, attr, value: addr = 0n }: Attr): Placing | undefined =>
  group === ADDR && attr === TYPE
    ? { old: its.addr, addr, unit: 64n * KiB, size: BigInt(vgicSizes.KVM_VGIC_V3_ITS_SIZE) }
    : undefined

/** GITS_CTLR, GITS_IIDR and the identification from GITS_PIDR4 on are 32 bits wide, all others 64. */
const GITS_IIDR = 4n
const GITS_CREADR = 0x90n
const GITS_PIDR4 = 0xffd0n
const REVISION = 0xf000n

const isAt = ({ attr }: Attr, offset: bigint) => (attr & 0xffff_ffffn) === offset
const misaligned: Refusal<Attr> = {
  why: 'misaligned register',
  says: 'A register is named by its first byte.',
  cite: src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_its_attr_regs_access'),
  errno: 'EINVAL',
  when: (_, { attr }) => attr % (attr < 8n || attr >= GITS_PIDR4 ? 4n : 8n) !== 0n,
}
const noRegister: Refusal<Attr> = {
  ...unknown((_, { attr }) => itsRegisterAt(attr) === undefined),
  why: 'no such register',
  says: 'There is no such register.',
  of: { register: 'none' },
}
const noAddress: Refusal<Attr> = {
  why: 'no ITS address',
  says: 'Registers are there once the ITS has its address.',
  cite: doc(file, '-ENXIO Offset does not correspond to any supported register'),
  errno: 'ENXIO',
  when: ({ its }) => its.addr === undefined,
}

const busy = vcpuRuns<Attr>(doc(file, '-EBUSY one or more VCPUS are running'), 'registers of an ITS')
/** Since vgic and ITS have the VM's config_lock. */
const locksFirst = ['6.4', '6.1.28']
const busyFirst: Refusal<Attr> = { ...busy, since: locksFirst }
const busyLast: Refusal<Attr> = { ...busy, variant: 'registers that an ITS has', until: locksFirst }
const controlBusy: Refusal<Attr> = {
  ...vcpuRuns<Attr>(doc(file, '-EBUSY One or more VCPUS are running'), 'control of an ITS'),
  when: ({ vm }, { attr }) => attr !== INIT && hasRunningVcpu(vm),
}

const refusedWrites: readonly Refusal<Attr>[] = [
  {
    why: 'no such revision',
    says: 'GITS_IIDR.Revision says how tables are saved: revision 0 is the only one. Other fields are not looked at.',
    cite: src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_mmio_uaccess_write_its_iidr'),
    errno: 'EINVAL',
    of: { register: 'GITS_IIDR' },
    when: (_, arg) => isAt(arg, GITS_IIDR) && ((arg.value ?? 0n) & REVISION) !== 0n,
  },
  {
    why: 'ITS enabled',
    says: 'GITS_CREADR is set before the ITS is enabled.',
    cite: doc(file, 'GITS_CREADR must be restored before restoring the GITS_CTLR'),
    errno: 'EBUSY',
    of: { register: 'GITS_CREADR' },
    when: ({ its }, arg) => isAt(arg, GITS_CREADR) && isEnabled(its),
  },
  {
    why: 'behind the queue',
    says: 'GITS_CREADR lies within the queue of commands, whose size GITS_CBASER says.',
    cite: src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_mmio_uaccess_write_its_creadr'),
    errno: 'EINVAL',
    of: { register: 'GITS_CREADR' },
    when: ({ its }, arg) => isAt(arg, GITS_CREADR) && isBehindQueue(its, arg.value ?? 0n),
  },
]
/** The low 32 bits of an attribute name the register: above, the upper half of a 64-bit register has a name. */
const isUpperHalf = ({ group, attr }: Attr) => group === ITS_REGS && attr >> 32n !== 0n && attr % 8n !== 0n
const isNarrow = ({ at }: ItsRegister) => at < 8 || at >= Number(GITS_PIDR4)
const placeOf = (attr: bigint, register: ItsRegister) =>
  Math.floor((Number(attr & 0xffff_ffffn) - register.at) / (isNarrow(register) ? 4 : 8))

const readsNowhere = `its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &unmapped)`
const writesNowhere = `its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x0)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &unmapped)`

export const its: Attributes = {
  on: ['its'],
  set: [
    ...inGroup(ADDR, [type, unreadable]),
    ...onPart(placing, misplaced(promised(file)), { ...aboutGroups(ADDR), address: 'KVM_VGIC_ITS_ADDR_TYPE' }),
    ...inGroup(CTRL, [controlBusy]),
    ...inGroup(
      CTRL,
      inReleases(
        { since: '6.17' },
        unknown((_, arg) => !hasControl(arg)),
      ),
    ),
    ...inGroup(CTRL, badTables),
    ...inGroup(ITS_REGS, [
      { ...unreadable, example: readsNowhere },
      misaligned,
      busyFirst,
      noAddress,
      noRegister,
      busyLast,
      ...refusedWrites,
    ]),
    otherGroup,
  ],
  get: [
    ...inGroup(ADDR, [type, unwritable]),
    ...inGroup(CTRL, [unknown(() => true)]),
    ...inGroup(ITS_REGS, [
      misaligned,
      busyFirst,
      noAddress,
      noRegister,
      busyLast,
      { ...unwritable, example: writesNowhere },
    ]),
    otherGroup,
  ],
  has: [
    ...inGroup(ADDR, [unknown((_, { attr }) => attr !== TYPE)]),
    ...inGroup(CTRL, [unknown((_, arg) => !hasControl(arg))]),
    ...inGroup(ITS_REGS, [misaligned, noRegister]),
    otherGroup,
  ],
  sets(here, arg) {
    const { world, vm, its: device } = here
    if (arg.group === ADDR) {
      device.addr = arg.value!
      vm.placedIts = [...(vm.placedIts ?? []), device]
    }
    if (arg.group === CTRL) control(here, arg)
    const register = arg.group === ITS_REGS ? itsRegisterAt(arg.attr) : undefined
    register?.writes?.({ world, vm, its: device, index: placeOf(arg.attr, register) }, arg.value ?? 0n)
  },
  gives({ world, vm, its: device }, arg) {
    if (arg.group === ADDR) return device.addr ?? UNSET
    const register = arg.group === ITS_REGS ? itsRegisterAt(arg.attr) : undefined
    const value = register?.reads({ world, vm, its: device, index: placeOf(arg.attr, register) })
    // Of the 32-bit registers of identification and of GITS_CTLR the whole is read there.
    return value !== undefined && isUpperHalf(arg) && !isNarrow(register!) ? value >> 32n : value
  },
  isGuess: (here, arg, verb) =>
    verb === 'set' && (arg.group === CTRL ? faultOf(here, arg) === 'unknown' : isUpperHalf(arg)),
}
