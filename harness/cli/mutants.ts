/** `mutants`: breaks the mock's table in one place after the other, and counts which tests notice. */
import { fork, type ChildProcess } from 'node:child_process'
import { Command, Option } from 'commander'
import { bin } from '../process/own-command.ts'
import { UserError } from '../process/user-error.ts'
import type { FoundMutant, MutantProgress } from '../studies/mutants/part.ts'
import type { Equivalent } from '../studies/mutants/result.ts'
import { measured } from '../model/release.ts'
import { every, runs, seed } from './options.ts'
import { leave, screen } from './terminal.ts'

interface Asked {
  runs: number
  seed: number
  every: number
  part?: string
  dialect?: string
}

/** Another process of this program does a part. */
const inProcess = (
  part: readonly string[],
  { runs, seed, every }: Asked,
  hear: (progress: MutantProgress) => void,
): ChildProcess =>
  fork(bin, [
    'mutants',
    '--part',
    part.join(),
    '--runs',
    String(runs),
    '--seed',
    String(seed),
    '--every',
    String(every),
  ]).on('message', (message) => hear(message as MutantProgress))

/** Resolves when all are done; ends the others where one fails. */
const allOf = async (children: readonly ChildProcess[]): Promise<void> => {
  try {
    await Promise.all(
      children.map(
        (child) =>
          new Promise<void>((resolve, reject) => {
            child.on('exit', (code, signal) =>
              code === 0
                ? resolve()
                : reject(new UserError(`a process that hunts mutants ended with ${code ?? signal}`)),
            )
          }),
      ),
    )
  } finally {
    for (const child of children) child.kill()
  }
}

/** Writes what came of the hunt. Gives the exit code. */
const conclude = async (
  found: readonly FoundMutant[],
  { equivalent, every, begun }: { equivalent: Equivalent; every: number; begun: number },
): Promise<number> => {
  const { faults, told } = await import('../studies/mutants/result.ts')
  const wrong = faults(found, equivalent, every === 1)
  screen.write(
    `\n${told(found, equivalent)}\n\n${((performance.now() - begun) / 1000).toFixed(0)} s\n${wrong.map((line) => `${line}\n`).join('')}`,
  )
  return wrong.length > 0 ? 1 : 0
}

/** Hunts the mutants of a dialect in this process: there are few. Throws a UserError where nobody knows it. */
const huntDialect = async (name: string, asked: Asked): Promise<number> => {
  const { dialectNamed } = await import('../dialects/index.ts')
  const { hunt, proposedPrey } = await import('../studies/mutants/part.ts')
  const { merged } = await import('../studies/mutants/result.ts')
  const begun = performance.now()
  const dialect = dialectNamed(name)
  const heard: FoundMutant[] = []
  await hunt(proposedPrey(dialect), asked, ({ found }) => heard.push(...found))
  return conclude(merged(heard), { equivalent: dialect.equivalent ?? {}, every: asked.every, begun })
}

/** Hunts the mutants of what shipped, in two processes. */
const huntShipped = async (asked: Asked): Promise<number> => {
  const { merged } = await import('../studies/mutants/result.ts')
  const { equivalent } = await import('../../fixtures/equivalent-mutants.ts')
  const begun = performance.now()
  // Two parts of about the same work, for two cores.
  const newestFirst = measured.toReversed()
  const parts = [newestFirst.filter((_, i) => i % 2 === 0), newestFirst.filter((_, i) => i % 2 === 1)]
  const heard = new Map<string, FoundMutant>()
  await allOf(
    parts.map((part, i) =>
      inProcess(part, asked, ({ host, found, seconds }) => {
        for (const one of found) heard.set(`${i} ${one.name}`, one)
        const all = merged(heard.values())
        const noticed = all.filter(({ by }) => Object.keys(by).length > 0).length
        screen.write(
          `${host}: ${found.length} mutants in ${seconds.toFixed(0)} s; ${noticed} of ${all.length} noticed so far\n`,
        )
      }),
    ),
  )
  return conclude(merged(heard.values()), { equivalent, every: asked.every, begun })
}

export const mutants = (): Command =>
  new Command('mutants')
    .description('forget each rule, change each errno, swap each two neighbours: does some test notice?')
    .addOption(runs().default(20_000))
    .addOption(seed())
    .addOption(every())
    .addOption(new Option('--part <releases>', 'do the part of a worker').hideHelp())
    .option('--dialect <name>', 'break the rules of that dialect instead: do its own sequences and laws notice?')
    .action(async (asked: Asked) => {
      // Loaded when they are asked for: they bring all suites.
      const { hunt, preyOf } = await import('../studies/mutants/part.ts')
      if (asked.part !== undefined) {
        await hunt(await preyOf(asked.part.split(',')), asked, (progress) => process.send?.(progress))
        process.disconnect?.()
        return leave(0)
      }
      leave(asked.dialect === undefined ? await huntShipped(asked) : await huntDialect(asked.dialect, asked))
    })
