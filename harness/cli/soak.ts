/** `soak`: a long run of random sequences, whose memory and descriptors have to stay as they are. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { spawnChild } from '../process/child.ts'
import { runCommand } from '../process/own-command.ts'
import { runs, target } from './options.ts'
import { leave, screen } from './terminal.ts'

const EVERY_MS = 1000

export const soak = (): Command =>
  new Command('soak')
    .description('play random sequences for long: do memory and descriptors stay as they are?')
    .addOption(target())
    .addOption(runs().default(1_000_000))
    .addHelpText(
      'after',
      `
The processes of the run are looked at each second. They are flat if in the second half memory
grows by less than a tenth or by less than 16 MiB, and there is one more open file at most.
Exit status: 0 all is flat, 1 something grows, 2 the run itself did not end with 0.`,
    )
    .action(async (asked: { target: string; runs: number }) => {
      const { sampleOf, trends } = await import('../studies/soak.ts')
      const reports = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-'))
      const child = spawnChild(runCommand({ ...asked, only: 'any-order_in-whatever', reports }), [
        'ignore',
        'pipe',
        'inherit',
      ])
      let said = '',
        how: string | undefined
      child.process.stdout!.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      void child.ended.then((words) => {
        how = words
      })
      const begun = performance.now()
      const samples = []
      while (how === undefined) {
        samples.push(sampleOf(child.process.pid!, (performance.now() - begun) / 1000))
        await sleep(EVERY_MS)
      }
      for (const line of said.split('\n'))
        if (/^(played |violates|broken|\d+ passed)/.test(line)) screen.write(`${line}\n`)
      const found = trends(samples)
      for (const { role, what, mean, growth, isFlat } of found)
        screen.write(
          `${role.padEnd(16)}${what.padEnd(13)}${mean.toFixed(what === 'mebibytes' ? 0 : 1).padStart(7)}`
            + `${`${growth < 0 ? '' : '+'}${growth.toFixed(1)}`.padStart(8)} in the second half  ${isFlat ? 'flat' : 'GROWS'}\n`,
        )
      if (how !== 'exit status 0') screen.write(`the run ended with ${how}\n`)
      leave(how !== 'exit status 0' ? 2 : found.every(({ isFlat }) => isFlat) ? 0 : 1)
    })
