/** `migrate`: whether a VM that is saved on one host is restored on another. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { askedLines } from '../../reports/migration/asked.ts'
import { parseComplaint, type Complaint } from '../../reports/migration/complaints.ts'
import { migrationJson } from '../../reports/migration/json.ts'
import { isLossy, migrationOf, type Migration } from '../../reports/migration/migration.ts'
import { migrationText } from '../../reports/migration/text.ts'
import { parseFeatures } from '../../reports/migration/vm.ts'
import type { Feature } from '../names/index.ts'
import { within } from '../process/user-error.ts'
import { lines as visible } from '../process/visible.ts'
import { openHost } from './host-side.ts'
import { book } from './options.ts'
import { leave, screen } from './terminal.ts'
import { textOfLines } from './trace-file.ts'

const featuresOption = new Option(
  '--features <list>',
  'features of its vcpus, instead of all that both have',
).argParser((text): Feature[] => {
  try {
    return parseFeatures(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
})

/** Lines that are not empty and no comments. */
const linesIn = (text: string): string[] =>
  text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))

const complaintsIn = (words: readonly string[], file: string | undefined): Complaint[] => [
  ...words.map(parseComplaint),
  ...(file === undefined ? [] : linesIn(textOfLines(file)).map((line) => within(file, () => parseComplaint(line)))),
]

interface Asked {
  features?: Feature[]
  registers?: string
  json?: true
  book: string
}

/** From A to B, and back. Throws a UserError where one of them cannot be opened. */
const bothWays = async (
  nameA: string,
  nameB: string,
  wanted: readonly Feature[] | undefined,
): Promise<Record<'there' | 'back', Migration>> => {
  const a = await openHost(nameA)
  try {
    const b = await openHost(nameB)
    try {
      return { there: await migrationOf(a, b, wanted), back: await migrationOf(b, a, wanted) }
    } finally {
      await b.close()
    }
  } finally {
    await a.close()
  }
}

/** `asked`: lines on what the user asked of single registers. */
const textOf = (there: Migration, back: Migration, asked: readonly string[]): string =>
  [migrationText(there), ...asked, ...(asked.length > 0 ? [''] : []), 'and back', '', migrationText(back)].join('\n')

export const migrate = (): Command =>
  new Command('migrate')
    .description(
      'say whether a vcpu and its VM that are saved on A are restored on B, and do it where both can be asked',
    )
    .argument('<a>', 'where it is saved: a recorded host by name or file, or a target such as qemu:6.1')
    .argument('<b>', 'where it is restored, likewise')
    .argument('[registers...]', 'REGISTER=VALUE, or lines of QEMU or Firecracker: which rule of B refuses them')
    .addOption(featuresOption)
    .option('--registers <file>', 'a file of such lines, - for standard input')
    .option('--json', 'print JSON instead of text')
    .addOption(book())
    .addHelpText(
      'after',
      `
Between recorded hosts the table says what becomes of each register, event, state and register of the
interrupt controller. A target is asked: on A a guest runs, and what the VM then holds is read; on B it is
written in the order in which a VMM does it, read again, and held against what the table says. Two cores of
one machine are native,cpu=0 and native,cpu=4.
Exit status: 0 all of it is restored on B, 1 something is not, or the host did otherwise than was predicted,
2 could not do what was asked.`,
    )
    .action(async (nameA: string, nameB: string, words: string[], { registers, json, book: page, features }: Asked) => {
      const complaints = complaintsIn(words, registers)
      const { there, back } = await bothWays(nameA, nameB, features)
      const asked = visible(askedLines(there, complaints, page))
      screen.write(json ? migrationJson(there, back) : textOf(there, back, asked))
      leave(isLossy(there) ? 1 : 0)
    })
