/** How a kernel may save the collections of an ITS: in an order of its own, or wrongly. */
import { offsetOf } from '../../../../harness/abi/ram/ram.ts'
import { exampleAt, writeAt } from '../../../../harness/abi/ram/shared-page.ts'
import { collectionTable, ENTRY } from '../../../../harness/abi/vgic/its/entries.ts'
import type { Here } from '../../../../harness/model/world.ts'
import { itsAttrs, vgicGroups } from '../../../../harness/names/index.ts'
import type { Defect } from './defect.ts'

interface Named {
  group: number
  attr: bigint
}

/** What it saves are other entries than a sound kernel saves, or the same at other places. */
const savesCollections =
  (changed: (entries: bigint[]) => bigint[]): Defect['breaks'] =>
  (k) =>
    k.grants('KVM_SET_DEVICE_ATTR', ({ then }) => ({
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
      then(here: Here, arg: Named, into) {
        then!(here, arg, into)
        const isSave =
          here.kind === 'its'
          && arg.group === vgicGroups.KVM_DEV_ARM_VGIC_GRP_CTRL
          && arg.attr === BigInt(itsAttrs.KVM_DEV_ARM_ITS_SAVE_TABLES)
        const table = isSave ? collectionTable(here.its) : undefined
        const base = table && offsetOf(here.vm, table.base, ENTRY, true)
        if (typeof base !== 'number') return
        const { ram } = here.world
        const entries = [...here.its.collections.keys()].map((_, i) => exampleAt(ram, base + i * ENTRY, ENTRY))
        // A save that failed, or of which the table lost sight.
        if (entries.includes(undefined)) return
        const all = [...changed(entries as bigint[]), 0n]
        for (const [i, entry] of all.entries()) writeAt(ram, base + i * ENTRY, ENTRY, entry)
      },
    }))

/** The documentation promises no order. */
export const inAnotherOrder = savesCollections((entries) => entries.toReversed())

export const wrongly: readonly Pick<Defect, 'is' | 'breaks'>[] = [
  { is: 'a collection is not saved', breaks: savesCollections((entries) => entries.slice(1)) },
  { is: 'a collection is saved twice', breaks: savesCollections((entries) => [...entries, ...entries.slice(0, 1)]) },
  {
    is: 'a collection is saved in the place of another',
    breaks: savesCollections((entries) => entries.map((entry, i) => (i === 1 ? entries[0]! : entry))),
  },
  {
    is: 'the last collection is saved with the vcpu after its own',
    breaks: savesCollections((entries) =>
      entries.map((entry, i) => (i === entries.length - 1 ? entry + 0x1_0000n : entry)),
    ),
  },
]
