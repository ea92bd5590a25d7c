/** GICD_IIDR: who made the distributor, and which revision of it KVM emulates. */
import { holdsIn } from '../../../model/release.ts'
import { held, hold } from './held.ts'
import type { At, Register } from './register.ts'

const REVISION = 0xf000n
/** KVM's product, and ARM as its implementer. */
const KVM = 0x4b00_043bn
const WRITABLE = { since: '5.19' }

/** The revision; before 5.19 there was one, which could not be changed. */
export const revisionOf = ({ here: { world }, vgic }: Pick<At, 'here' | 'vgic'>): bigint | undefined =>
  holdsIn(world.release, WRITABLE) ? held(vgic.held, 'revision', 'shared', 0, 3n) : 2n

export const identification: Register = {
  reads: (at) => {
    const revision = revisionOf(at)
    return revision === undefined ? undefined : KVM | (revision << 12n)
  },
  writes: (at, value) => hold(at.vgic.held, 'revision', 'shared', 0, (value & REVISION) >> 12n),
}

/** True where a write of GICD_IIDR changes more than the revision, or to one that is not there. */
export const isOtherDistributor = (value: bigint): boolean =>
  (value & ~REVISION) !== KVM || ![2n, 3n].includes((value & REVISION) >> 12n)
