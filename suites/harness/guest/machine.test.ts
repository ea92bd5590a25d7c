/** A machine that QEMU cannot emulate is refused before a kernel is looked for, fetched or anything is built. */
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { checkMachine } from '../../../harness/guest/check-machine.ts'
import { prepareGuest } from '../../../harness/guest/prepare.ts'
import { parseTarget } from '../../../harness/model/target.ts'
import { scratch } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const prepared = (text: string) => {
  const target = parseTarget(text)
  if (target.kind !== 'qemu') throw new Error(`${text}: not a target in QEMU`)
  return prepareGuest(target)
}

it.for([
  ['cpu=nonesuch', /^qemu:6\.12,cpu=nonesuch: QEMU [\d.]+ cannot emulate this machine: .*nonesuch.*-cpu help/],
  ['cpu=cortex-a15', /no arm64 kernel runs on cpu=cortex-a15, which has no 64-bit mode; take max or cortex-a57$/],
  ['gic=2,smp=16', /cannot emulate this machine: .*\(16\) exceeds max CPUs.*\(8\)/],
  ['mte=on,cpu=cortex-a57', /cannot emulate this machine: MTE requested, but not supported/],
  ['mem=900000G', /cannot emulate this machine: .*memory.*; give it less memory: mem=1G$/],
] as const)('%s', { timeout: 60_000 }, async ([machine, message], context) => {
  skipWithout(context, 'qemu-system-aarch64')
  const folder = scratch()
  vi.stubEnv('XDG_CACHE_HOME', folder)
  await expect(prepared(`qemu:6.12,${machine}`)).rejects.toThrow(message)
  expect(readdirSync(folder)).toEqual([])
})

it('a machine that QEMU knows is taken', { timeout: 60_000 }, async (context) => {
  skipWithout(context, 'qemu-system-aarch64')
  for (const text of ['qemu:6.12', 'qemu:6.12,gic=2,cpu=cortex-a57,smp=2', 'qemu:6.12,sve-max-vq=16,mte=on']) {
    const target = parseTarget(text)
    if (target.kind === 'qemu') await checkMachine(text, target.machine)
  }
})

it('QEMU is missing, too old or broken', async () => {
  const folder = scratch()
  const program = (script: string) => {
    writeFileSync(join(folder, 'qemu-system-aarch64'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'qemu-system-aarch64'), 0o755)
  }
  vi.stubEnv('XDG_CACHE_HOME', folder)
  vi.stubEnv('PATH', folder)
  await expect(prepared('qemu:6.12')).rejects.toThrow(
    'qemu-system-aarch64 is needed to boot a kernel and is not in PATH; on Debian: apt install qemu-system-arm',
  )
  const old = "qemu-system-aarch64: can't apply global max-arm-cpu.pauth-impdef=on: Property '.pauth-impdef' not found"
  program(`[ "$1" = --version ] && echo QEMU emulator version 5.2.0 || { echo "${old}" >&2; exit 1; }`)
  await expect(prepared('qemu:6.12')).rejects.toThrow(
    /^qemu:6\.12: QEMU 5\.2\.0 cannot emulate this machine: .*pauth-impdef' not found; .* install a newer QEMU \(7\.2 /,
  )
  program('echo "error while loading shared libraries: libpixman-1.so.0" >&2; exit 127')
  await expect(prepared('qemu:6.12')).rejects.toThrow(
    /QEMU of unknown version cannot emulate this machine: .*libpixman/,
  )
  expect(existsSync(join(folder, 'kvm-arm64-abi'))).toBe(false)
})

it('a program in the place of QEMU that talks without end is left', { timeout: 60_000 }, async () => {
  const folder = scratch()
  writeFileSync(join(folder, 'qemu-system-aarch64'), '#!/bin/sh\nexec yes X00=\n')
  chmodSync(join(folder, 'qemu-system-aarch64'), 0o755)
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
  const target = parseTarget('qemu:6.12')
  if (target.kind !== 'qemu') throw new Error('not a target in QEMU')
  await expect(checkMachine('qemu:6.12', target.machine)).rejects.toThrow(
    /^qemu:6\.12: QEMU of unknown version cannot emulate this machine: it says more than any QEMU does$/,
  )
})
