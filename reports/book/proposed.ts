/** What of a dialect is its own: the rules in which its kernel differs from those that shipped. */
import { abi, namedIn } from '../../harness/abi/index.ts'
import { ioctlsIn } from '../../harness/dialects/index.ts'
import type { Dialect, Mail } from '../../harness/model/dialect.ts'
import type { Grant, Ioctl, Refusal } from '../../harness/model/rule.ts'
import { rowOf, type Row } from '../../harness/table/rows.ts'

/** What a dialect is, as its book begins. `gone`: the ioctls that it has not. */
export interface Proposal {
  name: string
  about: string
  mail?: Mail
  gone: string[]
}

/** A rule of a dialect that did not ship so. */
export interface OwnRule {
  ioctl: Ioctl
  rule: Refusal<any> | Grant<any>
  row: Row
}

const rulesIn = ({ refuses, grants }: Ioctl): (Refusal<any> | Grant<any>)[] => [...refuses, ...[grants].flat()]

/** The rules that are the dialect's own, in its order. */
export const ownRules = (dialect: Dialect): OwnRule[] => {
  const ioctls = ioctlsIn(dialect)
  return ioctls.flatMap((ioctl) => {
    const before = namedIn(abi, ioctl.name)
    const shipped = before ? rulesIn(before) : []
    return rulesIn(ioctl).flatMap((rule) => {
      const row = shipped.includes(rule) ? undefined : rowOf(ioctl, rule, ioctls)
      return row ? [{ ioctl, rule, row }] : []
    })
  })
}

/** How the book of a dialect begins. */
export const proposalOf = (dialect: Dialect): Proposal => ({
  name: dialect.name,
  about: dialect.about,
  ...(dialect.mail && { mail: dialect.mail }),
  gone: abi.filter(({ name }) => !namedIn(ioctlsIn(dialect), name)).map(({ name }) => name),
})

const answered = ({ refuses }: Ioctl): Set<string> => new Set(refuses.map(({ errno, why }) => `-${errno} (${why})`))

/** The refusals that shipped and that the ioctl of a dialect has not: `-EPERM (too late)`. */
export const goneFrom = (ioctl: Ioctl): string[] => {
  const before = namedIn(abi, ioctl.name)
  return before ? [...answered(before)].filter((refusal) => !answered(ioctl).has(refusal)) : []
}
