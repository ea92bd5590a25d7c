/**
 * `bisect`: which of several targets, in their order, is the first on which a test ends otherwise than on the first.
 */
import { Command } from 'commander'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { idOf, type Outcome } from '../../reports/run/outcome.ts'
import { OUTCOMES, readRecord } from '../../reports/run/record.ts'
import { many } from '../../reports/run/words.ts'
import { parseTarget } from '../model/target.ts'
import { runCommand } from '../process/own-command.ts'
import { UserError } from '../process/user-error.ts'
import { oneLine } from '../process/visible.ts'
import { bisect as bisected, CannotTell, type Bisected, type Untold, type Verdicts } from '../studies/bisect.ts'
import { only, release, runs } from './options.ts'
import { leave, screen } from './terminal.ts'

interface Asked {
  only?: string[]
  release?: string
  runs: number
}

/** Of one target: what came of each test. */
type Outcomes = ReadonlyMap<string, Outcome>

/** Runs the suites on a target in a process of its own; gives its last line. */
const runOn = (target: string, reports: string, asked: Asked): Promise<string> =>
  new Promise((resolve) => {
    const [command, ...args] = runCommand({ ...asked, target, reports })
    const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let last = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        last = (last + data.toString()).slice(-2000)
      })
    child.on('close', () => resolve(oneLine(last.trim().split('\n').at(-1) ?? '').replace(/^error: /, '')))
  })

const outcomesOn = async (target: string, reports: string, asked: Asked): Promise<Outcomes | Untold> => {
  const last = await runOn(target, reports, asked)
  const file = join(reports, OUTCOMES)
  if (!existsSync(file)) return { why: last }
  const { outcomes, isComplete } = readRecord(file)
  if (!isComplete) return { why: `its run is incomplete: ${last}` }
  const own = outcomes.filter(({ isOutside }) => !isOutside)
  if (own.every(({ verdict }) => verdict === 'broken')) return { why: own[0]?.why ?? last }
  return new Map(own.map((outcome) => [idOf(outcome), outcome]))
}

/** Tests that are shown. */
const MOST = 8

const shown = (targets: readonly string[], found: Bisected, on: readonly (Outcomes | undefined)[]): string[] => {
  const { first, untold, changed } = found
  if (first === undefined) return ['no test ends otherwise on the last than on the first']
  const [before, after] = [on[0]!, on[first]!]
  return [
    `first        ${targets[first]}: ${many(changed.length, 'test')} other than on ${targets[0]}`,
    ...(untold.length === 0
      ? []
      : [`or one of    ${untold.map((at) => targets[at]).join(', ')}, of which nothing can be told`]),
    ...changed.slice(0, MOST).flatMap((id) => {
      const [was, is] = [before.get(id)!, after.get(id)!]
      return [
        `  ${oneLine(is.name)}: ${was.verdict} => ${is.verdict}${is.why === undefined ? '' : `: ${oneLine(is.why)}`}`,
        ...(is.verdict === 'violates' ? (is.trace ?? '').split('\n').map((line) => `      ${oneLine(line)}`) : []),
      ]
    }),
    ...(changed.length > MOST ? [`  and ${changed.length - MOST} more`] : []),
  ]
}

const verdictsOf = (outcomes: Outcomes): Verdicts => new Map([...outcomes].map(([id, { verdict }]) => [id, verdict]))

export const bisect = (): Command =>
  new Command('bisect')
    .description('say which of several targets, in their order, first changes the verdict of a test')
    .argument('<targets...>', 'two or more: kernels from old to new, such as qemu:Image.1 qemu:Image.2')
    .addOption(only())
    .addOption(release())
    .addOption(runs())
    .addHelpText(
      'after',
      `
It plays on the first and the last, and then, as git bisect does, on as few between as it takes. Targets of
which nothing can be told (a kernel that does not boot) are passed over. To see where releases part, judge
all of them by one: bisect qemu:5.10 qemu:6.1 qemu:6.12 --release 5.10. In a tree, git bisect takes
run --bisect, see there.
Exit status: 0 nothing changes, 1 something does, 2 could not do what was asked, or nothing can be told of the
first or the last.`,
    )
    .action(async (targets: string[], asked: Asked) => {
      if (targets.length < 2) throw new UserError('bisect takes two targets or more, from old to new')
      for (const target of targets) parseTarget(target)
      const folder = mkdtempSync(join(tmpdir(), 'bisect-'))
      const on: (Outcomes | undefined)[] = []
      const ask = async (at: number): Promise<Verdicts | Untold> => {
        const outcomes = await outcomesOn(targets[at]!, join(folder, String(at)), asked)
        const isUntold = 'why' in outcomes
        screen.write(
          `played       ${targets[at]}: ${isUntold ? `nothing can be told: ${outcomes.why}` : many(outcomes.size, 'test')}\n`,
        )
        if (isUntold) return outcomes
        on[at] = outcomes
        return verdictsOf(outcomes)
      }
      try {
        const found = await bisected(targets.length, ask)
        screen.write(`${shown(targets, found, on).join('\n')}\n`)
        leave(found.first === undefined ? 0 : 1)
      } catch (error) {
        if (!(error instanceof CannotTell)) throw error
        throw new UserError(
          `nothing can be told of ${targets[error.at]}, which is at an end of the list: ${error.message}`,
        )
      }
    })
