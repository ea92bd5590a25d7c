/** `probe`: records what a target offers. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { printHost } from '../model/host-schema.ts'
import { openTarget } from '../run/open-target.ts'
import { writeWhole } from '../process/files.ts'
import { target } from './options.ts'
import { leave, screen } from './terminal.ts'

const named = (text: string): string => {
  if (!/^[\w.+-]+$/.test(text))
    throw new InvalidArgumentError('It takes letters, digits, and . + - _ like 6.12-max-gicv3.')
  return text
}

export const probe = (): Command =>
  new Command('probe')
    .description('record what a target offers, as a host profile')
    .addOption(target())
    .addOption(new Option('-n, --name <name>', 'the name of the profile; the target where left out').argParser(named))
    .option('-o, --out <file>', 'where the profile (JSON) is written; standard output where left out')
    .action(async ({ target, name, out }: { target: string; name?: string; out?: string }) => {
      const { host, close } = await openTarget(target)
      try {
        const { unameR, machine } = host.kernel
        const command = `kvm-arm64-abi probe --target ${target}${name === undefined ? '' : ` --name ${name}`}`
        const about = `${target} (kernel ${unameR} on ${machine}), recorded by: ${command}`
        const text = printHost(name === undefined ? host : { ...host, name, about })
        if (out === undefined) screen.write(text)
        else writeWhole(out, text)
      } finally {
        await close()
      }
      leave(0)
    })
