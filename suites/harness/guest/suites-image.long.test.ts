/**
 * The root file system that has the suites: whole for those who repack it, and its shell plays them on the machine's
 * own /dev/kvm.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { machineArguments } from '../../../harness/guest/machine.ts'
import { prepareGuest } from '../../../harness/guest/prepare.ts'
import { usualMachine } from '../../../harness/model/guest-machine.ts'
import { parseTarget } from '../../../harness/model/target.ts'
import { spawnChild } from '../../../harness/process/child.ts'
import { command, scratch } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

const RUN = 'node harness/bin.js run --target native --only laws_arm-vcpu-init --reports /tmp/run'

it('is one archive, and boots to a shell in which the suites run', { timeout: 900_000 }, async (context) => {
  skipWithout(context, 'qemu-system-aarch64', 'aarch64-linux-gnu-g++', 'cpio')
  const initrd = join(scratch(), 'suites.cpio.gz')
  expect(await command('image', '--suites', '--out', initrd)).toMatchObject({ code: 0, out: '' })
  const names = execFileSync('cpio', ['-t', '--quiet'], { input: gunzipSync(readFileSync(initrd)), encoding: 'utf8' })
  expect(names.split('\n')).toEqual(
    expect.arrayContaining(['init', 'bin/sh', 'usr/bin/node', 'project/harness/bin.js', 'opt/kvm-arm64-abi']),
  )
  const { image } = await prepareGuest(parseTarget('qemu:6.12') as Parameters<typeof prepareGuest>[0])
  const boot = ['-no-reboot', '-kernel', image, '-initrd', initrd, '-append', 'console=ttyAMA0', '-serial', 'stdio']
  const machine = machineArguments(usualMachine).map((word, i, all) => (all[i - 1] === '-m' ? '2048' : word))
  const { process: qemu, kill } = spawnChild(['qemu-system-aarch64', ...machine, ...boot], ['pipe', 'pipe', 'pipe'])
  onTestFinished(kill)
  let said = ''
  const heard = (what: RegExp): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (what.test(said)) resolve()
        else setTimeout(look, 200)
      }
      look()
    })
  qemu.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await heard(/root@kvm-arm64-abi:~# /)
  // To a file: on a terminal it would say how far it is, too.
  qemu.stdin!.write(
    `cd /opt/kvm-arm64-abi && ${RUN} > /tmp/said 2>&1; echo ended with $?; tail -n 1 /tmp/said; echo all\n`,
  )
  await heard(/^all\r?$/m)
  expect(said).toMatch(/^ended with 0\r?\n[1-9]\d* passed, 0 failed, \d+ skipped\r?\nall\r?$/m)
})
