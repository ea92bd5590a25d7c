/** `diff`: what changed between two runs, two hosts or kernels, or a run and a recorded host. */
import { Command } from 'commander'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diffOf, isWhole, isWorse } from '../../reports/diff/diff.ts'
import { diffPage } from '../../reports/diff/html.ts'
import { diffJson } from '../../reports/diff/json.ts'
import { page as whole } from '../../reports/html/page.ts'
import { keyOf, openSide, type List } from '../../reports/diff/side.ts'
import { diffText } from '../../reports/diff/text.ts'
import { abi } from '../abi/index.ts'
import { writeWhole } from '../process/files.ts'
import { root } from '../process/root.ts'
import { allSequences } from '../suite/declared.ts'
import { stepsOf } from '../suite/sequence-text.ts'
import { withCreations } from '../table/creations.ts'
import { parse } from '../table/notation.ts'
import { leave, screen } from './terminal.ts'

const TRACES = join(root, 'fixtures/traces')

/** What hosts and kernels are asked: every sequence, and the counterexamples that were kept. */
const usual = async (): Promise<List[]> => {
  const kept = readdirSync(TRACES).map((name) => ({
    steps: withCreations(parse(readFileSync(join(TRACES, name), 'utf8'), name)),
    test: name,
  }))
  const sequences = (await allSequences())
    .filter(({ dialect }) => dialect === undefined)
    .map((one) => ({ steps: stepsOf(one, abi), test: one.title }))
  const lists = new Map<string, List>()
  for (const { steps, test } of [...sequences, ...kept]) {
    const calls = steps.map(({ call }) => call)
    lists.set(keyOf(calls), { calls, tests: [test] })
  }
  return [...lists.values()]
}

interface Asked {
  strict?: true
  json?: true
  page?: string
}

export const diff = (): Command =>
  new Command('diff')
    .description('compare two runs, two hosts or kernels, or a run and a recorded host, by rule and cause')
    .argument('<a>', 'what was: the folder of a run, a recorded host by name or file, or a target such as qemu:6.12')
    .argument('<b>', 'what is, likewise')
    .option('--strict', 'fail where both are right and differ, too')
    .option('--json', 'print JSON instead of text')
    .option('--page <file>', 'write a page, too')
    .addHelpText(
      'after',
      `
Of two runs the verdicts of tests are compared, and the answers to calls that both played; of all others every
sequence is played on both, and the hosts are compared fact by fact.
Exit status: 0 nothing is worse on B, 1 a regression or something lost (with --strict a drift, too), 2 could not
compare, a run is incomplete, or of something nothing is told on B (broken, not reproduced).`,
    )
    .action(async (nameA: string, nameB: string, { strict, json, page }: Asked) => {
      const a = await openSide(nameA)
      try {
        const b = await openSide(nameB)
        try {
          const all = await diffOf(a, b, (a.lists ?? b.lists) ? [] : await usual())
          if (page !== undefined) writeWhole(page, whole(diffPage(all)))
          screen.write(json ? diffJson(all) : diffText(all))
          leave(isWorse(all, strict === true) ? 1 : isWhole(all) ? 0 : 2)
        } finally {
          await b.close()
        }
      } finally {
        await a.close()
      }
    })
