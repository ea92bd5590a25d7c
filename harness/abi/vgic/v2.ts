/** A GICv2: a distributor of 4K and a cpu interface of 8K. It is initialised at the latest when something needs it. */
import { inReleases } from '../../model/in-releases.ts'
import { doc, type Refusal } from '../../model/rule.ts'
import { vgicAddrTypes, vgicGroups, vgicSizes } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { Attr } from '../args/attr.ts'
import { asInitialised, initialise } from './readiness.ts'
import { onPart } from '../../model/on-part.ts'
import {
  aboutGroups,
  addressUnreadable,
  getCommon,
  givesCommon,
  hasCommon,
  inGroup,
  promised,
  seen,
  setCommon,
  setsCommon,
  unknown,
  unreadable,
  unwritable,
  type Attributes,
} from './attributes.ts'
import { isThere, readRegister, writeRegister } from './registers/access.ts'
import { vcpuRuns } from './vcpu-runs.ts'
import { otherDistributor } from './identity-rows.ts'
import { KiB, misplaced, type Placing } from './address.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS: DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_REGS: CPU_REGS,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS: NR_IRQS,
  KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL,
} = vgicGroups
const DIST = BigInt(vgicAddrTypes.KVM_VGIC_V2_ADDR_TYPE_DIST)
const CPU = BigInt(vgicAddrTypes.KVM_VGIC_V2_ADDR_TYPE_CPU)
const UNSET = (1n << 64n) - 1n
const groups: readonly number[] = [ADDR, DIST_REGS, CPU_REGS, NR_IRQS, CTRL]
const file = 'devices/arm-vgic.rst'

const hasType = ({ attr }: Attr) => attr === DIST || attr === CPU
const isRegister = ({ group }: Attr) => group === DIST_REGS || group === CPU_REGS

const placing = ({ vm }: Here, { group, attr, value: addr = 0n }: Attr): Placing | undefined => {
  if (group !== ADDR || (attr !== DIST && attr !== CPU)) return undefined
  const size = BigInt(attr === DIST ? vgicSizes.KVM_VGIC_V2_DIST_SIZE : vgicSizes.KVM_VGIC_V2_CPU_SIZE)
  return { old: attr === DIST ? vm.vgic!.dist : vm.vgic!.cpu, addr, unit: 4n * KiB, size }
}

const type: Refusal<Attr> = { ...unknown((_, arg) => !hasType(arg)), of: { address: 'other addresses' } }
const otherGroup: Refusal<Attr> = {
  ...unknown((_, { group }) => !groups.includes(group)),
  of: { group: 'other groups' },
}

const registers = (rows: readonly Refusal<Attr>[]) =>
  onPart((_, arg: Attr) => (isRegister(arg) ? arg : undefined), rows, aboutGroups(DIST_REGS, CPU_REGS))
const noVcpu: Refusal<Attr> = {
  why: 'no such vcpu',
  says: 'Bits 39 to 32 of the attribute are the id of a vcpu that exists.',
  cite: doc(file, '-EINVAL Invalid vcpu_index supplied'),
  errno: 'EINVAL',
  when: ({ vm }, { attr }) => !vm.vcpus.some((v) => BigInt(v.id) === ((attr >> 32n) & 0xffn)),
}

const busy = vcpuRuns<Attr>(doc(file, '-EBUSY One or more VCPUs are running'), 'registers of a GICv2')

export const vgicV2: Attributes = {
  on: ['gic-v2'],
  set: [
    ...inGroup(ADDR, [unreadable, type]),
    ...onPart(placing, misplaced(promised(file)), { ...aboutGroups(ADDR), address: 'frames' }),
    ...setCommon,
    ...registers([
      ...inReleases({ until: '6.0', variant: 'registers, before no such vcpu' }, unreadable),
      noVcpu,
      ...inReleases({ since: '6.0', variant: 'registers, after no such vcpu' }, unreadable),
      busy,
      ...otherDistributor(initialise),
    ]),
    otherGroup,
  ],
  get: [
    ...inGroup(ADDR, [...addressUnreadable, type, unwritable]),
    ...getCommon,
    ...registers([noVcpu, busy, { ...unwritable, variant: 'registers', leaves: initialise }]),
    otherGroup,
  ],
  has: [
    ...inGroup(ADDR, [type]),
    ...hasCommon,
    ...registers([
      noVcpu,
      {
        ...unknown((here, arg) => !isThere(here, arg)),
        why: 'no such register',
        says: 'At that offset is no register of 32 bits.',
        cite: seen('vgic_v2_has_attr'),
      },
    ]),
    otherGroup,
  ],
  sets(here, arg) {
    setsCommon(here, arg)
    if (isRegister(arg)) {
      initialise(here)
      writeRegister(here, arg)
    }
    if (arg.group === ADDR) here.vm.vgic![arg.attr === DIST ? 'dist' : 'cpu'] = arg.value!
  },
  gets(here, arg) {
    if (isRegister(arg)) initialise(here)
  },
  gives(here, arg) {
    if (arg.group === ADDR) return (arg.attr === DIST ? here.vm.vgic!.dist : here.vm.vgic!.cpu) ?? UNSET
    if (!isRegister(arg)) return givesCommon(here, arg)
    return readRegister(asInitialised(here), arg)
  },
}
