/** The ABI book as plain text, for a terminal and for mail. */
import { changeInWords } from '../../harness/model/abi-change.ts'
import { erratumName, type Erratum } from '../../harness/table/errata.ts'
import { releasesInWords } from '../../harness/model/release.ts'
import type { Citation } from '../../harness/model/rule.ts'
import { answerOf, outdented, type Book, type Gathered } from './book.ts'
import type { Chapter, Paragraph } from './chapters.ts'
import { block, title, wrapped } from './layout.ts'
import { asShipped, mailInWords } from './words.ts'

const cited = ({ kind, at, ...within }: Citation): string =>
  `[${kind}${within.since || within.until ? ` ${releasesInWords(within)}` : ''}: ${at}]`
const paragraph = (part: Paragraph): string[] => [
  '',
  `  ${answerOf(part.errno)}${part.errno === undefined ? '' : ` (${part.why})`}`
    + `${part.about.length === 0 ? '' : `, of ${part.about.join(', ')}`}; `
    + (part.releases === 'all' ? 'all releases' : part.releases),
  ...wrapped(`${part.says} ${cited(part.cite)}`, 4),
  ...part.changes.flatMap((words) => wrapped(words, 4)),
  ...(part.instead ? wrapped(`The text has -${part.instead.errno}. ${cited(part.instead.cite)}`, 4) : []),
  ...part.text.flatMap(({ says, cite, ...dated }) =>
    wrapped(`The text${dated.since || dated.until ? ` (${releasesInWords(dated)})` : ''}: ${says} ${cited(cite)}`, 4),
  ),
  ...(part.left.length > 0 ? wrapped(`Leaves behind: ${part.left.join('; ')}`, 4) : []),
  ...(part.trace === undefined
    ? wrapped(`No recorded host shows it: ${part.unseen ?? 'nothing was found'}.`, 4)
    : [...block(part.trace, 8), `        # on ${part.host}`]),
]

const chapter = (one: Chapter): string[] => [
  ...title(one.name, '='),
  [`on ${one.on}`, one.nr && `number ${one.nr}`, one.capability, one.since && `since ${one.since}`]
    .filter(Boolean)
    .join('; '),
  ...asShipped(one).flatMap((words) => wrapped(words, 0)),
  ...block(one.calls.join('\n'), 4),
  ...one.sections
    .filter(({ refusals }) => refusals.length > 0)
    .flatMap(({ device, refusals }) => [
      ...title(device === '' ? 'Refuses, in this order' : `Refuses on ${device}, in this order`, '-'),
      ...refusals.flatMap(paragraph),
    ]),
  ...(one.grants.length > 0 ? [...title('Grants', '-'), ...one.grants.flatMap(paragraph)] : []),
]

const disagreement = ({ first, rows, seen }: Gathered): string[] => {
  const kernel = new Set(
    rows.map(
      (r) => `kernel: ${r.row !== undefined || r.errno ? `${answerOf(r.errno)}: ` : ''}${r.does} ${cited(r.cite)}`,
    ),
  )
  return [
    '',
    `  ${first.ioctl} (${[...new Set(rows.map(({ why }) => why))].join('; ')}); seen in ${seen.join(', ')}`,
    ...wrapped(`text: ${first.saysErrno ? `-${first.saysErrno}` : first.says} ${cited(first.saysCite)}`, 4),
    ...[...kernel].flatMap((does) => wrapped(does, 4)),
  ]
}

const erratum = (one: Erratum): string[] => [
  '',
  `  ${erratumName(one)}`,
  ...wrapped(one.saw, 4),
  ...block(outdented(one.trace), 8),
]

const intro = ({ branches, proposal }: Book): string[] => {
  if (!proposal)
    return [
      ...title('The KVM/arm64 ABI', '=').slice(1),
      '',
      ...wrapped(`What Linux ${branches.join(', ')} answer to userspace, in the order in which the kernel looks.`, 0),
    ]
  const { name, about, mail, gone } = proposal
  return [
    ...title(`A draft of the KVM/arm64 ABI: ${name}`, '=').slice(1),
    '',
    ...wrapped(`${about}.`, 0),
    ...(mail ? wrapped(mailInWords(mail), 0) : []),
    ...wrapped('The rules that did not ship so, in the order in which its kernel looks.', 0),
    ...(gone.length > 0 ? wrapped(`It has no ${gone.join(', ')}.`, 0) : []),
  ]
}

/** The text. */
export const bookText = (book: Book): string =>
  [
    ...intro(book),
    ...book.chapters.flatMap(chapter),
    ...(book.disagreements.length > 0 ? title('Where text and code disagree', '=') : []),
    ...book.disagreements.flatMap(disagreement),
    ...(book.changes.length > 0 ? title('Changes between releases', '=') : []),
    ...book.changes.flatMap((one) => ['', ...wrapped(changeInWords(one), 2)]),
    ...(book.errata.length > 0 ? title('Known errata', '=') : []),
    ...book.errata.flatMap(erratum),
    '',
  ].join('\n')
