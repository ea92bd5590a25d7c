/**
 * A lab that pulls a job from a server that speaks KernelCI's interface, and plays the kernel that it names in QEMU.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fetchKernel } from '../../../harness/guest/kernel.ts'
import { commandAfter, scratch } from '../command.ts'
import { offer, serve } from './kernelci-server.ts'
import { skipWithout } from '../skip-without.ts'

test('the kernel that a job names conforms', { timeout: 600_000 }, async (context) => {
  skipWithout(context, 'qemu-system-aarch64')
  const { image } = await fetchKernel('6.12')
  const server = await serve(readFileSync(image))
  offer(server, 'a1')
  const folder = scratch()
  // A lab that begins asks for jobs from now on, and on a busy machine it begins after the offer.
  writeFileSync(join(folder, 'since'), '1970-01-01T00:00:00.000000')
  const args = ['pull-lab', '--api', `${server.url}/latest`, '--runtime', 'pull-abi', '--folder', folder, '--once']
  const ended = await commandAfter('export KERNELCI_CALLBACK_TOKEN=secret', ...args)
  expect(ended).toEqual({ code: 0, out: 'a1: handed in\n', err: '' })
  const [{ body } = expect.fail()] = server.posted
  expect(body).toMatchObject({ status: 2, tests: { 'kvm-arm64-abi': { status: 'pass' } }, summary: { failed: 0 } })
  expect(body.summary.passed).toBeGreaterThan(400)
})
