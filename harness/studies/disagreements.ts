/**
 * Every place where Documentation/virt/kvm and the kernel disagree: the rows of the table that hold both, and what
 * has no row.
 */
import type { Errno } from '../names/index.ts'
import { elsewhere } from '../../fixtures/disagreements.ts'
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { abi } from '../abi/index.ts'
import { everyCall } from '../abi/every-call.ts'
import { rowOf } from '../table/rows.ts'
import { holdsIn, measured, reached, type Dated, type Release } from '../model/release.ts'
import type { Citation, Grant, Refusal } from '../model/rule.ts'

/**
 * One disagreement as the book lists it; `row`: the id of the row. `errno`: what the kernel answers; absent: ok,
 * or it depends.
 */
export interface ListedDisagreement {
  ioctl: string
  why: string
  row?: string
  does: string
  errno?: Errno
  cite: Citation
  says: string
  saysErrno?: Errno
  saysCite: Citation
  /** The measured kernel branches that showed it. */
  seen: Release[]
}

const newest = new Map<Release, Release>()
for (const name of hostNames) {
  const { release } = hostNamed(name).kernel
  const branch = /^\d+\.\d+/.exec(release)![0]
  if (reached(release, newest.get(branch) ?? branch)) newest.set(branch, release)
}

/** Those of the measured branches for which all of `dated` hold. */
export const branchesOf = (...dated: readonly Dated[]): Release[] =>
  measured.filter((branch) => dated.every((one) => holdsIn(newest.get(branch)!, one)))

const inRow = (
  ioctl: string,
  rule: Refusal<any> | Grant<any>,
  row: { id: string; why: string },
  own: Dated,
): ListedDisagreement[] => {
  const errno = 'errno' in rule ? { errno: rule.errno } : {}
  const common = { ioctl, why: row.why, row: row.id, does: rule.says, cite: rule.cite, ...errno }
  const instead =
    'instead' in rule && rule.instead
      ? [
          {
            ...common,
            says: '',
            saysErrno: rule.instead.errno,
            saysCite: rule.instead.cite,
            seen: branchesOf(own, rule, rule.instead.cite),
          },
        ]
      : []
  return [
    ...instead,
    ...(rule.text ?? []).map((said) => ({
      ...common,
      says: said.says,
      saysCite: said.cite,
      seen: branchesOf(own, rule, said, said.cite),
    })),
  ]
}

/** All of them: in the order of the table, then what has no row. */
export const disagreements = (): ListedDisagreement[] => [
  ...everyCall(abi[0]!, true).flatMap((rule) => inRow('every call', rule, rowOf(abi[0]!, rule)!, {})),
  ...abi.flatMap((ioctl) =>
    [...ioctl.refuses, ...([ioctl.grants].flat() as Grant<any>[])].flatMap((rule) => {
      const row = rowOf(ioctl, rule)
      return row ? inRow(ioctl.name, rule, row, ioctl.since === undefined ? {} : { since: ioctl.since }) : []
    }),
  ),
  ...elsewhere.flatMap(({ text, ...one }) =>
    text.map(({ says, cite: saysCite }): ListedDisagreement => ({
      ioctl: one.ioctl,
      why: one.why,
      does: one.does,
      cite: one.cite,
      says,
      saysCite,
      seen: branchesOf(one),
    })),
  ),
]
