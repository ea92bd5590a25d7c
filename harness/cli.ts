/** The command line. */
import { Command, CommanderError } from 'commander'
import { bench } from './commands/bench.ts'
import { book } from './commands/book.ts'
import { bugs } from './commands/bugs.ts'
import { doctor } from './commands/doctor.ts'
import { fuzz } from './commands/fuzz.ts'
import { judge } from './commands/judge.ts'
import { matrix } from './commands/matrix.ts'
import { mutants } from './commands/mutants.ts'
import { probe } from './commands/probe.ts'
import { replay } from './commands/replay.ts'
import { run } from './commands/run.ts'
import { leave } from './commands/terminal.ts'
import { briefly } from './visible.ts'

const TARGETS = `
Targets: mock, mock:HOST, native, qemu:RELEASE, qemu:IMAGE, qemu:…,gic=2,cpu=cortex-a57, ssh:HOST, exec:COMMAND,
serial:DEVICE[,BAUD]. mock,erratum=COMMIT is a kernel with the known bug of that commit.`

/** On one line that is fit for a terminal, whatever it was. */
const complain = (text: string): void => {
  process.stderr.write(`${briefly(text)}\n`)
}

const program = (): Command => {
  const all = new Command('kvm-arm64-abi')
    .description('Asks a kernel whether its KVM/arm64 interface to userspace is what it should be.')
    .addHelpText('after', TARGETS)
  for (const command of [run(), probe(), replay(), judge(), matrix(), book(), doctor(), bench(), bugs(), mutants(), fuzz()]) all.addCommand(command)
  for (const command of [all, ...all.commands])
    command.exitOverride().helpCommand(false).configureOutput({ outputError: complain })
      .configureHelp({ helpWidth: 100 })
  return all
}

/** Does what `argv` (as process.argv) asks for, and ends the process. */
export const main = async (argv: readonly string[]): Promise<void> => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has seen enough.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
    throw error
  })
  try {
    await program().parseAsync(argv)
  } catch (error) {
    // By name: vitest loads the target's setup apart, with a class of its own.
    if (error instanceof CommanderError) return leave(error.exitCode === 0 ? 0 : 2)
    if ((error as Error).name === 'Complaint') complain(`error: ${(error as Error).message}`)
    else process.stderr.write(`${(error as Error).stack ?? String(error)}\n`)
    leave(2)
  }
}
