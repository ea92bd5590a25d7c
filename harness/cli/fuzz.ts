/** `fuzz`: arbitrary lines to the agent in C, built with sanitizers. */
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { makeNamedFolder } from '../process/files.ts'
import { Command, Option } from 'commander'
import { root } from '../process/root.ts'
import { UserError } from '../process/user-error.ts'
import type { Fuzzed } from '../studies/fuzz/player.ts'
import { wholeNumber } from './options.ts'
import { leave, screen } from './terminal.ts'

/** Says how it went. Gives whether all promises were kept. */
const tell = (name: string, { said, saved }: Fuzzed): boolean => {
  screen.write(
    `${name.padEnd(8)}${said}${saved === undefined ? '' : `\n        again: npx kvm-arm64-abi fuzz ${relative('', saved)}`}\n`,
  )
  return saved === undefined
}

export const fuzz = (): Command =>
  new Command('fuzz')
    .description('send arbitrary lines to the agent in C, built with sanitizers: does it keep its protocol?')
    .argument('[input]', 'play this input again, which an earlier run has saved')
    .addOption(new Option('--seconds <n>', 'how long').argParser(wholeNumber(1, 99_999)).default(240))
    .addHelpText(
      'after',
      `
player  the player alone, in one process with a kernel that answers whatever is drawn, under libFuzzer
pipes   the whole agent through its pipes, in random sessions whose every answer is known
Input for which the agent breaks its protocol is saved in reports/fuzz.
Exit status: 0 it kept its protocol, 1 it did not, 2 this cannot be tried here.`,
    )
    .action(async (input: string | undefined, asked: { seconds: number }) => {
      const { buildFuzzers } = await import('../studies/fuzz/build.ts')
      const { PIPES, fuzzPipes, replayPipes } = await import('../studies/fuzz/pipes.ts')
      const { PLAYER, fuzzPlayer, replayPlayer } = await import('../studies/fuzz/player.ts')
      const results = join(root, 'reports/fuzz')
      const folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-'))
      const name = basename(input ?? '')
      if (input !== undefined && !name.startsWith(PIPES) && !name.startsWith(PLAYER))
        throw new UserError(`${input}: not saved by fuzz, its name begins with ${PIPES} or ${PLAYER}`)
      if (input !== undefined && !existsSync(input)) throw new UserError(`${input}: there is no such file`)
      await buildFuzzers(folder)
      let isKept
      if (input !== undefined) {
        const again = name.startsWith(PIPES) ? replayPipes : replayPlayer
        isKept = tell('again', await again(folder, input))
      } else {
        makeNamedFolder(results)
        const both = await Promise.all([
          fuzzPlayer(folder, results, asked.seconds),
          fuzzPipes(folder, results, asked.seconds),
        ])
        isKept = both.map((how, i) => tell(['player', 'pipes'][i]!, how)).every(Boolean)
      }
      leave(isKept ? 0 : 1)
    })
