/** What the attributes of vcpus and VMs have in common. */
import { api, doc, type Refusal } from '../../model/rule.ts'
import { onPart } from '../../model/on-part.ts'
import { valueFaults, type Attr } from '../args/attr.ts'

export const VCPU_RST = 'devices/vcpu.rst'

/** Rows about some attributes of a group; `of`: as the rows' ids shall name them. */
export const ofAttr = (
  group: number,
  attrs: number | readonly number[],
  of: string,
  rows: readonly Refusal<Attr>[],
): Refusal<Attr>[] =>
  onPart(
    (_, arg) => (arg.group === group && [attrs].flat().some((a) => BigInt(a) === arg.attr) ? arg : undefined),
    rows,
    { attr: of },
  )

/** Rows about all of a group, also attributes that nobody knows. */
export const ofGroup = (group: number, of: string, rows: readonly Refusal<Attr>[]): Refusal<Attr>[] =>
  onPart((_, arg) => (arg.group === group ? arg : undefined), rows, { group: of })

/** The pointer to the value cannot be read. */
export const unreadable: Refusal<Attr> = {
  why: 'value not readable',
  says: 'The value is read.',
  cite: doc(VCPU_RST, '-EFAULT Error reading interrupt number'),
  errno: 'EFAULT',
  when: (_, arg) => valueFaults(arg),
}

/** The pointer to the value cannot be written. */
export const unwritable: Refusal<Attr> = {
  why: 'value not writable',
  says: 'The value is written back once all else was checked.',
  cite: api('4.80', 'Gets/sets a specified piece of device configuration and/or state'),
  errno: 'EFAULT',
  when: (_, arg) => valueFaults(arg, true),
}

/** An attribute that is not there. */
export const unknown = (when: Refusal<Attr>['when']): Refusal<Attr> => ({
  why: 'unknown attribute',
  says: 'There is no such group, or the group has no such attribute.',
  cite: api('4.80', 'ENXIO The group or attribute is unknown'),
  errno: 'ENXIO',
  when,
})

/** SGIs end before 16, private interrupts before 32, shared ones before 1020. */
export const isPpi = (irq: number): boolean => irq >= 16 && irq < 32
export const isSpi = (irq: number): boolean => irq >= 32 && irq < 1020
