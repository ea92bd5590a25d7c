/** `bugs`: how soon the suites find each known bug, switched on in the mock. */
import { Command, Option } from 'commander'
import { seed, wholeNumber } from './options.ts'
import { leave, screen } from './terminal.ts'

interface Said {
  seed: number
  seeds: number
  cap: number
}

const many = (n: number, what: string): string => (n === 0 ? `no ${what}` : `${n} ${what}${n === 1 ? '' : 's'}`)

/** Columns: what random sequences took at the median, how many sequences and laws fail, the commit that fixed it. */
const HEAD = `${'random'.padStart(8)} ${'sequences'.padStart(10)} ${'laws'.padStart(5)}  commit`

export const bugs = (): Command =>
  new Command('bugs')
    .description('how soon the suites find each known bug, switched on in the mock')
    .addOption(seed())
    .addOption(new Option('--seeds <n>', 'how many seeds, from that one on').default(11).argParser(wholeNumber(1, 999)))
    .addOption(
      new Option('--cap <n>', 'how many random sequences of a seed at most')
        .default(20_000)
        .argParser(wholeNumber(1, 10_000_000)),
    )
    .addHelpText(
      'after',
      `
For each bug: how many random sequences are drawn until one shows it (the median of all seeds), and
how many sequences of suites/ordered and laws of suites/laws fail. The target mock,erratum=COMMIT
is a kernel that has it.
Exit status: 0 all are found, 1 some are not, 2 could not do what was asked.`,
    )
    .action(async (options: Said) => {
      const [{ errata }, { erratumName }, { allSuites, findBugs, isFound, median }] = await Promise.all([
        import('../../fixtures/errata.ts'),
        import('../table/errata.ts'),
        import('../studies/bugs.ts'),
      ])
      const found = await findBugs(errata, await allSuites(), options)
      screen.write(`${HEAD}\n`)
      for (const { erratum, took, sequences, laws } of found) {
        const middle = median(took)
        const random = (middle === Infinity ? `>${options.cap}` : String(middle)).padStart(8)
        const counts = `${String(sequences.length).padStart(10)} ${String(laws.length).padStart(5)}`
        screen.write(`${random} ${counts}  ${erratumName(erratum)}\n`)
      }
      const all = found.filter(isFound)
      const random = found.filter(({ took }) => median(took) !== Infinity)
      const not = found.filter((f) => !isFound(f))
      screen.write(
        `\n${all.length} of ${many(found.length, 'known bug')} found, ${random.length} by random sequences: `
          + `median ${median(random.map(({ took }) => median(took)))} sequences each\n`,
      )
      for (const { erratum } of not) screen.write(`not found: ${erratumName(erratum)}\n`)
      leave(not.length === 0 ? 0 : 1)
    })
