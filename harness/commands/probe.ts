/** `probe`: records what a target offers. */
import { Command } from 'commander'
import { openTarget } from '../open-target.ts'
import { writeWhole } from './files.ts'
import { cpu, pinned } from './cpu.ts'
import { target } from './options.ts'
import { leave, screen } from './terminal.ts'

export const probe = (): Command => new Command('probe')
  .description('record what a target offers, as a host profile')
  .addOption(target())
  .addOption(cpu())
  .option('-o, --out <file>', 'where the profile (JSON) is written; standard output where left out')
  .action(async ({ target, cpu, out }: { target: string; cpu?: number; out?: string }) => {
    const { host, close } = await openTarget(pinned(target, cpu))
    try {
      const text = `${JSON.stringify(host, null, 2)}\n`
      if (out === undefined) screen.write(text)
      else writeWhole(out, text)
    } finally {
      await close()
    }
    leave(0)
  })
