/**
 * The device tree of a machine whose interrupt controller KVM cannot virtualize: it does not say by which interrupt the
 * controller asks for maintenance. That is how boards are on which KVM works and its vgic does not.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../process/user-error.ts'
import { machineArguments } from './machine.ts'
import { needProgram, run } from '../process/programs.ts'
import type { GuestMachine } from '../model/guest-machine.ts'

/** Of QEMU's machine virt, with either GIC. */
const GIC = '/intc@8000000'

/**
 * Gives the path of the tree, which goes with this process. Throws a UserError where a program is missing or the tree
 * is another.
 */
export const withoutVgic = async (machine: GuestMachine): Promise<string> => {
  needProgram('fdtput', 'emulate a machine without vgic')
  // QEMU puts random seeds into it, so none is worth keeping for another run.
  const folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-'))
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  try {
    const tree = join(folder, 'tree.dtb')
    await run('qemu-system-aarch64', machineArguments(machine, `dumpdtb=${tree.replaceAll(',', ',,')}`))
    await run('fdtput', ['-d', tree, GIC, 'interrupts'])
    return tree
  } catch (error) {
    throw new UserError(`vgic=off: the device tree of this machine cannot be made (${(error as Error).message})`)
  }
}
