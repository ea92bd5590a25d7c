/** The command line. */
import { Command, CommanderError } from 'commander'
import { isBisecting, leave } from './terminal.ts'
import { ownVersion, printVersion } from '../process/version.ts'
import { useTemporaryFolder } from '../process/temporary.ts'
import { briefly } from '../process/visible.ts'

const TARGETS = `
Targets: mock, mock:HOST, native, qemu:RELEASE, qemu:IMAGE, qemu:…,gic=2,cpu=cortex-a57, ssh:HOST, exec:COMMAND,
serial:DEVICE[,BAUD], console:FILE. mock,erratum=COMMIT is a kernel with the known bug of that commit;
mock,dialect=NAME one that speaks a proposal, a file in harness/dialects, and qemu:IMAGE,dialect=NAME is judged by it.`

/** Each is loaded when it is asked for, or all are to be shown. */
const commands = {
  run: async () => (await import('./run.ts')).run(),
  merge: async () => (await import('./merge.ts')).merge(),
  kcidb: async () => (await import('./kcidb.ts')).kcidb(),
  lava: async () => (await import('./lava.ts')).lava(),
  'pull-lab': async () => (await import('./pull-lab.ts')).pullLab(),
  probe: async () => (await import('./probe.ts')).probe(),
  replay: async () => (await import('./replay.ts')).replay(),
  diff: async () => (await import('./diff.ts')).diff(),
  migrate: async () => (await import('./migrate.ts')).migrate(),
  fingerprint: async () => (await import('./fingerprint.ts')).fingerprint(),
  bisect: async () => (await import('./bisect.ts')).bisect(),
  explain: async () => (await import('./explain.ts')).explain(),
  trace: async () => (await import('./trace.ts')).trace(),
  reproduce: async () => (await import('./reproduce.ts')).reproduce(),
  judge: async () => (await import('./judge.ts')).judge(),
  matrix: async () => (await import('./matrix.ts')).matrix(),
  report: async () => (await import('./report.ts')).report(),
  book: async () => (await import('./book.ts')).book(),
  compile: async () => (await import('./compile.ts')).compile(),
  image: async () => (await import('./image.ts')).image(),
  agent: async () => (await import('./agent.ts')).agent(),
  doctor: async () => (await import('./doctor.ts')).doctor(),
  citations: async () => (await import('./citations.ts')).citations(),
  bench: async () => (await import('./bench.ts')).bench(),
  bugs: async () => (await import('./bugs.ts')).bugs(),
  mutants: async () => (await import('./mutants.ts')).mutants(),
  fuzz: async () => (await import('./fuzz.ts')).fuzz(),
  reach: async () => (await import('./reach.ts')).reach(),
  soak: async () => (await import('./soak.ts')).soak(),
  overload: async () => (await import('./overload.ts')).overload(),
  completion: async () => (await import('./completion.ts')).completion(async () => program(undefined)),
}

/** On one line that is fit for a terminal, whatever it was. */
const complain = (text: string): void => {
  process.stderr.write(`${briefly(text)}\n`)
}

/** A variable of a script that is not set, maybe: as a path it would be the folder in which the command is. */
const refuseEmpty = (_: Command, command: Command): void => {
  const options = command.options.map((one) => [`option '${one.flags}'`, command.getOptionValue(one.attributeName())])
  const args = command.registeredArguments.map((one, i) => [`argument '${one.name()}'`, command.processedArgs[i]])
  for (const [what, value] of [...options, ...args])
    if (value === '' || (Array.isArray(value) && value.includes(''))) command.error(`error: ${what} is empty`)
}

/** The program with the command of that name; with all where there is none. */
export const program = async (name: string | undefined): Promise<Command> => {
  const all = new Command('kvm-arm64-abi')
    .version(printVersion(ownVersion()), '--version', 'say which version this is, and of which commit')
    .description('Asks a kernel whether its KVM/arm64 interface to userspace is what it should be.')
    .addHelpText('after', TARGETS)
    .hook('preAction', refuseEmpty)
    .hook('preAction', useTemporaryFolder)
  const asked = Object.entries(commands).filter(([own]) => own === name)
  for (const [, load] of asked.length > 0 ? asked : Object.entries(commands)) all.addCommand(await load())
  for (const command of [all, ...all.commands])
    command
      .exitOverride()
      .helpCommand(false)
      .configureOutput({ outputError: complain })
      .configureHelp({ helpWidth: 100 })
  return all
}

/**
 * Does what `argv` (as process.argv) asks for, and ends the process. Rejects with what is neither a fault of the user
 * nor of the target.
 */
export const main = async (argv: readonly string[]): Promise<void> => {
  try {
    await (await program(argv[2])).parseAsync(argv)
  } catch (error) {
    // Of options that are wrong git bisect has to hear at once: from 128 on it gives up.
    if (error instanceof CommanderError) return leave(error.exitCode === 0 ? 0 : isBisecting ? 128 : 2)
    // By name: vitest loads the target's setup apart, with a class of its own.
    if ((error as Error).name !== 'UserError') throw error
    complain(`error: ${(error as Error).message}`)
    leave(2)
  }
}
