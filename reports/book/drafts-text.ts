/** The drafts as plain text, in three columns. */
import { INTRO, type ComparedDraft, type Draft, type Drafts } from './drafts.ts'
import { WIDTH, block, title, wrapped } from './layout.ts'
import { mailInWords } from './words.ts'

const INDENT = 2
const GAP = 2
const COLUMNS = 3
const COLUMN = Math.floor((WIDTH - INDENT - GAP * (COLUMNS - 1)) / COLUMNS)

/** Cells side by side; each is lines of at most COLUMN characters. */
const row = (cells: readonly (readonly string[])[]): string[] =>
  Array.from({ length: Math.max(...cells.map((cell) => cell.length)) }, (_, line) =>
    `${' '.repeat(INDENT)}${cells.map((cell) => (cell[line] ?? '').padEnd(COLUMN)).join(' '.repeat(GAP))}`.trimEnd(),
  )

/** Text as a cell; what has no blank to break at is broken where it has to be. */
const cell = (text: string): string[] =>
  wrapped(text, 0, COLUMN).flatMap((line) => line.match(new RegExp(`.{1,${COLUMN}}`, 'gu')) ?? [])

const HEAD = [
  ...row([['drafted'], ['shipped'], ['measured']]),
  ...row(Array.from({ length: COLUMNS }, () => ['-'.repeat(COLUMN)])),
]

const compared = ({ about, drafted, shipped, measured, because, source, asks }: ComparedDraft): string[] => [
  '',
  ...wrapped(about, INDENT),
  '',
  ...HEAD,
  ...row([cell(drafted), cell(shipped), measured.flatMap(({ words }) => cell(words))]),
  '',
  ...wrapped(`Because: ${because} [${source}]`, INDENT),
  ...(asks === undefined ? [] : block(asks, INDENT * 4)),
]

const draft = ({ name, about, mail, compared: all }: Draft): string[] => [
  ...title(name, '='),
  ...wrapped(about, 0),
  mail ? mailInWords(mail) : 'Nobody proposed it.',
  ...(all.length === 0 ? ['Not compared with what shipped.'] : all.flatMap(compared)),
]

/** The text. */
export const draftsText = ({ drafts, kernels }: Drafts): string =>
  [
    'Drafts of the KVM/arm64 ABI',
    '===========================',
    '',
    ...wrapped(INTRO, 0),
    ...drafts.flatMap(draft),
    ...title('The kernels that were asked', '='),
    ...Object.values(kernels).map(({ release, unameR, target }) => `${release} (${unameR}), ${target}`),
    '',
  ].join('\n')
