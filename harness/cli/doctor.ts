/** `doctor`: what keeps targets from working on this machine, and what to do. */
import { Command } from 'commander'
import { doctor as diagnose, type Finding } from '../targets/doctor.ts'
import { thisMachine, tryVm } from '../targets/doctor-checks.ts'
import { leave, screen } from './terminal.ts'

/** A target's findings as lines of text, or that there are none. */
export const reportOf = (target: Finding['target'], findings: readonly Finding[]): string => {
  const own = findings.filter((finding) => finding.target === target)
  const lines = own.flatMap(({ what, todo }) => [what, `  what to do: ${todo}`])
  return (lines.length ? lines : ['ready']).map((line) => `${target.padEnd(8)}${line}\n`).join('')
}

export const doctor = (): Command =>
  new Command('doctor')
    .description('find what keeps targets from working on this machine, and say what to do')
    .addHelpText('after', '\nExit status: 0 native or qemu is ready, 2 neither is.')
    .action(async () => {
      const machine = thisMachine()
      let findings = diagnose(machine)
      if (!findings.some(({ target }) => target === 'native')) findings = diagnose({ ...machine, ...(await tryVm()) })
      const targets = ['native', 'qemu'] as const
      for (const target of targets) screen.write(reportOf(target, findings))
      leave(targets.every((target) => findings.some((finding) => finding.target === target)) ? 2 : 0)
    })
