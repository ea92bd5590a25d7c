/** Defects of an ITS that sequences are to catch, by the title of one that does. */
import { hold } from '../../../harness/abi/vgic/registers/held.ts'
import { raise } from '../../../harness/abi/vgic/its/lpis.ts'
import type { Its } from '../../../harness/model/vgic.ts'
import type { Here } from '../../../harness/model/world.ts'
import { gits } from '../../../harness/names/gic-registers.ts'
import { itsAttrs } from '../../../harness/names/index.ts'
import type { Breakable } from '../../../harness/table/errata.ts'
import { writeAt } from '../../../harness/abi/ram/shared-page.ts'
import { ITTS, RAM_AT } from '../../its.ts'

export interface ItsDefect {
  sequence: string
  is: string
  /** A recorded host, where the usual one would not do. */
  host?: string
  breaks(rules: Breakable): void
}

interface Named {
  group: number
  attr: bigint
}
type On = (here: Here, arg: Named) => boolean
const [CTRL, ITS_REGS] = [4, 8]
const register =
  ([offset]: readonly [number, number]): On =>
  ({ kind }, { group, attr }) =>
    kind === 'its' && group === ITS_REGS && attr === BigInt(offset)
const control =
  (wanted: number): On =>
  ({ kind }, { group, attr }) =>
    kind === 'its' && group === CTRL && attr === BigInt(wanted)

/** Whatever a call changes, this is changed after it; `keep` has what `before` gave. */
const after =
  <Kept>(
    ioctl: 'KVM_SET_DEVICE_ATTR' | 'KVM_RUN',
    isMeant: On,
    before: (here: Here) => Kept,
    change: (here: Here, kept: Kept) => void,
  ): ItsDefect['breaks'] =>
  (k) =>
    k.grants(ioctl, ({ then }) => ({
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
      then(here: Here, arg: Named, into) {
        const is = isMeant(here, arg)
        const kept = is ? before(here) : undefined
        then!(here, arg, into)
        if (is) change(here, kept as Kept)
      },
    }))
const nothing = () => undefined
const always: On = () => true
const itsOf = ({ vm }: Here): Its | undefined => vm.placedIts?.[0]

const staysRemembered = (isMeant: On) =>
  after(
    'KVM_SET_DEVICE_ATTR',
    isMeant,
    ({ its }) => its.remembered,
    ({ its }, kept) => {
      if (kept) its.remembered = kept
    },
  )
const remembers = 'a message whose device is not said is translated as it was before'
const forgets = 'what an ITS has translated it has forgotten once it was disabled'
const dirty = 'no ring has the pages that tables are saved to'

export const itsDefects: readonly ItsDefect[] = [
  { sequence: remembers, is: 'MOVI forgets nothing', breaks: staysRemembered(register(gits.GITS_CWRITER)) },
  {
    sequence: remembers,
    is: 'any command forgets all',
    breaks: after('KVM_SET_DEVICE_ATTR', register(gits.GITS_CWRITER), nothing, ({ its }) => delete its.remembered),
  },
  {
    sequence: forgets,
    is: 'an ITS that is disabled forgets nothing',
    breaks: staysRemembered(register(gits.GITS_CTLR)),
  },
  {
    sequence: 'an eventfd whose route is a message',
    is: 'the message comes to nobody',
    breaks: after('KVM_RUN', always, nothing, ({ vm }) => {
      for (const lpi of vm.vgic?.lpis.values() ?? []) lpi.isPending = false
    }),
  },
  {
    sequence: 'commands are done that the guest names by GITS_CWRITER',
    is: 'what the guest stores is not heard of',
    breaks: after(
      'KVM_RUN',
      always,
      (here) => itsOf(here) && new Map(itsOf(here)!.held),
      (here, kept) => {
        const its = itsOf(here)
        if (its && kept) its.held = kept
      },
    ),
  },
  {
    sequence: 'GITS_TRANSLATER is for devices',
    is: 'a store of the guest to GITS_TRANSLATER is a message',
    breaks: after('KVM_RUN', always, nothing, (here) => {
      const lpi = here.vm.vgic?.lpis.get(8192)
      if (lpi) raise(here, lpi)
    }),
  },
  {
    sequence: 'the guest disables its ITS',
    is: 'the guest cannot disable its ITS',
    breaks: after('KVM_RUN', always, nothing, (here) => {
      const its = itsOf(here)
      if (its) hold(its.held, 'enabled', 'shared', 0, 1n)
    }),
  },
  {
    sequence: 'a reset leaves of the tables where they were',
    is: 'a reset leaves V of GITS_BASER',
    breaks: after(
      'KVM_SET_DEVICE_ATTR',
      control(itsAttrs.KVM_DEV_ARM_ITS_CTRL_RESET),
      ({ its }) => new Map(its.held),
      ({ its }, kept) => {
        for (const [name, value] of kept) if (name.startsWith('GITS_BASER')) its.held.set(name, value)
      },
    ),
  },
  {
    sequence: dirty,
    is: 'pages that are saved to are in no bitmap where there are rings',
    breaks: after('KVM_SET_DEVICE_ATTR', control(itsAttrs.KVM_DEV_ARM_ITS_SAVE_TABLES), nothing, ({ vm }) => {
      for (const slot of vm.memslots) if (slot.log !== undefined) slot.log = 0n
    }),
  },
  {
    sequence: 'what DISCARD and MAPD without V take away keeps its entry',
    is: 'DISCARD clears the entry of its event',
    host: '5.10-max-gicv3',
    breaks: after('KVM_SET_DEVICE_ATTR', register(gits.GITS_CWRITER), nothing, ({ world }) =>
      writeAt(world.ram, RAM_AT + ITTS, 8, 0n),
    ),
  },
  {
    sequence: 'a collection is unmapped whichever vcpu the command names',
    is: 'the collection stays',
    breaks: after('KVM_SET_DEVICE_ATTR', register(gits.GITS_CWRITER), nothing, ({ its }) => {
      its.collections.set(0, { target: 0 })
      for (const { events } of its.devices.values()) for (const event of events.values()) event.collection ??= 0
    }),
  },
  {
    sequence: 'a collection stays where the command that unmaps it names a vcpu which is not there',
    is: 'the collection is unmapped',
    host: '6.1-max-gicv3',
    breaks: after('KVM_SET_DEVICE_ATTR', register(gits.GITS_CWRITER), nothing, ({ its }) => {
      its.collections.delete(0)
    }),
  },
]
