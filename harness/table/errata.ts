/** Known bugs: what a row of fixtures/errata.ts is, and the table of a kernel that has one. */
import type { Errno } from '../names/index.ts'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { abi } from '../abi/index.ts'
import type { Host } from '../model/host.ts'
import type { Grant, Ioctl, Refusal } from '../model/rule.ts'
import { didYouMean } from '../process/nearest.ts'
import { holdsIn, type Release, type Since } from '../model/release.ts'
import type { Here } from '../model/world.ts'
import { rulesOf, type LogRule, type Rules } from './rules.ts'

export interface Erratum {
  /**
   * Twelve digits of the commit that fixed it, or where nobody has (no `fixed`) of the one that brought it; of the mail
   * where the commit is not known, its Message-ID.
   */
  commit: string
  /** The subject line of that commit. */
  title: string
  /** CVE, syzbot id, mail. */
  cite?: string
  /** The first release with the bug; absent: older than the table. */
  since?: Since
  /**
   * The first releases without it, mainline and stable; of a stable branch the first that is known to be without it.
   * Absent: nobody has fixed it. The same as `since`: no release had it.
   */
  fixed?: Since
  /** What userspace saw, in one sentence. */
  saw: string
  /** The shortest trace, with the answers of a kernel that has the bug; a last call that never returned has none. */
  trace: string
  /** The recorded host that shows it, where the default one does not. */
  host?: string
  /** What that host must lack or have, where no recorded one shows it. */
  differing?(host: Host): Partial<Host>
  /** The kernel log lines that the bug prints, for bugs that only the log shows. */
  log?: RegExp
  /** What it prints comes at any later time of the process, its end included: something freed is used. */
  isLate?: true
  /** The table has it as rows of older releases, whose answers thus conform. */
  isRecorded?: true
  /** Turns the rules of a sound kernel into those of one that has the bug. */
  breaks(rules: Breakable): void
}

/** The rules of one release, to be changed. A call throws where there is no such rule, so that errata do not rot. */
export interface Breakable {
  /** True where this release has such a rule. */
  has(ioctl: string, why: string): boolean
  /** The kernel forgets a refusal, always or only in some cases. */
  forgets(ioctl: string, why: string, inCase?: Refusal<any>['when']): void
  /** The kernel refuses with another errno. */
  answers(ioctl: string, why: string, errno: Errno): void
  /** The kernel refuses what it should grant, or before what it should refuse otherwise. */
  refuses(ioctl: string, errno: Errno, when: Refusal<any>['when'], leaves?: Refusal<any>['leaves']): void
  /** A refusal leaves something else behind than it should, which may be nothing. */
  leaves(ioctl: string, why: string, leaves: NonNullable<Refusal<any>['leaves']>): void
  /** A refusal leaves something behind besides what it should. */
  leavesMore(ioctl: string, why: string, leaves: NonNullable<Refusal<any>['leaves']>): void
  /** The grant does or gives something else. */
  grants(ioctl: string, changed: (grant: Grant<any>) => Partial<Grant<any>>): void
  /** A rule applies in other cases than it should. */
  when(ioctl: string, why: string, changed: (when: Refusal<any>['when']) => Refusal<any>['when']): void
  /** What the kernel still owes the descriptor is something else than it should be; see owed of Ioctl. */
  owes(ioctl: string, owed: NonNullable<Ioctl['owed']>): void
  /** What the call changes is what it changes in another release; what it answers stays. */
  changesAsIn(ioctl: string, release: Release): void
  /** The kernel logs a line; `isOops`: and the process that called is gone. `when` sees the world before the call. */
  logs(ioctl: string, rule: LogRule): void
}

/** `who` names the bug in what is thrown. */
const breakable = (rules: Map<Ioctl, Rules>, who: string): Breakable => {
  const rulesFor = (name: string): [Ioctl, Rules] => {
    const ioctl = [...rules.keys()].find((one) => one.name === name)
    const names = () => [...rules.keys()].map((one) => one.name)
    if (!ioctl) throw new Error(`${who} names ${name}, which the table does not have${didYouMean(name, names())}`)
    return [ioctl, rules.get(ioctl)!]
  }
  const each = (name: string, why: string, change: (row: Refusal<any>) => Refusal<any>[]) => {
    const [ioctl, own] = rulesFor(name)
    if (!own.refuses.some((r) => r.why === why))
      throw new Error(
        `${who} names ${name} (${why}), which the table does not have${didYouMean(
          why,
          own.refuses.map((r) => r.why),
        )}`,
      )
    rules.set(ioctl, { ...own, refuses: own.refuses.flatMap((r) => (r.why === why ? change(r) : [r])) })
  }
  return {
    has: (name, why) => rulesFor(name)[1].refuses.some((r) => r.why === why),
    forgets: (name, why, inCase) =>
      each(name, why, (row) =>
        inCase ? [{ ...row, when: (here, arg, by) => row.when(here, arg, by) && !inCase(here, arg, by) }] : [],
      ),
    answers: (name, why, errno) => each(name, why, (row) => [{ ...row, errno }]),
    leaves: (name, why, leaves) => each(name, why, (row) => [{ ...row, leaves }]),
    leavesMore: (name, why, leaves) =>
      each(name, why, (row) => [
        {
          ...row,
          leaves(here, arg) {
            row.leaves?.(here, arg)
            leaves(here, arg)
          },
        },
      ]),
    when: (name, why, changed) => each(name, why, (row) => [{ ...row, when: changed(row.when) }]),
    refuses(name, errno, when, leaves) {
      const [ioctl, own] = rulesFor(name)
      const row: Refusal<any> = {
        why: 'bug',
        says: 'The kernel refuses what it should not.',
        cite: { kind: 'observed', at: 'fixtures/errata.ts' },
        errno,
        when,
        ...(leaves && { leaves }),
      }
      const first = own.refuses.findLastIndex((r) => r.ends) + 1
      rules.set(ioctl, { ...own, refuses: own.refuses.toSpliced(first, 0, row) })
    },
    grants(name, changed) {
      const [ioctl, own] = rulesFor(name)
      rules.set(ioctl, { ...own, grant: { ...own.grant, ...changed(own.grant) } })
    },
    owes(name, owed) {
      const [ioctl, own] = rulesFor(name)
      rules.set(ioctl, { ...own, owed })
    },
    changesAsIn(name, release) {
      const [ioctl, { grant, refuses, ...own }] = rulesFor(name)
      const there = (here: Here): Here => ({ ...here, world: { ...here.world, release } })
      rules.set(ioctl, {
        ...own,
        refuses: refuses.map((row) =>
          row.leaves ? { ...row, leaves: (here, arg) => row.leaves!(there(here), arg) } : row,
        ),
        grant: grant.then ? { ...grant, then: (here, arg, into) => grant.then!(there(here), arg, into) } : grant,
      })
    },
    logs(name, rule) {
      const [ioctl, own] = rulesFor(name)
      rules.set(ioctl, { ...own, logs: [...(own.logs ?? []), rule] })
    },
  }
}

/** The words by which a report names the bug: its commit, and what that did. */
export const erratumName = ({ commit, title, fixed }: Erratum): string =>
  `${fixed === undefined ? 'not fixed, since ' : ''}${commit} ${title}`

/** The host that shows the bug. */
export const hostOf = ({ host: name, differing }: Erratum): Host => {
  const host = hostNamed(name)
  return { ...host, ...differing?.(host) }
}

/** The rules of a kernel of `release` that has the bug; `ioctls`: those of its dialect. */
export const brokenRules = (
  { breaks, commit }: Pick<Erratum, 'breaks'> & Partial<Pick<Erratum, 'commit'>>,
  release: Release,
  ioctls: readonly Ioctl[] = abi,
): Map<Ioctl, Rules> => {
  const rules = new Map(rulesOf(release, ioctls))
  breaks(breakable(rules, commit === undefined ? 'a defect' : `the bug ${commit}`))
  return rules
}

/** True where a kernel of `release` is known to have the bug. */
export const affects = ({ since, fixed }: Erratum, release: Release): boolean =>
  holdsIn(release, { ...(since !== undefined && { since }), ...(fixed !== undefined && { until: fixed }) })
