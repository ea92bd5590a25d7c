/** A defect that a law of a dialect is to catch, where the kernel forgets no rule but grants something else. */
import type { Breakable } from '../../../harness/table/errata.ts'

export interface DialectDefect {
  dialect: string
  /** How the law's title begins. */
  law: string
  /** What is wrong with the kernel. */
  is: string
  breaks(rules: Breakable): void
}

/** A grant that does something besides. */
export const does = (k: Breakable, ioctl: string, besides: (vm: any, arg: any) => void) =>
  k.grants(ioctl, ({ then }) => ({
    // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
    then(here, arg, into) {
      then?.(here, arg, into)
      besides(here.world.descriptors.get(into)?.vm ?? here.vm, arg)
    },
  }))
