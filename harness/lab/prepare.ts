// What a guest boots from: a kernel that is there, and an initial file system with the agent.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { buildAgent } from '../agent/build.ts'
import { cachePath, sha256, writeWhole } from './cache.ts'
import { withoutVgic } from './device-tree.ts'
import { checkImage } from './image.ts'
import { cpio, initramfs } from './initramfs.ts'
import { fetchKernel } from './kernel.ts'
import { needProgram } from './programs.ts'
import { type Machine, type Target, printTarget } from './target.ts'

type QemuTarget = Extract<Target, { kind: 'qemu' }>

/** Everything that guests of one target share: files on this machine's disk. */
export interface Prepared {
  name: string
  image: string
  initrd: string
  /** A device tree other than QEMU's own. */
  tree?: string
  machine: Machine
  /** Time in it is counted in instructions, which takes it longer: how fast the host is changes no answer. */
  isCounted?: true
}

/** Writes an archive to the cache, compressed, and gives its path. */
const kept = (archive: Uint8Array): string => {
  const path = cachePath('initramfs', `${sha256(archive)}.cpio.gz`)
  if (!existsSync(path)) {
    mkdirSync(cachePath('initramfs'), { recursive: true })
    writeWhole(path, gzipSync(archive))
  }
  return path
}

/**
 * Finds or fetches the kernel, builds the agent and packs both. Throws a Complaint where QEMU, the compiler or the
 * kernel is missing.
 */
export const prepareGuest = async (target: QemuTarget): Promise<Prepared> => {
  needProgram('qemu-system-aarch64', 'boot a kernel')
  const { kernel } = target
  if ('image' in kernel) checkImage(kernel.image)
  const { image, modules } = 'release' in kernel ? await fetchKernel(kernel.release) : { ...kernel, modules: [] }
  const archive = initramfs(readFileSync(await buildAgent('arm64')),
    modules.map(path => ({ name: basename(path), data: readFileSync(path) })))
  const tree = target.machine.vgic ? undefined : await withoutVgic(target.machine)
  return { name: printTarget(target), image, initrd: kept(archive), machine: target.machine, ...tree !== undefined && { tree } }
}

/**
 * The same guest, which runs another program first, as /first and process 1: the static binary `program`. The agent is
 * there as /init.
 */
export const runningFirst = (prepared: Prepared, program: Uint8Array): Prepared => {
  const { initrd, machine } = prepared
  // The kernel unpacks archives one after the other.
  const archive = Buffer.concat([gunzipSync(readFileSync(initrd)), cpio([{ name: 'first', mode: 0o100755, data: program }])])
  return { ...prepared, initrd: kept(archive), machine: { ...machine, append: `${machine.append} rdinit=/first`.trim() } }
}
