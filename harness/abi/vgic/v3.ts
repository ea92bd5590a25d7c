/** A GICv3: a distributor of 64K, and two frames of 64K in a redistributor region for every vcpu. */
import { holdsIn, type Dated } from '../../model/release.ts'
import { inReleases } from '../../model/in-releases.ts'
import { doc, src, type Refusal } from '../../model/rule.ts'
import { vgicAddrTypes, vgicCtrl, vgicGroups, vgicSizes } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { Attr } from '../args/attr.ts'
import { onPart } from '../../model/on-part.ts'
import {
  aboutGroups,
  addressUnreadable,
  getCommon,
  givesCommon,
  hasCommon,
  inGroup,
  promised,
  setCommon,
  setsCommon,
  unknown,
  unreadable,
  unwritable,
  type Attributes,
} from './attributes.ts'
import { KiB, misplaced, type Placing } from './address.ts'
import { badRegion } from './bad-region.ts'
import { addRegion, legacyRegion, regionIn, regionValue, type Region } from './redistributors.ts'
import { savePending } from './its/lpis.ts'
import { loseTranslation } from './its/translation.ts'
import { tried } from './its/tried.ts'
import { vcpuRuns } from './vcpu-runs.ts'
import { isRegister, registersOf } from './v3-registers.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS: NR_IRQS,
  KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL,
  KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ: MAINT_IRQ,
} = vgicGroups
const DIST = BigInt(vgicAddrTypes.KVM_VGIC_V3_ADDR_TYPE_DIST)
const REDIST = BigInt(vgicAddrTypes.KVM_VGIC_V3_ADDR_TYPE_REDIST)
const REGION = BigInt(vgicAddrTypes.KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION)
const SAVE = BigInt(vgicCtrl.KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES)
const UNSET = (1n << 64n) - 1n
const file = 'devices/arm-vgic-v3.rst'

const type: Refusal<Attr> = {
  ...unknown((_, { attr }) => attr !== DIST && attr !== REDIST && attr !== REGION),
  of: { address: 'other addresses' },
}
const groups: readonly number[] = [ADDR, NR_IRQS, CTRL]
const isOther = (arg: Attr) => !groups.includes(arg.group) && !isRegister(arg)
const otherGroup: readonly Refusal<Attr>[] = [
  ...inReleases(
    {
      until: '6.15',
      variant: 'other groups and KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ',
      of: { group: ['other groups', 'KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ'] },
    },
    unknown((_, arg) => isOther(arg)),
  ),
  ...inReleases(
    { since: '6.15', of: { group: 'other groups' } },
    unknown((_, arg) => isOther(arg) && arg.group !== MAINT_IRQ),
  ),
]

const placing = ({ vm }: Here, { group, attr, value: addr = 0n }: Attr): Placing | undefined =>
  group === ADDR && attr === DIST
    ? { old: vm.vgic!.dist, addr, unit: 64n * KiB, size: BigInt(vgicSizes.KVM_VGIC_V3_DIST_SIZE) }
    : undefined

const regionOf = (_: Here, { group, attr, value = 0n }: Attr): Region | undefined =>
  group !== ADDR ? undefined : attr === REDIST ? legacyRegion(value) : attr === REGION ? regionIn(value) : undefined

/** The region whose index the value was preset with. */
const askedFor = ({ vm }: Here, { value = 0n }: Attr) => vm.vgic!.redist.find((r) => r.index === regionIn(value).index)

/** KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ: 6.16 answers otherwise than 6.17, both to read and to write. */
const UNTRIED: Dated = { since: '6.15', until: '6.17' }
/** The interrupt by which the GIC of a nested guest speaks to its hypervisor; the group is new in 6.15. */
const maintenance = (...rows: readonly Refusal<Attr>[]) => inGroup(MAINT_IRQ, inReleases({ since: '6.15' }, ...rows))

const pendingBusy = vcpuRuns<Attr>(doc(file, '-EBUSY One or more VCPUS are running'), 'pending tables')

export const vgicV3: Attributes = {
  on: ['gic-v3'],
  set: [
    ...inGroup(ADDR, [unreadable, type]),
    ...onPart(placing, misplaced(promised(file)), { ...aboutGroups(ADDR), address: 'KVM_VGIC_V3_ADDR_TYPE_DIST' }),
    ...onPart(regionOf, badRegion, { ...aboutGroups(ADDR), address: 'redistributors' }),
    ...setCommon,
    ...inGroup(CTRL, [
      { ...pendingBusy, when: (here, arg, by) => arg.attr === SAVE && pendingBusy.when(here, arg, by) },
      {
        why: 'vgic not initialised',
        says: 'Pending tables belong to a vgic that was initialised.',
        cite: src('arch/arm64/kvm/vgic/vgic-v3.c', 'vgic_v3_save_pending_tables'),
        since: '5.13',
        errno: 'ENXIO',
        when: ({ vm }, { attr }) => attr === SAVE && !vm.vgic!.initialised,
      },
      {
        why: 'no memory for a table',
        says: 'The guest has memory where GICR_PENDBASER says that the pending table of a vcpu is.',
        cite: doc(file, '-EFAULT Invalid guest ram access'),
        errno: 'EFAULT',
        when: (here, { attr }) => attr === SAVE && tried(here, savePending) === 'EFAULT',
        leaves: loseTranslation,
      },
    ]),
    ...registersOf.set,
    ...maintenance(
      unreadable,
      {
        why: 'vgic initialised',
        says: 'The maintenance interrupt is chosen before the initialisation.',
        cite: src('arch/arm64/kvm/vgic/vgic-kvm-device.c', 'vgic_v3_set_attr'),
        errno: 'EBUSY',
        when: ({ vm }) => vm.vgic!.initialised,
      },
      {
        why: 'not a PPI',
        says: 'The maintenance interrupt is one of 16 to 31.',
        cite: doc(file, 'This must be a PPI'),
        errno: 'EINVAL',
        when: (_, { value = 0n }) => value < 16n || value > 31n,
      },
    ),
    ...otherGroup,
  ],
  get: [
    ...inGroup(ADDR, [
      ...addressUnreadable,
      type,
      {
        why: 'no such region',
        says: 'The index in the value is that of a region.',
        cite: doc(file, '-ENOENT Attempt to read the characteristics of a non existing redistributor region'),
        errno: 'ENOENT',
        of: { address: 'redistributors' },
        when: (here, arg) => arg.attr === REGION && !askedFor(here, arg),
      },
      unwritable,
    ]),
    ...getCommon,
    ...registersOf.get,
    ...maintenance(unwritable),
    ...otherGroup,
  ],
  has: [...inGroup(ADDR, [type]), ...hasCommon, ...registersOf.has, ...otherGroup],
  sets(here, arg) {
    setsCommon(here, arg)
    if (arg.group === CTRL && arg.attr === SAVE) {
      if (tried(here, savePending) === 'unknown') loseTranslation(here)
      else savePending(here)
    }
    const vgic = here.vm.vgic!
    const region = regionOf(here, arg)
    if (region) addRegion(here.vm, region)
    else if (arg.group === ADDR) vgic.dist = arg.value!
    else if (arg.group === MAINT_IRQ) here.vm.maintIrq = Number(arg.value!)
    else if (isRegister(arg)) registersOf.sets(here, arg)
  },
  gives(here, arg) {
    const vgic = here.vm.vgic!
    if (arg.group === MAINT_IRQ) return BigInt(here.vm.maintIrq ?? 0)
    if (arg.group !== ADDR) return isRegister(arg) ? registersOf.gives(here, arg) : givesCommon(here, arg)
    if (arg.attr === REGION) return regionValue(askedFor(here, arg)!)
    return (arg.attr === DIST ? vgic.dist : vgic.redist[0]?.base) ?? UNSET
  },
  isGuess: (here, arg, verb) =>
    registersOf.isGuess(here, arg, verb)
    || (arg.group === MAINT_IRQ && holdsIn(here.world.release, UNTRIED))
    || (verb === 'set'
      && arg.group === CTRL
      && arg.attr === SAVE
      && here.vm.hasIts === true
      && tried(here, savePending) === 'unknown'),
}
