/**
 * `image`: an initramfs that plays a file of lists, or has the suites themselves, for a board that boots what it is
 * given.
 */
import { Command } from 'commander'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { buildAgent } from '../guest/agent-binary.ts'
import { cpio, initramfs } from '../guest/initramfs.ts'
import { suitesImage } from '../guest/suites-image.ts'
import { readText, writeWhole } from '../process/files.ts'
import { UserError } from '../process/user-error.ts'
import { leave } from './terminal.ts'

/** What plays a file of lists. */
const playing = async (file: string): Promise<Buffer> => {
  const lists = readText(file)
  if (!lists.startsWith('hello 1\n')) throw new UserError(`${file}: is no file of lists as compile writes it`)
  const agent = readFileSync(await buildAgent('arm64'))
  const archives = [initramfs(agent, []), cpio([{ name: 'lists', mode: 0o100644, data: Buffer.from(lists) }])]
  return gzipSync(Buffer.concat(archives))
}

export const image = (): Command =>
  new Command('image')
    .description('make an initramfs that plays a file of `compile` on /dev/ttyAMA0 and powers off, or has the suites')
    .argument('[lists]', 'the file of lists')
    .option('--suites', 'instead of it Node, a shell on the console, and the suites in /opt/kvm-arm64-abi')
    .requiredOption('--out <file>', 'where it is written')
    .addHelpText(
      'after',
      `
The kernel needs KVM and its console built in. Boot it with this initramfs, and keep what the console says:
  run --target console:console.log judges it. With --suites type there, on a machine with 2 GiB:
  cd /opt/kvm-arm64-abi && node harness/bin.js run --target native --reports /tmp/run

Exit status: 0 it was written, 2 it could not be.`,
    )
    .action(async (file: string | undefined, { suites, out }: { suites?: true; out: string }, command: Command) => {
      if ((file === undefined) === (suites === undefined)) command.error('error: name a file of lists, or say --suites')
      writeWhole(out, suites ? await suitesImage() : await playing(file!))
      leave(0)
    })
