/** Writes of GICD_IIDR and GICD_TYPER2: a distributor does not become another one. */
import { inReleases } from '../../model/in-releases.ts'
import { src, type Of, type Refusal } from '../../model/rule.ts'
import { vgicGroups } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { Attr, Verb } from '../args/attr.ts'
import { aboutGroups } from './attributes.ts'
import { offsetOf } from './registers/access.ts'
import { isOtherDistributor } from './registers/identification.ts'

const { KVM_DEV_ARM_VGIC_GRP_DIST_REGS: DIST_REGS } = vgicGroups
const IIDR = 8n
const TYPER2 = 12n
const OF_5_10 = 0x4b00_243bn

const isAt = (arg: Attr, offset: bigint) => arg.group === DIST_REGS && offsetOf(arg) === offset

/** GICD_IIDR, of either model. `leaves`: what the attempt changes. */
export const otherDistributor = (leaves?: (here: Here) => void): readonly Refusal<Attr>[] => {
  const row: Refusal<Attr> = {
    why: 'another distributor',
    says: 'GICD_IIDR is what it reads; its revision can be chosen, 2 or 3.',
    cite: src('arch/arm64/kvm/vgic/vgic-mmio-v3.c', 'vgic_mmio_uaccess_write_v3_misc'),
    errno: 'EINVAL',
    of: { ...aboutGroups(DIST_REGS), register: 'GICD_IIDR' },
    ...(leaves && { leaves }),
    when: (_, arg) => isAt(arg, IIDR) && isOtherDistributor(arg.value ?? 0n),
  }
  return [
    ...inReleases(
      {
        until: '5.19',
        variant: 'one revision',
        says: 'GICD_IIDR is what it reads.',
        when: (_, arg) => isAt(arg, IIDR) && (arg.value ?? 0n) !== OF_5_10,
      },
      row,
    ),
    ...inReleases({ since: '5.19' }, row),
  ]
}

const recorded = ({ host }: Here) => BigInt(`0x${host.gicv3?.typer2 ?? '0'}`)
const ofTyper2: Of = { ...aboutGroups(DIST_REGS), register: 'GICD_TYPER2' }
const otherType: Refusal<Attr> = {
  why: 'another GICD_TYPER2',
  says: 'GICD_TYPER2 says what the host has.',
  cite: src('arch/arm64/kvm/vgic/vgic-mmio-v3.c', 'vgic_mmio_uaccess_write_v3_misc'),
  errno: 'EINVAL',
  of: ofTyper2,
  when: (here, arg) => isAt(arg, TYPER2) && (arg.value ?? 0n) !== recorded(here),
}

export const identityRows: readonly Refusal<Attr>[] = [
  ...otherDistributor(),
  ...inReleases(
    {
      since: '6.17',
      variant: 'initialised',
      errno: 'EBUSY',
      of: { ...ofTyper2, vgic: 'initialised' },
      when: (here, arg) => here.vm.vgic!.initialised && isAt(arg, TYPER2) && (arg.value ?? 0n) !== recorded(here),
    },
    otherType,
  ),
  ...inReleases({ until: '6.17' }, otherType),
  ...inReleases(
    {
      since: '6.17',
      variant: 'not initialised',
      of: { ...ofTyper2, vgic: 'not initialised' },
      when: (here, arg) => !here.vm.vgic!.initialised && isAt(arg, TYPER2) && (arg.value ?? 0n) !== recorded(here),
    },
    otherType,
  ),
]

/** Only of a host without SGIs without an active state is it known what it takes. */
export const isUnknownIdentity = ({ host }: Here, arg: Attr, verb: Verb): boolean =>
  verb === 'set' && isAt(arg, TYPER2) && host.gicv3?.typer2 !== '0'
