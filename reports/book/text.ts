/** The ABI book as plain text, for a terminal and for mail. */
import { erratumName } from '../../harness/table/errata.ts'
import { releasesInWords } from '../../harness/model/release.ts'
import type { Citation } from '../../harness/model/rule.ts'
import { answerOf, outdented, type Book } from './book.ts'
import type { Paragraph } from './chapters.ts'
import { block, title, wrapped } from './layout.ts'

const cited = ({ kind, at, ...within }: Citation): string =>
  `[${kind}${within.since || within.until ? ` ${releasesInWords(within)}` : ''}: ${at}]`
const paragraph = (part: Paragraph): string[] => [
  '',
  `  ${answerOf(part.errno)}${part.errno === undefined ? '' : ` (${part.why})`}`
    + `${part.about.length === 0 ? '' : `, of ${part.about.join(', ')}`}; `
    + (part.releases === 'all' ? 'all releases' : part.releases),
  ...wrapped(`${part.says} ${cited(part.cite)}`, 4),
  ...(part.instead ? wrapped(`The text has -${part.instead.errno}. ${cited(part.instead.cite)}`, 4) : []),
  ...part.text.flatMap(({ says, cite, ...dated }) =>
    wrapped(`The text${dated.since || dated.until ? ` (${releasesInWords(dated)})` : ''}: ${says} ${cited(cite)}`, 4),
  ),
  ...(part.left.length > 0 ? wrapped(`Leaves behind: ${part.left.join('; ')}`, 4) : []),
  ...(part.trace === undefined
    ? wrapped(`No recorded host shows it: ${part.unseen ?? 'nothing was found'}.`, 4)
    : [...block(part.trace, 8), `        # on ${part.host}`]),
]

/** The text. */
export const bookText = ({ chapters, disagreements, errata, branches }: Book): string =>
  [
    'The KVM/arm64 ABI',
    '=================',
    '',
    ...wrapped(`What Linux ${branches.join(', ')} answer to userspace, in the order in which the kernel looks.`, 0),
    ...chapters.flatMap((one) => [
      ...title(one.name, '='),
      [`on ${one.on}`, one.nr && `number ${one.nr}`, one.capability, one.since && `since ${one.since}`]
        .filter(Boolean)
        .join('; '),
      ...block(one.calls.join('\n'), 4),
      ...one.sections
        .filter(({ refusals }) => refusals.length > 0)
        .flatMap(({ device, refusals }) => [
          ...title(device === '' ? 'Refuses, in this order' : `Refuses on ${device}, in this order`, '-'),
          ...refusals.flatMap(paragraph),
        ]),
      ...(one.grants.length > 0 ? [...title('Grants', '-'), ...one.grants.flatMap(paragraph)] : []),
    ]),
    ...title('Where text and code disagree', '='),
    ...disagreements.flatMap(({ first, rows, seen }) => [
      '',
      `  ${first.ioctl} (${[...new Set(rows.map(({ why }) => why))].join('; ')}); seen in ${seen.join(', ')}`,
      ...wrapped(`text: ${first.saysErrno ? `-${first.saysErrno}` : first.says} ${cited(first.saysCite)}`, 4),
      ...[
        ...new Set(
          rows.map(
            (r) =>
              `kernel: ${r.row !== undefined || r.errno ? `${answerOf(r.errno)}: ` : ''}${r.does} ${cited(r.cite)}`,
          ),
        ),
      ].flatMap((does) => wrapped(does, 4)),
    ]),
    ...title('Known errata', '='),
    ...errata.flatMap((one) => [
      '',
      `  ${erratumName(one)}`,
      ...wrapped(one.saw, 4),
      ...block(outdented(one.trace), 8),
    ]),
    '',
  ].join('\n')
