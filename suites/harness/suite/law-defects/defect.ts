/** A defect of a kernel that a law is to catch, and the ways in which the rules of the mock are broken for it. */
import type { Host } from '../../../../harness/model/host.ts'
import type { Here } from '../../../../harness/model/world.ts'
import type { Breakable } from '../../../../harness/table/errata.ts'

export interface Defect {
  /** How the law's title begins. */
  law: string
  /** What is wrong with the kernel. */
  is: string
  breaks(rules: Breakable): void
  /** A recorded host, where the usual one would not do. */
  host?: string
  /** What was recorded of the host, where the kernel had the defect then, too. */
  recorded?(sound: Host): Host
}

/** A refusal that does not apply where `isSpared` says so. */
export const spares = (k: Breakable, ioctl: string, why: string, isSpared: (arg: any) => boolean) =>
  k.when(ioctl, why, (when) => (here, arg, call) => !isSpared(arg) && when(here, arg, call))
/** A refusal that sees another argument than it was given. */
export const sees = (k: Breakable, ioctl: string, why: string, seen: (arg: any) => any) =>
  k.when(ioctl, why, (when) => (here, arg, call) => when(here, seen(arg), call))
/** A register list that is changed on its way. */
export const lists = (k: Breakable, changed: (ids: bigint[], here: Here) => bigint[]) =>
  k.grants('KVM_GET_REG_LIST', ({ lists: sound }) => ({ lists: (here, arg) => changed(sound!(here, arg), here) }))
/** A grant that works on another argument than it was given. */
export const takes = (k: Breakable, ioctl: string, changed: (arg: any, here: Here) => any) =>
  // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
  k.grants(ioctl, ({ then }) => ({ then: (here, arg, into) => then!(here, changed(arg, here), into) }))
