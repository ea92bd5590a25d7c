/** `replay`: plays a trace on a target, shows what came, and judges it by the table. */
import { Command } from 'commander'
import { exitOf, homeOf } from '../../reports/run/verdicts.ts'
import { many } from '../../reports/run/words.ts'
import { ioctlsIn, spokenBy } from '../dialects/index.ts'
import type { Call, Step } from '../model/call.ts'
import type { Kernel, Playing } from '../model/kernel.ts'
import { judgedAs, type Release } from '../model/release.ts'
import { badEndingOf, withUnanswered } from '../oracle/ending.ts'
import { judged, type Judged } from '../oracle/judge.ts'
import { openKernel } from '../run/open-target.ts'
import { confirmedReport } from '../suite/confirm.ts'
import { causeOf, type JudgedReport } from '../suite/judged-report.ts'
import { print, printReply } from '../table/notation.ts'
import { placeOfAllowed } from '../table/rule-place.ts'
import { oneLine } from '../process/visible.ts'
import { cpu, pinned } from './cpu.ts'
import { release, strict, target } from './options.ts'
import { leave, screen } from './terminal.ts'
import { readTrace } from './trace-file.ts'

/** What came of a trace, and the verdict on it. */
export interface Replayed extends Judged {
  playing: Playing
  /** Of what was not reproduced: what was answered instead. */
  again?: string
}

/** Plays the calls on a kernel, a failure twice or more, and judges them as `release`. */
const played = async (kernel: Kernel, calls: readonly Call[], release: Release): Promise<Replayed> =>
  confirmedReport<JudgedReport & Replayed>(
    kernel,
    async (on) => {
      const playing = await on.play(calls)
      const result = judged(kernel.host, release, calls, playing)
      return { layer: 'any order', ...result, playing, trace: print(result.steps), lists: 1, calls: calls.length }
    },
    causeOf,
  )

/** The step as it was judged; where the file has another answer and the table has no objection, that is said, too. */
const compared = (said: Step, { comment, ...came }: Step): Step => {
  if (comment !== undefined || !said.answer || !came.answer)
    return { ...came, ...(comment !== undefined && { comment }) }
  const { ret, value } = said.answer
  const isSame = ret === came.answer.ret && (value === undefined || value === came.answer.value)
  return isSame ? came : { ...came, comment: `the file says ${printReply(said.answer, came.call, said.why)}` }
}

/** Every step with what came: those that were judged, then those after the guilty one. */
const cameOf = (said: readonly Step[], { steps, playing }: Replayed): Step[] => {
  const calls = said.map(({ call }) => call)
  const came = playing.answers.map((answer, i): Step => steps[i] ?? { call: calls[i]!, answer })
  return withUnanswered(calls, came, playing.outcome).map((step, i) => compared(said[i]!, step))
}

/** What came, as a trace, and the verdict on it in comments. `said`: the file's own steps. */
export const shown = (said: readonly Step[], replayed: Replayed, release: Release): string[] => {
  const { verdict, why, allowed = [], unknown = 0, again, playing } = replayed
  const place = allowed[0] && placeOfAllowed(replayed.steps.at(-1)!.call.ioctl.name, allowed[0])
  const bad = badEndingOf(playing)
  return [
    ...print(cameOf(said, replayed)).split('\n'),
    `# ${verdict}, judged as ${judgedAs(release)}${why ? `: ${why}` : ''}`,
    ...(bad && bad.why !== why ? [`# ${bad.why}`] : []),
    ...allowed.map((line) => `# allowed there: ${line}`),
    ...(!place ? [] : [`# rule: ${place}`]),
    ...(unknown === 0 ? [] : [`# not judged: ${many(unknown, 'answer')}, where nobody has looked what kernels answer`]),
    ...playing.log.map((line) => `# kernel log: ${line}`),
    ...(again === undefined ? [] : ['# played again:', ...again.split('\n').map((line) => `#   ${line}`)]),
  ].map(oneLine)
}

/** As elsewhere: 0 where it conforms, 1 where it violates, 2 where that cannot be told, 4 for a known bug. */
const exitCode = ({ verdict }: Replayed, isStrict: boolean): number =>
  exitOf(verdict, 'any order', isStrict) ?? (homeOf(verdict, isStrict).counts === 'skipped' ? 4 : 0)

interface Said {
  target: string
  cpu?: number
  release?: Release
  strict?: boolean
}

export const replay = (): Command =>
  new Command('replay')
    .description('play a trace on a target, show what came, and judge it')
    .argument('<file>', 'a trace, - for standard input; VMs and vcpus that it does not create are created')
    .addOption(target())
    .addOption(cpu())
    .addOption(release())
    .addOption(strict())
    .addHelpText(
      'after',
      `
Answers that are in the file do not judge: where the kernel gives others they are shown beside them.
Exit status: 0 conforms, 1 violates, 2 could not do what was asked or cannot tell (broken, not reproduced),
4 a known bug of this release.`,
    )
    .action(async (file: string, { target, cpu, release: asked, strict: isStrict = false }: Said) => {
      const steps = readTrace(file, ioctlsIn(spokenBy(target)))
      const kernel = await openKernel(pinned(target, cpu))
      const as = asked ?? kernel.host.kernel.release
      let replayed: Replayed
      try {
        replayed = await played(
          kernel,
          steps.map(({ call }) => call),
          as,
        )
      } finally {
        await kernel.close()
      }
      screen.write(`${shown(steps, replayed, as).join('\n')}\n`)
      leave(exitCode(replayed, isStrict))
    })
