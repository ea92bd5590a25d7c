/** A board that has nothing but a console, made of QEMU: what it says is judged as what the same kernel says online. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { machineArguments } from '../../../harness/guest/machine.ts'
import { prepareGuest, type Prepared } from '../../../harness/guest/prepare.ts'
import { usualMachine } from '../../../harness/model/guest-machine.ts'
import { parseTarget } from '../../../harness/model/target.ts'
import { command, scratch } from '../command.ts'
import { resultsOf } from '../run/cut-off.ts'
import { skipWithout } from '../skip-without.ts'

const TARGET = 'qemu:6.12'
/** Sequences that run a guest, wait for a signal and close in any order. */
const ONLY = ['--only', 'ordered_close', '--only', 'ordered_run']
/** What was lost on the console is asked again so often at most. */
const ROUNDS = 4

/** Boots the kernel with an initramfs that plays a file of lists; gives what its console says. */
const boot = async ({ image }: Pick<Prepared, 'image'>, lists: string, folder: string): Promise<Buffer> => {
  const [initrd, console] = [join(folder, 'board.cpio.gz'), join(folder, 'boot.log')]
  expect((await command('image', lists, '--out', initrd)).code).toBe(0)
  const words = 'console=ttyAMA0 panic=-1 loglevel=5 kvm_arm64_abi.channel=uart'
  const own = ['-no-reboot', '-kernel', image, '-initrd', initrd, '-append', words, '-serial', `file:${console}`]
  execFileSync('qemu-system-aarch64', [...machineArguments(usualMachine), ...own])
  return readFileSync(console)
}

/** The bytes with about one in so many changed. */
const damaged = (bytes: Buffer, oneIn: number): Buffer => {
  let state = 1
  for (let at = 0; at < bytes.length; at += 1 + (state % (2 * oneIn))) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at]! ^= 1 << (state >>> 29)
  }
  return bytes
}

const verdictsOf = (folder: string) => resultsOf(folder).tests.map(({ id, verdict }) => [id, verdict])

test('with one byte in 10,000 damaged, no verdict is another, and what was lost is asked again until all are there', async (context) => {
  skipWithout(context, 'qemu-system-aarch64')
  const folder = scratch()
  const [lists, online, offline, console] = ['lists', 'online', 'offline', 'console.log'].map((n) => join(folder, n))
  const prepared = await prepareGuest(parseTarget(TARGET) as Parameters<typeof prepareGuest>[0])
  expect((await command('compile', '--target', TARGET, ...ONLY, '--out', lists!)).code).toBe(0)
  expect((await command('run', '--target', TARGET, ...ONLY, '--reports', online!)).code).toBe(0)
  writeFileSync(console!, damaged(await boot(prepared, lists!, folder), 10_000))
  const judge = () => command('run', '--target', `console:${console!}`, ...ONLY, '--reports', offline!)
  let { code } = await judge()
  for (let round = 0; existsSync(`${console!}.more`) && round < ROUNDS; round++) {
    const due = new Map(verdictsOf(online!) as [string, string][])
    const others = verdictsOf(offline!).filter(([id, verdict]) => due.get(id!) !== verdict)
    expect(others.map(([, verdict]) => verdict)).toEqual(others.map(() => 'broken'))
    appendFileSync(console!, await boot(prepared, `${console!}.more`, folder))
    rmSync(`${console!}.more`)
    code = (await judge()).code
  }
  expect(code).toBe(0)
  expect(verdictsOf(offline!)).toEqual(verdictsOf(online!))
}, 1_200_000)
