/** `pull-lab`: plays the jobs that KernelCI has for this lab. */
import { Command, Option } from 'commander'
import { setTimeout as sleep } from 'node:timers/promises'
import { oneLine } from '../process/visible.ts'
import { pollOnce, TYPE } from '../run/pull-lab.ts'
import { Unreachable } from '../run/pull-lab-api.ts'
import { wholeNumber } from './options.ts'
import { leave, screen } from './terminal.ts'

const TOKEN = 'KERNELCI_CALLBACK_TOKEN'
/** How often a server may be away, one time after the other. */
const MOST_FAILURES = 5

interface Said {
  api: string
  runtime: string
  platform: string[]
  target: string
  folder: string
  apiConfig: string
  storageConfig: string
  interval: number
  once?: true
}

export const pullLab = (): Command =>
  new Command('pull-lab')
    .description('play the jobs that KernelCI has for this lab (its PULL_LABS protocol), and hand in what came of them')
    .requiredOption('--runtime <name>', 'what the lab is called there')
    .requiredOption('--folder <folder>', 'where the lab keeps what it knows and has played')
    .option('--api <url>', "KernelCI's API", 'https://staging.kernelci.org:9000/latest')
    .option('--platform <name...>', 'only jobs for these platforms', [])
    .option('--target <target>', 'what plays a kernel, with IMAGE for its file', 'qemu:IMAGE')
    .option('--api-config <name>', "the name of that API in KernelCI's configuration", 'staging')
    .option('--storage-config <name>', 'and of its storage', 'kci-storage')
    .addOption(new Option('--interval <s>', 'seconds between two polls').argParser(wholeNumber(1, 86_400)).default(30))
    .option('--once', 'poll once, play what is there, and end')
    .addHelpText(
      'after',
      `
A job is played if one of its tests is of the type ${TYPE}; reports/ci/kernelci has what KernelCI needs for such jobs. The
token that the callbacks carry is in the environment variable ${TOKEN}. Jobs that were there before
the first poll are not played; what cannot be handed in is handed in at a later poll.

Exit status: 0 with --once, whatever came of the jobs, 2 where a server was away ${MOST_FAILURES} times in a row.`,
    )
    .action(async (said: Said, command: Command) => {
      const token = process.env[TOKEN]
      if (!token) command.error(`error: ${TOKEN} is not set; it is the token of this lab's callbacks, from KernelCI`)
      const { runtime, platform: platforms, target, folder } = said
      const configs = { api: said.apiConfig, storage: said.storageConfig }
      const lab = { api: said.api.replace(/\/+$/, ''), runtime, platforms, target, folder, token: token!, configs }
      for (let failures = 0; failures < (said.once ? 1 : MOST_FAILURES);) {
        try {
          await pollOnce(lab, (line) => screen.write(`${oneLine(line)}\n`))
          failures = 0
          if (said.once) return leave(0)
        } catch (error) {
          if (!(error instanceof Unreachable)) throw error
          failures++
          process.stderr.write(`error: ${oneLine(error.message)}\n`)
        }
        if (!said.once) await sleep(said.interval * 1000)
      }
      leave(2)
    })
