/** `agent`: the static program that plays calls on a board. */
import { Command } from 'commander'
import { chmodSync, readFileSync } from 'node:fs'
import { buildAgent } from '../guest/agent-binary.ts'
import { sha256 } from '../guest/cache.ts'
import { writeWhole } from '../process/files.ts'
import { oneLine } from '../process/visible.ts'
import { leave, screen } from './terminal.ts'

export const agent = (): Command =>
  new Command('agent')
    .description('build the static arm64 program that plays calls on a board')
    .requiredOption('--out <file>', 'where it is written')
    .addHelpText(
      'after',
      `
ssh:HOST needs none, it copies its own. On a board with a serial console it is process 1 (init=/agent), or is started
in a shell there:
  stty raw -echo; exec ./agent
and then --target serial:/dev/ttyUSB0. exec:COMMAND takes whatever reaches it through two pipes:
  --target 'exec:adb shell /data/local/tmp/agent'

Of the same sources the same compiler makes the same bytes, whose SHA-256 is said.
Exit status: 0 it was written, 2 it could not be.`,
    )
    .action(async ({ out }: { out: string }) => {
      const bytes = readFileSync(await buildAgent('arm64'))
      writeWhole(out, bytes)
      chmodSync(out, 0o755)
      screen.write(`${sha256(bytes)}  ${oneLine(out)}\n`)
      leave(0)
    })
