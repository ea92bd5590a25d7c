/** Why a call is answered as it is: the rule, its citation and releases, and what would have been granted instead. */
import type { Answer, Call } from '../../harness/model/call.ts'
import { measured, releasesInWords } from '../../harness/model/release.ts'
import type { Refusal } from '../../harness/model/rule.ts'
import { ioctlsOf } from '../../harness/dialects/index.ts'
import { printTable } from '../../harness/oracle/judge.ts'
import { applying, expected, opinionOf, type Allowed } from '../../harness/oracle/oracle.ts'
import { callsBefore, otherArguments, worldAfter, type Past } from '../../harness/oracle/remedies.ts'
import { printCall, printReply } from '../../harness/table/notation.ts'
import { rulePlace } from '../../harness/table/rule-place.ts'
import { rowOf } from '../../harness/table/rows.ts'
import type { RuledWorld } from '../../harness/table/rules.ts'
import { anchor } from './book.ts'
import { ruleChangesInWords } from './rule-changes.ts'

/** An explanation, a line each; `isContradicted`: the table does not allow the answer that was given. */
export interface Explanation {
  lines: string[]
  isContradicted: boolean
}

/** Remedies of one kind that are named. */
const MOST = 3

const WIDTH = 10
const fact = (name: string, text: string): string => `  ${name.padEnd(WIDTH)}${text}`

/** A call as a person writes it: VMs and vcpus that are usual are left out. */
const said = (call: Call): string => printCall(call, new Set(['kvm', 'vm', 'vcpu']))

/** What is known of a row; `book`: the page that has it. */
const aboutRow = (world: RuledWorld, call: Call, { refusal }: Allowed, book: string): string[] => {
  const rule = refusal ?? world.rules.get(call.ioctl)!.grant
  const row = rowOf(call.ioctl, rule, ioctlsOf(world.host))
  const place = rulePlace(call.ioctl.name, refusal)
  return [
    ...(row ? [fact('rule', row.id)] : []),
    fact('says', rule.says.trim()),
    fact('from', rule.cite.at),
    ...(refusal?.instead ? [fact('text', `-${refusal.instead.errno} [${refusal.instead.cite.at}]`)] : []),
    ...(rule.text ?? []).map(({ says, cite }) => fact('text', `${says} [${cite.at}]`)),
    ...(row ? [fact('releases', releasesInWords(row))] : []),
    ...(row ? ruleChangesInWords(row).map((words) => fact('', words)) : []),
    ...(place === undefined ? [] : [fact('source', place)]),
    ...(row ? [fact('book', `${book}#${anchor(row.id)}`)] : []),
  ]
}

/** What the other measured releases answer on such a host, those with the same answer together. */
const elsewhere = (world: RuledWorld, past: Past, call: Call, own: string): string[] => {
  const answers = new Map<string, string[]>()
  for (const release of measured) {
    const there = worldAfter({ host: world.host, release }, past)
    const told = printTable(expected(there, call), call)
    if (told !== own) answers.set(told, [...(answers.get(told) ?? []), release])
  }
  return [...answers].map(([told, releases]) => fact(releases.join(', '), told))
}

const remedies = (world: RuledWorld, past: Past, call: Call): string[] => {
  const other = otherArguments(world, call).map((one) => fact('granted', `${said(one)} -> ok`))
  const before = callsBefore(world, past, call).map(({ call: one, then }) =>
    fact('after', `${said(one)} -> ok: ${printTable(then, call)}`),
  )
  return [...other.slice(0, MOST), ...before.slice(0, MOST)]
}

/** Refusals that apply as well, and would be met next. */
const alsoApplying = (world: RuledWorld, call: Call, first: Refusal<any> | undefined): string[] =>
  applying(world, call)
    .filter((one) => one !== first)
    .map((one) => fact('also', `-${one.errno} (${one.why}): ${one.says} [${one.cite.at}]`))

/** What the table thinks of the answer that was given. */
const verdictOn = (world: RuledWorld, call: Call, table: Allowed, answer: Answer | undefined): [string[], boolean] => {
  if (!answer) return [[], false]
  const opinion = opinionOf(world, call, table, answer)
  const given = printReply(answer, call, 'why' in opinion ? opinion.why : undefined)
  if (opinion.verdict === 'violates')
    return [
      [fact('answered', `${given}; no rule of the table answers so here`), fact('right', printTable(table, call))],
      true,
    ]
  if (opinion.verdict === 'drifts')
    return [[fact('answered', `${given}, which applies as well; another rule comes first`)], false]
  return [[], false]
}

/**
 * Explains a call after others; `answer`: what a kernel gave, where that is known. `book`: where the book is, as a
 * person would name it.
 */
export const explained = (
  of: Pick<RuledWorld, 'host' | 'release'>,
  past: Past,
  { call, answer }: { call: Call; answer?: Answer },
  book: string,
): Explanation => {
  const world = worldAfter(of, past)
  const table = expected(world, call)
  const own = printTable(table, call)
  const [verdict, isContradicted] = verdictOn(world, call, table, answer)
  if (table.isGuess)
    return {
      lines: [said(call), fact('unknown', 'nobody has looked what kernels answer here; nothing is judged')],
      isContradicted: false,
    }
  return {
    lines: [
      `${said(call)} -> ${own}`,
      ...verdict,
      ...aboutRow(world, call, table, book),
      ...alsoApplying(world, call, table.refusal),
      ...elsewhere(world, past, call, own),
      ...(table.errno === undefined ? [] : remedies(world, past, call)),
    ],
    isContradicted,
  }
}
