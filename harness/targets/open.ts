/** From a target to the agents on it. */
import { UserError } from '../process/user-error.ts'
import { buildAgent } from '../guest/agent-binary.ts'
import { type LocalMachine, thisMachine } from './doctor-checks.ts'
import { doctor } from './doctor.ts'
import { needProgram } from '../process/programs.ts'
import { prepareGuest } from '../guest/prepare.ts'
import { qemuVersion } from '../guest/check-machine.ts'
import { bootGuest, qemuCommand } from '../guest/qemu.ts'
import type { Emulator } from '../model/emulator.ts'
import type { Target } from '../model/target.ts'
import { openExec, openSerial } from '../link/exec.ts'
import { openSsh } from '../link/ssh.ts'
import type { AgentLink } from '../link/agent-link.ts'
import { agentInNode, openAgent } from './native.ts'

/** A target that has agents; the mock answers in this process, and a console has been answered. */
export type RealTarget = Exclude<Target, { kind: 'mock' | 'console' }>

/** How agents of a target are opened. */
export interface Opening {
  open(): Promise<AgentLink>
  /** Opens one for lists that are played again, with time counted in instructions; `open` does where it is left out. */
  openAgain?(): Promise<AgentLink>
  /** What emulates the machine, where one is emulated. */
  qemu?: Emulator
}

/**
 * The cores that a run may use: only `cpu`, where that is given. Throws a UserError where this process may not run on
 * it.
 */
export const checkCores = (cores: LocalMachine['cores'], cpu: number | undefined): LocalMachine['cores'] => {
  const left = cores.filter((core) => cpu === undefined || core.cpu === cpu)
  if (left.length === 0 && cores.length > 0)
    throw new UserError(
      `native: this process may not run on core ${cpu}, only on ${cores.map((core) => core.cpu).join(', ')}`,
    )
  return left
}

const needNative = (cpu: number | undefined): void => {
  const machine = thisMachine()
  // Of a pinned run the other cores do not matter.
  const cores = checkCores(machine.cores, cpu)
  const [finding] = doctor({ ...machine, cores }).filter(({ target }) => target === 'native')
  if (finding) throw new UserError(`native: ${finding.what}; what to do: ${finding.todo}`)
}

/**
 * Prepares what all agents of a target share, once, and gives the functions that open one agent more. All throw a
 * UserError where the target cannot be used.
 */
export const prepare = async (target: RealTarget): Promise<Opening> => {
  switch (target.kind) {
    case 'native': {
      needNative(target.cpu)
      const argv = await agentInNode(target.cpu)
      return { open: () => openAgent(argv) }
    }
    case 'exec':
      return { open: () => openExec(target.command) }
    case 'serial':
      return { open: () => openSerial(target.device, target.baud) }
    case 'ssh': {
      needProgram('ssh', 'reach a board')
      const binary = await buildAgent('arm64')
      return { open: () => openSsh(target.host, binary) }
    }
    case 'qemu': {
      const prepared = await prepareGuest(target)
      return {
        open: () => bootGuest(prepared),
        openAgain: () => bootGuest({ ...prepared, isCounted: true }),
        qemu: { version: await qemuVersion(), command: qemuCommand(prepared) },
      }
    }
  }
}
