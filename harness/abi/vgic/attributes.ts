/** What GICv2 and GICv3 have in common: the number of interrupts, and the word that all vcpus are there. */
import { inReleases } from '../../model/in-releases.ts'
import { doc, src, type Of, type Refusal } from '../../model/rule.ts'
import { vgicAddrTypes, vgicCtrl, vgicGroups } from '../../names/index.ts'
import type { Here, Kind } from '../../model/world.ts'
import { valueFaults, type Attr, type Verb } from '../args/attr.ts'
import { initialise } from './readiness.ts'
import { onPart } from '../../model/on-part.ts'

/** What the three ioctls find on one kind of descriptor. */
export interface Attributes {
  on: readonly Kind[]
  set: readonly Refusal<Attr>[]
  get: readonly Refusal<Attr>[]
  has: readonly Refusal<Attr>[]
  /** What KVM_SET_DEVICE_ATTR changes where nothing refuses. */
  sets(here: Here, arg: Attr): void
  /** What KVM_GET_DEVICE_ATTR gives there; undefined: the table does not know. */
  gives(here: Here, arg: Attr): bigint | undefined
  /** What KVM_GET_DEVICE_ATTR changes by the way. */
  gets?(here: Here, arg: Attr): void
  /** True where nobody has looked what kernels answer. */
  isGuess?(here: Here, arg: Attr, verb: Verb): boolean
}

const nameOf = (group: number): string => Object.entries(vgicGroups).find(([, n]) => n === group)![0]

/** What calls are about these groups. */
export const aboutGroups = (...groups: readonly number[]): Of => ({ group: groups.map(nameOf) })

/** Rows of one group. */
export const inGroup = (group: number, rows: readonly Refusal<Attr>[]): Refusal<Attr>[] =>
  onPart((_, arg) => (arg.group === group ? arg : undefined), rows, aboutGroups(group))

const { KVM_DEV_ARM_VGIC_GRP_NR_IRQS: NR_IRQS, KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL } = vgicGroups
const { KVM_DEV_ARM_VGIC_CTRL_INIT: INIT, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES: SAVE } = vgicCtrl
const inDevice = 'arch/arm64/kvm/vgic/vgic-kvm-device.c'
const v3 = 'devices/arm-vgic-v3.rst'

/** The pointer to a value cannot be read. */
export const unreadable: Refusal<Attr> = {
  why: 'value not readable',
  says: 'The value is read before anything else is looked at.',
  cite: doc(v3, '-EFAULT Invalid user pointer for attr->addr'),
  errno: 'EFAULT',
  when: (_, arg) => valueFaults(arg),
}

/** The pointer to a value cannot be written. */
export const unwritable: Refusal<Attr> = {
  why: 'value not writable',
  says: 'The value is written back once all else was checked.',
  cite: doc(v3, '-EFAULT Invalid user pointer for attr->addr'),
  errno: 'EFAULT',
  when: (_, arg) => valueFaults(arg, true),
}

/** What KVM_GET_DEVICE_ATTR reads before it looks at the type of an address, of either model: always in 5.10. */
export const addressUnreadable: readonly Refusal<Attr>[] = [
  ...inReleases({ until: '6.0', variant: 'of any address' }, unreadable),
  ...inReleases(
    {
      since: '6.0',
      variant: 'of a region',
      says: 'The index of a redistributor region is read before anything else is looked at.',
      when: (_, arg) => arg.attr === BigInt(vgicAddrTypes.KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION) && valueFaults(arg),
    },
    unreadable,
  ),
]

/** An attribute this kind of device does not have. */
export const unknown = (when: Refusal<Attr>['when']): Refusal<Attr> => ({
  why: 'unknown attribute',
  says: 'The device has no such group, or the group no such attribute.',
  cite: doc(v3, '-ENXIO The group or attribute is unknown/unsupported for this device'),
  errno: 'ENXIO',
  when,
})

export const setCommon: readonly Refusal<Attr>[] = [
  ...inGroup(NR_IRQS, [
    unreadable,
    {
      why: 'number of interrupts',
      says: 'A GIC has 64 to 992 interrupts, in steps of 32.',
      cite: doc(v3, '-EINVAL Value set is out of the expected range'),
      text: [{ says: 'The number ranges from 64 to 1024.', cite: doc(v3, 'ranging from 64 to 1024') }],
      errno: 'EINVAL',
      when: (_, { value = 0n }) => value < 64n || value > 1023n || value % 32n !== 0n,
    },
    {
      why: 'already numbered',
      says: 'The number is set once, and before the initialisation.',
      cite: doc('devices/arm-vgic.rst', '-EBUSY Value has already be set, or GIC has already been initialized'),
      errno: 'EBUSY',
      when: ({ vm }) => vm.vgic!.nrIrqs > 32,
    },
  ]),
  ...inGroup(CTRL, [
    unknown(({ kind }, { attr }) => attr !== BigInt(INIT) && (kind === 'gic-v2' || attr !== BigInt(SAVE))),
  ]),
]

export const getCommon: readonly Refusal<Attr>[] = [
  ...inGroup(NR_IRQS, [unwritable]),
  ...inGroup(CTRL, [unknown(() => true)]),
]

export const hasCommon: readonly Refusal<Attr>[] = inGroup(CTRL, [
  unknown(({ kind }, { attr }) => attr !== BigInt(INIT) && (kind === 'gic-v2' || attr !== BigInt(SAVE))),
])

/** KVM_SET_DEVICE_ATTR of these two groups. */
export const setsCommon = (here: Here, { group, attr, value = 0n }: Attr): void => {
  if (group === NR_IRQS) here.vm.vgic!.nrIrqs = Number(value)
  if (group === CTRL && attr === BigInt(INIT)) initialise(here)
}

export const givesCommon = ({ vm }: Here, { group }: Attr): bigint | undefined =>
  group === NR_IRQS ? BigInt(vm.vgic!.nrIrqs) : undefined

/** Where a device's frames are checked: what its documentation says. */
export const promised = (file: string) => ({
  outside: doc(file, '-E2BIG Address outside of addressable IPA range'),
  misaligned: doc(file, '-EINVAL Incorrectly aligned address'),
  twice: doc(file, '-EEXIST Address already configured'),
})

/** Behaviour that only vgic-kvm-device.c tells. */
export const seen = (fn: string) => src(inDevice, fn)
