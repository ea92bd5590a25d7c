/** KVM_DEV_ARM_VGIC_GRP_CTRL of an ITS: what saving and restoring its tables refuse, and what they do. */
import { holdsIn } from '../../../model/release.ts'
import { doc, src, type Refusal } from '../../../model/rule.ts'
import type { Here } from '../../../model/world.ts'
import { itsAttrs } from '../../../names/index.ts'
import type { Attr } from '../../args/attr.ts'
import { forgetMapped, resetIts } from '../registers/its.ts'
import { restoreTables, saveTables } from './tables.ts'
import { loseTranslation } from './translation.ts'
import { triedOn } from './tried.ts'

const SAVE = BigInt(itsAttrs.KVM_DEV_ARM_ITS_SAVE_TABLES)
const RESTORE = BigInt(itsAttrs.KVM_DEV_ARM_ITS_RESTORE_TABLES)
const RESET = BigInt(itsAttrs.KVM_DEV_ARM_ITS_CTRL_RESET)
const file = 'devices/arm-vgic-its.rst'

const workOf = ({ attr }: Attr) => (attr === SAVE ? saveTables : attr === RESTORE ? restoreTables : undefined)

/** What it comes to: an errno; 'unknown': nobody has looked. */
export const faultOf = (here: Here, arg: Attr) => {
  const work = workOf(arg)
  return work && triedOn(here, work)
}

/** Does what the attribute says. */
export const control = (here: Here, arg: Attr): void => {
  if (arg.attr === RESET) resetIts(here)
  else if (faultOf(here, arg) === 'unknown') loseTranslation(here)
  else workOf(arg)?.(here)
}

/** What was read until then is forgotten again; in 5.10 it stayed, of which nobody has looked. */
const FORGETS = { since: '6.1' }
const leave = (here: Here, { attr }: Attr): void => {
  const isKnown = attr === RESTORE && holdsIn(here.world.release, FORGETS) && here.its.devices.size === 0
  if (!isKnown) return loseTranslation(here)
  restoreTables(here)
  forgetMapped(here)
}

const ofTables = (
  errno: 'EFAULT' | 'EINVAL' | 'EEXIST',
  row: Pick<Refusal<Attr>, 'why' | 'says' | 'cite' | 'text'>,
): Refusal<Attr> => ({
  ...row,
  errno,
  when: (here, arg) => faultOf(here, arg) === errno,
  leaves: leave,
})

/** In no order: what is found first is refused. */
export const badTables: readonly Refusal<Attr>[] = [
  ofTables('EFAULT', {
    why: 'no memory for a table',
    says: 'The guest has memory where GITS_BASER and the entries of its device table say that tables are.',
    cite: doc(file, '-EFAULT Invalid guest ram access'),
  }),
  ofTables('EINVAL', {
    why: 'inconsistent tables',
    says:
      'What is restored fits together: interrupts are LPIs, their collections and vcpus are there, and no entry leads past the '
      + 'end of its table.',
    cite: doc(file, '-EINVAL Inconsistent restored data'),
  }),
  ofTables('EEXIST', {
    why: 'mapped already',
    says: 'Tables are restored into an ITS that knows none of their collections.',
    cite: src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_its_restore_cte'),
    text: [{ says: 'No such errno is named.', cite: doc(file, '-EINVAL Inconsistent restored data') }],
  }),
]
