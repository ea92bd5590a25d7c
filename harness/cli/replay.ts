/** `replay`: plays a trace on a target, and shows what came. */
import { Command } from 'commander'
import { ioctlsIn, spokenBy } from '../dialects/index.ts'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import type { Answer, Step } from '../model/call.ts'
import { UserError, within } from '../process/user-error.ts'
import type { Kernel, Playing } from '../model/kernel.ts'
import type { Ioctl } from '../model/rule.ts'
import { badEndingOf } from '../oracle/ending.ts'
import { openKernel } from '../run/open-target.ts'
import { withCreations } from '../table/creations.ts'
import { toOps } from '../link/ops.ts'
import { parse, print, printReply } from '../table/notation.ts'
import { oneLine } from '../process/visible.ts'
import { readText } from '../process/files.ts'
import { cpu, pinned } from './cpu.ts'
import { target } from './options.ts'
import { leave, screen } from './terminal.ts'

/** Bytes of the largest trace: no list that an agent takes is longer, but for its comments. */
const MOST = 1 << 20

/** The steps of a trace, which one list of an agent can hold. Throws a UserError for every other file. */
const readTrace = (file: string, ioctls: readonly Ioctl[]): Step[] => {
  const steps = parse(readText(file, MOST), file, ioctls)
  if (steps.length === 0) throw new UserError(`${file}: there is no call in it`)
  return within(file, () => {
    const all = withCreations(steps, undefined, ioctls)
    // Of any host: how long it gets depends on none.
    toOps(
      all.map(({ call }) => call),
      hostNamed(),
    )
    return all
  })
}

/** Plays on a target that is open for this alone. */
const playOn = async (text: string, calls: Parameters<Kernel['play']>[0]): Promise<Playing> => {
  const kernel = await openKernel(text)
  try {
    return await kernel.play(calls)
  } finally {
    await kernel.close()
  }
}

const differs = (said: Answer, came: Answer): boolean =>
  said.ret !== came.ret || (said.value !== undefined && said.value !== came.value)

/**
 * What came, as a trace: a comment stands behind each answer that is not what the file says, and the first call without
 * one. `agrees`: nothing differs, every call returned, and the kernel log has no complaint.
 */
export const compare = (said: readonly Step[], playing: Playing): { lines: string[]; agrees: boolean } => {
  const { answers, outcome, why, log } = playing
  const shown = said.slice(0, outcome === 'done' ? undefined : answers.length + 1)
  const wrong = shown.map(
    ({ answer }, i) => answer !== undefined && answers[i] !== undefined && differs(answer, answers[i]),
  )
  const came = shown.map(({ call, answer: due, why: rule }, i): Step => {
    const answer = answers[i]
    if (!answer) return { call }
    if (wrong[i]) return { call, answer, comment: `the file says ${printReply(due!, call, rule)}` }
    return { call, answer, ...(rule && { why: rule }) }
  })
  const ending = outcome === 'done' ? [] : [`# ${outcome}${why ? `: ${why}` : ''}`]
  const lines = [...print(came).split('\n'), ...ending, ...log.map((l) => `# kernel log: ${l}`)].map(oneLine)
  return { lines, agrees: !badEndingOf(playing) && !wrong.includes(true) }
}

export const replay = (): Command =>
  new Command('replay')
    .description('play a trace on a target, and show what came')
    .argument('<file>', 'a trace; VMs and vcpus that it does not create are created')
    .addOption(target())
    .addOption(cpu())
    .addHelpText('after', '\nExit status: 0 as the file says, 1 otherwise than it says, 2 could not do what was asked.')
    .action(async (file: string, { target, cpu }: { target: string; cpu?: number }) => {
      const steps = readTrace(file, ioctlsIn(spokenBy(target)))
      const { lines, agrees } = compare(
        steps,
        await playOn(
          pinned(target, cpu),
          steps.map((s) => s.call),
        ),
      )
      screen.write(`${lines.join('\n')}\n`)
      leave(agrees ? 0 : 1)
    })
