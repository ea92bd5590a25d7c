// From a target to the agents on it.
import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Complaint } from '../complaint.ts'
import { buildAgent } from '../agent/build.ts'
import { needProgram } from '../lab/programs.ts'
import { prepareGuest } from '../lab/prepare.ts'
import { bootGuest } from '../lab/qemu.ts'
import type { Target } from '../lab/target.ts'
import { openCommand, openExec, openSerial, openSsh } from './exec.ts'
import type { AgentLink } from './link.ts'

/** A target that has agents; the mock answers in this process. */
export type RealTarget = Exclude<Target, { kind: 'mock' }>

const openNative = (): Promise<AgentLink> => {
  if (process.arch !== 'arm64')
    throw new Complaint(`native needs an arm64 machine and this is ${process.arch}; qemu:6.12 runs anywhere`)
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
  } catch (error) {
    throw new Complaint(`native needs /dev/kvm to read and write (${(error as { code?: string }).code}); ` +
      'is the kernel booted at EL2, and are you in the group kvm?')
  }
  const tsx = createRequire(import.meta.url).resolve('tsx')
  const agent = fileURLToPath(new URL('../agent/agent.ts', import.meta.url))
  return openCommand('native', [process.execPath, '--import', tsx, agent])
}

/**
 * Prepares what all agents of a target share, once, and gives the function that opens one agent more. Both throw a
 * Complaint where the target cannot be used.
 */
export const prepare = async (target: RealTarget): Promise<() => Promise<AgentLink>> => {
  switch (target.kind) {
    case 'native': return openNative
    case 'exec': return () => openExec(target.command)
    case 'serial': return () => openSerial(target.device, target.baud)
    case 'ssh': {
      needProgram('ssh', 'reach a board')
      const binary = await buildAgent('arm64')
      return () => openSsh(target.host, binary)
    }
    case 'qemu': {
      const prepared = await prepareGuest(target)
      return () => bootGuest(prepared)
    }
  }
}
