/** Whether the QEMU that is installed can emulate a machine, before anything is fetched for it. */
import { UserError } from '../process/user-error.ts'
import { spawnChild } from '../process/child.ts'
import { machineArguments } from './machine.ts'
import { needProgram, run } from '../process/programs.ts'
import type { GuestMachine } from '../model/guest-machine.ts'

const QEMU = 'qemu-system-aarch64'
const PATIENCE_MS = 60_000

/** What to do about a machine that QEMU refuses, by what it says. */
const remedies: [says: RegExp, todo: string][] = [
  [/CPU model/, `\`${QEMU} -cpu help\` lists the cpus that it knows`],
  [/not found|unsupported|invalid/i, 'leave that out of the target, or install a newer QEMU (7.2 works)'],
  [/allocate memory/, 'give it less memory: mem=1G'],
]

/** The version of QEMU that is installed, such as 7.2.22. */
export const qemuVersion = async (): Promise<string> => {
  const about = String(await run(QEMU, ['--version']).catch(() => ''))
  return /version ([\d.]+)/.exec(about)?.[1] ?? 'of unknown version'
}

/**
 * Starts the machine without a kernel and with its cpus stopped, and ends it again. Throws a UserError where QEMU is
 * missing or refuses the machine, or where the cpu has no 64-bit mode. `name` is how the user named the target.
 */
export const checkMachine = async (name: string, machine: GuestMachine): Promise<void> => {
  needProgram(QEMU, 'boot a kernel')
  const arguments_ = [...machineArguments(machine), '-S', '-device', 'virtio-serial-pci', '-monitor', 'stdio']
  const child = spawnChild([QEMU, ...arguments_], ['pipe', 'pipe', 'pipe'])
  const late = setTimeout(child.kill, PATIENCE_MS)
  let registers = ''
  child.process.stdout!.setEncoding('latin1').on('data', (text: string) => {
    registers += text
  })
  // It may have ended already.
  child.process.stdin!.on('error', () => undefined).end('info registers\nquit\n')
  const how = await child.ended
  clearTimeout(late)
  if (how !== 'exit status 0') {
    const said = child.stderr().trim().split('\n').at(-1)!.replace(`${QEMU}: `, '') || how
    const todo = remedies.find(([says]) => says.test(said))?.[1]
    const why = todo === undefined ? said : `${said}; ${todo}`
    throw new UserError(`${name}: QEMU ${await qemuVersion()} cannot emulate this machine: ${why}`)
  }
  if (!registers.includes('X00='))
    throw new UserError(
      `${name}: no arm64 kernel runs on cpu=${machine.cpu}, which has no 64-bit mode; take max or cortex-a57`,
    )
}
