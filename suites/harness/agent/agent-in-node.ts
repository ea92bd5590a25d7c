/** Starts the agent inside Node, where this machine has what that takes. */
import { spawn } from 'node:child_process'
import { hasProgram } from '../../../harness/process/programs.ts'
import { thisMachine } from '../../../harness/targets/doctor-checks.ts'
import { agentInNode } from '../../../harness/targets/native.ts'
import type { StartAgent } from './agent-talk.ts'

const ffi = thisMachine().ffi

/** Why it cannot be started here, or an empty string. */
export const missing =
  (ffi && `ffi-napi cannot be loaded: ${ffi}`) || (hasProgram('gcc') ? '' : 'gcc is missing: apt install gcc libc6-dev')

/** The program and its arguments; with `cpu` on that core. */
export const argvInNode = async (cpu?: number): Promise<[program: string, args: string[]]> => {
  const [program, ...args] = await agentInNode(cpu)
  return [program!, args]
}

const [program, args] = missing ? ['', []] : await argvInNode()

/** Starts it, not bound to a core. */
export const startInNode: StartAgent = () => spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] }) as never
