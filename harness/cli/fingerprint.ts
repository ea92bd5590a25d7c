/** `fingerprint`: which release a kernel answers like, and which changes of the ABI it carries or lacks. */
import { Command } from 'commander'
import { fingerprintOf } from '../../reports/fingerprint/fingerprint.ts'
import { fingerprintJson } from '../../reports/fingerprint/json.ts'
import { fingerprintText } from '../../reports/fingerprint/text.ts'
import { lines as visible } from '../process/visible.ts'
import { openHost } from './host-side.ts'
import { leave, screen } from './terminal.ts'

export const fingerprint = (): Command =>
  new Command('fingerprint')
    .description('say from behaviour alone which release a kernel answers like, and what it carries or lacks')
    .argument('<target>', 'a recorded host by name or file, or a target such as qemu:6.12')
    .option('--all', 'every change that it has or lacks, not only what is otherwise than in that release')
    .option('--json', 'print JSON instead of text')
    .addHelpText(
      'after',
      `
It asks what changed between releases: rules of the table, changes whose commits are known, and bugs with
their fixes. What the kernel says of itself (uname) is shown and not looked at.
Exit status: 0 it answers like a release in everything, 1 it carries or lacks something that this release
does not, 2 could not do what was asked.`,
    )
    .action(async (target: string, { all, json }: { all?: true; json?: true }) => {
      const side = await openHost(target)
      try {
        const found = await fingerprintOf(side)
        screen.write(
          json ? fingerprintJson(found) : visible(fingerprintText(found, all === true).split('\n')).join('\n'),
        )
        leave(found.deviations.length > 0 ? 1 : 0)
      } finally {
        await side.close()
      }
    })
