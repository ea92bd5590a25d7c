/** Whether the QEMU that is installed can emulate a machine, before anything is fetched for it. */
import { UserError } from '../process/user-error.ts'
import { spawnChild } from '../process/child.ts'
import { machineArguments } from './machine.ts'
import { needProgram } from '../process/programs.ts'
import type { GuestMachine } from '../model/guest-machine.ts'

const QEMU = 'qemu-system-aarch64'
const PATIENCE_MS = 60_000

/** What to do about a machine that QEMU refuses, by what it says. */
const remedies: [says: RegExp, todo: string][] = [
  [/CPU model/, `\`${QEMU} -cpu help\` lists the cpus that it knows`],
  [/not found|unsupported|invalid/i, 'leave that out of the target, or install a newer QEMU (7.2 works)'],
  [/allocate memory/, 'give it less memory: mem=1G'],
]

/** Characters of the most that QEMU has to say here. */
const MOST = 1 << 20

/** What QEMU says with these arguments, and why it is not to be used, if so; it is not let go on for ever. */
const ask = async (args: readonly string[], input = ''): Promise<{ said: string; trouble?: string }> => {
  const child = spawnChild([QEMU, ...args], ['pipe', 'pipe', 'pipe'])
  let said = ''
  let trouble: string | undefined
  const giveUp = (why: string) => {
    trouble ??= why
    child.kill()
  }
  const late = setTimeout(() => giveUp(`it does not end within ${PATIENCE_MS / 1000} s`), PATIENCE_MS)
  child.process.stdout!.setEncoding('latin1').on('data', (text: string) => {
    if (said.length > MOST) giveUp('it says more than any QEMU does')
    else said += text
  })
  // It may have ended already.
  child.process.stdin!.on('error', () => undefined).end(input)
  const how = await child.ended
  clearTimeout(late)
  if (trouble === undefined && how !== 'exit status 0')
    trouble = child.stderr().trim().split('\n').at(-1)!.replace(`${QEMU}: `, '') || how
  return { said, ...(trouble !== undefined && { trouble }) }
}

/** The version of QEMU that is installed, such as 7.2.22. */
export const qemuVersion = async (): Promise<string> => {
  const { said } = await ask(['--version'])
  return /version ([\d.]+)/.exec(said)?.[1] ?? 'of unknown version'
}

/**
 * Starts the machine without a kernel and with its cpus stopped, and ends it again. Throws a UserError where QEMU is
 * missing or refuses the machine, or where the cpu has no 64-bit mode. `name` is how the user named the target.
 */
export const checkMachine = async (name: string, machine: GuestMachine): Promise<void> => {
  needProgram(QEMU, 'boot a kernel')
  const arguments_ = [...machineArguments(machine), '-S', '-device', 'virtio-serial-pci', '-monitor', 'stdio']
  const { said, trouble } = await ask(arguments_, 'info registers\nquit\n')
  if (trouble !== undefined) {
    const todo = remedies.find(([says]) => says.test(trouble))?.[1]
    const why = todo === undefined ? trouble : `${trouble}; ${todo}`
    throw new UserError(`${name}: QEMU ${await qemuVersion()} cannot emulate this machine: ${why}`)
  }
  if (!said.includes('X00='))
    throw new UserError(
      `${name}: no arm64 kernel runs on cpu=${machine.cpu}, which has no 64-bit mode; take max or cortex-a57`,
    )
}
