/** The device tree of a machine without vgic: what is gone, and that nothing else is. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { withoutVgic } from '../../../harness/guest/device-tree.ts'
import { machineArguments } from '../../../harness/guest/machine.ts'
import { usualMachine } from '../../../harness/model/guest-machine.ts'
import { skipWithout } from '../skip-without.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-test-'))
  vi.stubEnv('XDG_CACHE_HOME', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const linesOf = (tree: string): string[] =>
  execFileSync('fdtdump', [tree], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((line) => !line.startsWith('//'))

it.for([2, 3] as const)('says all of a GICv%i but its maintenance interrupt', async (gic, context) => {
  skipWithout(context, 'qemu-system-aarch64', 'fdtput', 'fdtdump')
  const machine = { ...usualMachine, gic }
  const whole = join(folder, 'whole.dtb')
  execFileSync('qemu-system-aarch64', machineArguments(machine, `dumpdtb=${whole}`), { stdio: 'ignore' })
  const tree = await withoutVgic(machine)
  const is = linesOf(tree)
  const gone = linesOf(whole).filter((line) => !is.includes(line) && !/seed/.test(line))
  expect(gone).toEqual([expect.stringMatching(/^ {8}interrupts = <0x00000001 0x00000009 0x00000004>;$/)])
})

it('a missing program is named with its package', async () => {
  vi.stubEnv('PATH', '/nowhere')
  await expect(withoutVgic(usualMachine)).rejects.toThrow(
    /^fdtput is needed to emulate a machine without vgic and is not in PATH; on Debian: apt install device-tree-compiler$/,
  )
})
