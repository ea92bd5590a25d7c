/** The table as a book reads it aloud: a chapter for each ioctl, a paragraph for each row. */
import { hex } from '../../harness/model/scalar.ts'
import type { Errno } from '../../harness/names/index.ts'
import { abi } from '../../harness/abi/index.ts'
import { everyCall } from '../../harness/abi/every-call.ts'
import { ioctlsIn } from '../../harness/dialects/index.ts'
import type { Dialect } from '../../harness/model/dialect.ts'
import { rowOf, type Row } from '../../harness/table/rows.ts'
import { releasesInWords } from '../../harness/model/release.ts'
import type { Citation, Grant, Ioctl, Refusal, Statement } from '../../harness/model/rule.ts'
import type { Example } from '../../harness/studies/examples/example.ts'
import { print, printCall } from '../../harness/table/notation.ts'
import { left } from './left.ts'
import { goneFrom, ownRules } from './proposed.ts'
import { ruleChangesInWords } from './rule-changes.ts'

/** One row. `trace`: its shortest example, on `host`; where there is none, `unseen` says why. */
export interface Paragraph {
  id: string
  why: string
  errno?: Errno
  says: string
  cite: Citation
  /** What calls it is about, where not all of the ioctl. */
  about: string[]
  releases: string
  /** The commits that brought or ended it, a sentence each. */
  changes: string[]
  instead?: Refusal<any>['instead']
  text: readonly Statement[]
  trace?: string
  host?: string
  left: string[]
  unseen?: string
}

export interface Chapter {
  name: string
  /** The number as the kernel knows it. */
  nr?: string
  capability?: string
  on: string
  since?: string
  /** How a call is written. */
  calls: string[]
  /** In the kernel's order; rows of one device stand together, under its name. */
  sections: { device: string; refusals: Paragraph[] }[]
  grants: Paragraph[]
  /** Of a dialect: how many more rules it has as they shipped, and which refusals that shipped it has not. */
  kept?: number
  gone?: string[]
}

const paragraph = (row: Row, rule: Refusal<any> | Grant<any>, examples: ReadonlyMap<string, Example>): Paragraph => {
  const example = examples.get(row.id)
  const of = 'of' in rule ? Object.entries(rule.of ?? {}).filter(([respect]) => respect !== 'device') : []
  return {
    id: row.id,
    why: row.why,
    says: rule.says.trim(),
    cite: rule.cite,
    releases: releasesInWords(row),
    changes: ruleChangesInWords(row),
    text: rule.text ?? [],
    about: of.flatMap(([, cases]) => cases),
    ...('errno' in rule && { errno: rule.errno, ...(rule.instead && { instead: rule.instead }) }),
    ...(example && { trace: print(example.steps), host: example.host.name }),
    left: example && 'errno' in rule ? left(example) : [],
    ...(!example && row.unseen !== undefined && { unseen: row.unseen }),
  }
}

const deviceOf = ({ of }: Refusal<any>): string => [of?.device ?? []].flat().join(', ')

type RowOf = (rule: Refusal<any> | Grant<any>) => Row | undefined

/** The chapter of an ioctl, with the rules for which `find` gives a row. */
const chapterOf = (ioctl: Ioctl, examples: ReadonlyMap<string, Example>, find: RowOf): Chapter => {
  const sections: Chapter['sections'] = []
  for (const rule of ioctl.refuses) {
    const row = find(rule)
    if (!row) continue
    const device = deviceOf(rule)
    let section = sections.find((one) => one.device === device)
    if (!section) sections.push((section = { device, refusals: [] }))
    section.refusals.push(paragraph(row, rule, examples))
  }
  const grants = ([ioctl.grants].flat() as Grant<any>[]).flatMap((rule) => {
    const row = find(rule)
    return row ? [paragraph(row, rule, examples)] : []
  })
  const own = [...grants, ...sections.flatMap((one) => one.refusals)]
    .flatMap(
      ({ id }) =>
        examples
          .get(id)
          ?.steps.slice(-1)
          .map(({ call }) => call) ?? [],
    )
    .map((call) => printCall(call, new Set(['kvm', 'vm', 'vcpu'])))
  return {
    name: ioctl.name,
    on: ioctl.on.join(', ') || 'nothing',
    sections,
    grants,
    ...(ioctl.nr !== undefined && { nr: hex(ioctl.nr) }),
    ...(ioctl.capability !== undefined && { capability: ioctl.capability }),
    ...(ioctl.since !== undefined && { since: [ioctl.since].flat()[0]! }),
    calls: [...new Set(own)].filter((call) => !/&(unmapped|readonly|kernel|tagged|short)/.test(call)).slice(0, 4),
  }
}

/** What precedes every call, then each ioctl in the table's order. */
export const chapters = (examples: ReadonlyMap<string, Example>): Chapter[] => [
  {
    name: 'every call',
    on: 'every descriptor',
    calls: [],
    grants: [],
    sections: [
      {
        device: '',
        refusals: everyCall(abi[0]!, true).map((rule) => paragraph(rowOf(abi[0]!, rule)!, rule, examples)),
      },
    ],
  },
  ...abi.map((ioctl) => chapterOf(ioctl, examples, (rule) => rowOf(ioctl, rule))),
]

/** A chapter for each ioctl that a dialect adds or changes, with the rules that are its own. */
export const proposedChapters = (dialect: Dialect, examples: ReadonlyMap<string, Example>): Chapter[] => {
  const own = ownRules(dialect)
  return ioctlsIn(dialect)
    .filter((ioctl) => !abi.includes(ioctl))
    .map((ioctl) => {
      const rows = new Map(own.flatMap((one) => (one.ioctl === ioctl ? [[one.rule, one.row] as const] : [])))
      const rules = ioctl.refuses.length + [ioctl.grants].flat().length
      return { ...chapterOf(ioctl, examples, (rule) => rows.get(rule)), kept: rules - rows.size, gone: goneFrom(ioctl) }
    })
}
