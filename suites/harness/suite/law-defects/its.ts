/** Defects of interrupt translation services: of their commands, and of tables that are saved and restored. */
import { readAt, writeAt } from '../../../../harness/abi/ram/shared-page.ts'
import type { Here } from '../../../../harness/model/world.ts'
import { gits, itsCommands } from '../../../../harness/names/gic-registers.ts'
import { itsAttrs, vgicCtrl } from '../../../../harness/names/index.ts'
import { COLLECTIONS, DEVICES, ITTS, MEMORY, QUEUE, RAM_AT } from '../../../its.ts'
import { wrongly } from './collection-tables.ts'
import type { Defect } from './defect.ts'

const SET = 'KVM_SET_DEVICE_ATTR'
const [CTRL, ITS_REGS] = [4, 8]
const SAVED = 'what an ITS translates is saved'
const SENT = 'an interrupt is pending on the vcpu'
const [MOST, COMMAND] = [64, 32]

interface Named {
  group: number
  attr: bigint
}
/** Something happens once the kernel has set an attribute, or before. */
const around = (
  k: Parameters<Defect['breaks']>[0],
  isMeant: (here: Here, arg: Named) => boolean,
  { before, after }: Partial<Record<'before' | 'after', (here: Here) => void>>,
) =>
  k.grants(SET, ({ then }) => ({
    // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
    then(here, arg, into) {
      const is = isMeant(here, arg)
      if (is) before?.(here)
      then!(here, arg, into)
      if (is) after?.(here)
    },
  }))
const isControl =
  (attr: number) =>
  ({ kind }: Here, arg: Named): boolean =>
    (kind === 'its' || kind === 'gic-v3') && arg.group === CTRL && arg.attr === BigInt(attr)
const isCwriter = ({ kind }: Here, { group, attr }: Named): boolean =>
  kind === 'its' && group === ITS_REGS && attr === BigInt(gits.GITS_CWRITER[0])

/** The kernel sees another word of each command of that name. */
const misreads =
  (name: keyof typeof itsCommands, word: number, changed: (value: bigint) => bigint): Defect['breaks'] =>
  (k) =>
    around(k, isCwriter, {
      before({ world: { ram } }) {
        for (let i = 0; i < MOST; i++) {
          const at = RAM_AT + QUEUE + i * COMMAND
          if (readAt(ram, at, 1) !== BigInt(itsCommands[name])) continue
          writeAt(ram, at + 8 * word, 8, changed(readAt(ram, at + 8 * word, 8)!))
        }
      },
    })
const nothing = (value: bigint) => (value & ~0xffn) | BigInt(itsCommands.SYNC)

/** What is saved in the tables between two offsets is another entry. */
const saves =
  (changed: (entry: bigint) => bigint, from: number = ITTS, to: number = MEMORY.size): Defect['breaks'] =>
  (k) =>
    k.grants('ram', ({ gives }) => ({
      gives(here, arg) {
        const value = gives!(here, arg)
        const isThere = arg.offset >= RAM_AT + from && arg.offset < RAM_AT + to
        const isEntry = isThere && value !== undefined && value !== 0n
        return isEntry ? changed(value) : value
      },
    }))

export const ofIts: readonly Defect[] = [
  {
    law: SAVED,
    is: 'collections are restored with the first vcpu',
    breaks: (k) =>
      around(k, isControl(itsAttrs.KVM_DEV_ARM_ITS_RESTORE_TABLES), {
        after({ its, vm }) {
          for (const one of its.collections.values()) if (one.target !== undefined) one.target = 0
          for (const one of vm.vgic!.lpis.values()) if (one.target !== undefined) one.target = 0
        },
      }),
  },
  {
    law: SAVED,
    is: 'the last event of a device is not restored',
    breaks: (k) =>
      around(k, isControl(itsAttrs.KVM_DEV_ARM_ITS_RESTORE_TABLES), {
        after({ its }) {
          for (const { events } of its.devices.values()) events.delete(Math.max(...events.keys()))
        },
      }),
  },
  {
    law: SAVED,
    is: 'the next event is one further',
    breaks: saves((entry) => (entry >> 48n === 0n ? entry : entry + (1n << 48n))),
  },
  {
    law: SAVED,
    is: 'the next device is one further',
    breaks: saves((entry) => ((entry >> 49n) & 0x3fffn ? entry + (1n << 49n) : entry), DEVICES, COLLECTIONS),
  },
  {
    law: SAVED,
    is: 'the last device has a next one',
    breaks: saves((entry) => ((entry >> 49n) & 0x3fffn ? entry : entry | (1n << 49n)), DEVICES, COLLECTIONS),
  },
  {
    law: SAVED,
    is: 'the last event has a next one',
    breaks: saves((entry) => (entry >> 48n === 0n ? entry | (1n << 48n) : entry)),
  },
  ...wrongly.map((one) => ({ law: SAVED, ...one })),
  {
    law: SAVED,
    is: 'what is pending on the second vcpu is not saved',
    breaks: (k) =>
      around(k, isControl(vgicCtrl.KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES), {
        before({ vm }) {
          for (const one of vm.vgic!.lpis.values()) if (one.target === 1) one.isPending = false
        },
      }),
  },
  {
    law: SAVED,
    is: 'a reset forgets no device',
    breaks: (k) => {
      const kept = new WeakMap<object, Here['its']['devices']>()
      around(k, isControl(itsAttrs.KVM_DEV_ARM_ITS_CTRL_RESET), {
        before: ({ its }) => void kept.set(its, structuredClone(its.devices)),
        after({ its }) {
          its.devices = kept.get(its)!
        },
      })
    },
  },
  {
    law: SENT,
    is: 'INT of an event that is not mapped raises another',
    breaks: misreads('INT', 1, (event) => event || 3n),
  },
  { law: SENT, is: 'DISCARD leaves the interrupt pending', breaks: misreads('DISCARD', 0, nothing) },
  { law: SENT, is: 'CLEAR does nothing', breaks: misreads('CLEAR', 0, nothing) },
  { law: SENT, is: 'MOVI keeps the old target', breaks: misreads('MOVI', 0, nothing) },
  {
    law: SENT,
    is: 'MOVALL goes to where it comes from',
    breaks: misreads('MOVALL', 3, (word) => word ^ 0x1_0000n),
  },
  {
    law: SENT,
    is: 'MAPC of a collection that is mapped goes to the first vcpu',
    breaks: misreads('MAPC', 2, (word) => word & ~0xffff_0000n),
  },
]
