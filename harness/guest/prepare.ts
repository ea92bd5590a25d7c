/** What a guest boots from: a kernel that is there, and an initial file system with the agent. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { buildAgent } from './agent-binary.ts'
import { checkMachine } from './check-machine.ts'
import { withoutVgic } from './device-tree.ts'
import { checkImage } from './image.ts'
import { cpio, initramfs } from './initramfs.ts'
import { keptBytes } from './kept.ts'
import { fetchKernel } from './kernel.ts'
import type { GuestMachine } from '../model/guest-machine.ts'
import { type Target, printTarget } from '../model/target.ts'

type QemuTarget = Extract<Target, { kind: 'qemu' }>

/** Everything that guests of one target share: files on this machine's disk. */
export interface Prepared {
  name: string
  image: string
  initrd: string
  /** A device tree other than QEMU's own. */
  tree?: string
  machine: GuestMachine
  /** Time in it is counted in instructions, which takes it longer: how fast the host is changes no answer. */
  isCounted?: true
}

/** Writes an archive to the cache, compressed, and gives its path. */
const keptArchive = (archive: Uint8Array): Promise<string> =>
  keptBytes('initramfs', 'initramfs.cpio.gz', gzipSync(archive))

/**
 * Checks the machine and the Image, builds the agent, then finds or fetches the kernel and packs both. Throws a
 * UserError where QEMU cannot emulate the machine, or QEMU, the compiler or the kernel is missing.
 */
export const prepareGuest = async (target: QemuTarget): Promise<Prepared> => {
  const { kernel, machine } = target
  const name = printTarget(target)
  if ('image' in kernel) checkImage(kernel.image)
  await checkMachine(name, machine)
  const tree = machine.vgic ? undefined : await withoutVgic(machine)
  const agent = readFileSync(await buildAgent('arm64'))
  const { image, modules } = 'release' in kernel ? await fetchKernel(kernel.release) : { ...kernel, modules: [] }
  const archive = initramfs(
    agent,
    modules.map((path) => ({ name: basename(path), data: readFileSync(path) })),
  )
  const initrd = await keptArchive(archive)
  return { name, image, initrd, machine, ...(tree !== undefined && { tree }) }
}

/**
 * The same guest, which runs another program first, as /first and process 1: the static binary `program`. The agent is
 * there as /init.
 */
export const runningFirst = async (prepared: Prepared, program: Uint8Array): Promise<Prepared> => {
  const { initrd, machine } = prepared
  // The kernel unpacks archives one after the other.
  const archive = Buffer.concat([
    gunzipSync(readFileSync(initrd)),
    cpio([{ name: 'first', mode: 0o100755, data: program }]),
  ])
  return {
    ...prepared,
    initrd: await keptArchive(archive),
    machine: { ...machine, append: `${machine.append} rdinit=/first`.trim() },
  }
}
