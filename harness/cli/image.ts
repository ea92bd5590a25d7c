/** `image`: an initramfs that plays a file of lists, for a board that boots what it is given and has a console. */
import { Command } from 'commander'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { buildAgent } from '../guest/agent-binary.ts'
import { cpio, initramfs } from '../guest/initramfs.ts'
import { readText, writeWhole } from '../process/files.ts'
import { UserError } from '../process/user-error.ts'
import { leave } from './terminal.ts'

export const image = (): Command =>
  new Command('image')
    .description('make an initramfs that plays a file of `compile` on /dev/ttyAMA0 and powers off')
    .argument('<lists>', 'the file of lists')
    .requiredOption('--out <file>', 'where it is written')
    .addHelpText(
      'after',
      `
The kernel needs KVM and its console built in. Boot it with this initramfs, and keep what the console says:
  run --target console:console.log judges it.

Exit status: 0 it was written, 2 it could not be.`,
    )
    .action(async (file: string, { out }: { out: string }) => {
      const lists = readText(file)
      if (!lists.startsWith('hello 1\n')) throw new UserError(`${file}: is no file of lists as compile writes it`)
      const agent = readFileSync(await buildAgent('arm64'))
      const archives = [initramfs(agent, []), cpio([{ name: 'lists', mode: 0o100644, data: Buffer.from(lists) }])]
      writeWhole(out, gzipSync(Buffer.concat(archives)))
      leave(0)
    })
