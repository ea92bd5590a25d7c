/** `doctor`: what keeps targets from working on this machine, and what to do. */
import { Command } from 'commander'
import { doctor as diagnose, type Finding } from '../targets/doctor.ts'
import { thisMachine, tryVm } from '../targets/doctor-checks.ts'
import { parseTarget } from '../model/target.ts'
import { UserError } from '../process/user-error.ts'
import { findingsOfBoard } from '../probe/board.ts'
import { prepare } from '../targets/open.ts'
import { leave, screen } from './terminal.ts'

/** A target's findings as lines of text, or that there are none. */
export const reportOf = (target: Finding['target'], findings: readonly Finding[]): string => {
  const own = findings.filter((finding) => finding.target === target)
  const lines = own.flatMap(({ what, todo }) => [what, `  what to do: ${todo}`])
  return (lines.length ? lines : ['ready']).map((line) => `${target.padEnd(8)}${line}\n`).join('')
}

/** Asks the board that a target names. Gives the exit code. Throws a UserError where it cannot be reached. */
const askBoard = async (text: string): Promise<number> => {
  const target = parseTarget(text)
  if (target.kind !== 'ssh' && target.kind !== 'serial' && target.kind !== 'exec')
    throw new UserError(
      `--target ${text}: it takes a board (ssh:HOST, serial:DEVICE, exec:COMMAND); `
        + 'of this machine doctor says all without --target',
    )
  const agent = await (await prepare(target)).open()
  try {
    const findings = await findingsOfBoard(agent)
    screen.write(reportOf('board', findings))
    return findings.length > 0 ? 2 : 0
  } finally {
    await agent.close()
  }
}

const askMachine = async (): Promise<number> => {
  const machine = thisMachine()
  let findings = diagnose(machine)
  if (!findings.some(({ target }) => target === 'native')) findings = diagnose({ ...machine, ...(await tryVm()) })
  const targets = ['native', 'qemu'] as const
  for (const target of targets) screen.write(reportOf(target, findings))
  return targets.every((target) => findings.some((finding) => finding.target === target)) ? 2 : 0
}

export const doctor = (): Command =>
  new Command('doctor')
    .description('find what keeps targets from working on this machine or on a board, and say what to do')
    .option('-t, --target <target>', 'a board to look at, such as ssh:HOST, and not this machine')
    .addHelpText('after', '\nExit status: 0 native or qemu, or the board, is ready, 2 none is.')
    .action(async ({ target }: { target?: string }) => {
      leave(target === undefined ? await askMachine() : await askBoard(target))
    })
