/**
 * Every citation of the documentation that the table, the disagreements and the laws make, with the releases that
 * must have it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { elsewhere } from '../../../fixtures/disagreements.ts'
import { abi } from '../../abi/index.ts'
import { everyCall } from '../../abi/every-call.ts'
import { rowOf } from '../../table/rows.ts'
import { branchesOf } from '../disagreements.ts'
import { api, doc, type Citation, type Grant, type Refusal, type Statement } from '../../model/rule.ts'
import { measured, type Dated, type Release } from '../../model/release.ts'

/** `by`: who cites it. `releases`: the branches whose text must have the passage; empty: any one of them must. */
export interface Cited {
  at: string
  by: string
  releases: Release[]
}

const citations = (
  by: string,
  rule: { cite: Citation; instead?: { cite: Citation }; text?: readonly Statement[] },
  ...dated: Dated[]
): Cited[] =>
  [{ cite: rule.cite }, ...(rule.instead ? [rule.instead] : []), ...(rule.text ?? [])]
    .filter(({ cite }) => cite.kind === 'documented')
    .map((said) => ({ at: said.cite.at, by, releases: branchesOf(...dated, said as Dated, said.cite) }))

const ofTable = (): Cited[] => [
  ...everyCall(abi[0]!, true).flatMap((rule) => citations(rowOf(abi[0]!, rule)!.id, rule, rule)),
  ...abi.flatMap((ioctl) =>
    [...ioctl.refuses, ...([ioctl.grants].flat() as Grant<any>[])].flatMap((rule: Refusal<any> | Grant<any>) =>
      citations(
        rowOf(ioctl, rule)?.id ?? ioctl.name,
        rule,
        ioctl.since === undefined ? {} : { since: ioctl.since },
        rule,
      ),
    ),
  ),
]

const LAWS = new URL('../../../suites/laws/', import.meta.url)
/** Laws are declared where vitest runs them, so that here their source is read. */
const ofLaws = (): Cited[] =>
  readdirSync(LAWS)
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) =>
      [...readFileSync(new URL(name, LAWS), 'utf8').matchAll(/\b(api|doc)\(\s*'([^']+)'(?:,\s*'([^']*)')?/g)].map(
        ([, kind, where, passage]) => ({
          at: (kind === 'api' ? api : doc)(where!, passage).at,
          by: `suites/laws/${name}`,
          releases: [],
        }),
      ),
    )

/** All of them, as often as they are made. */
export const cited = (): Cited[] => [
  ...ofTable(),
  ...elsewhere.flatMap((one) => citations(`${one.ioctl} (${one.why})`, one, one)),
  ...ofLaws(),
]

/** The lock file: for each citation and branch a hash of the paragraph that is meant. */
export interface Lock {
  documents: Record<Release, string>
  passages: Record<string, Record<Release, string>>
}

/** What the lock lacks, a line each: a citation and a release that it holds in. */
export const faults = (all: readonly Cited[], { passages }: Lock): string[] =>
  all.flatMap(({ at, by, releases }) =>
    releases.length === 0
      ? passages[at]
        ? []
        : [`${by}: no release of ${measured.join(', ')} has "${at}"`]
      : releases.filter((r) => passages[at]?.[r] === undefined).map((r) => `${by}: ${r} has no "${at}"`),
  )
