// What a guest boots from: a kernel that is there, and an initial file system with the agent.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildAgent } from '../agent/build.ts'
import { cachePath, sha256, writeWhole } from './cache.ts'
import { checkImage } from './image.ts'
import { initramfs } from './initramfs.ts'
import { fetchKernel } from './kernel.ts'
import { needProgram } from './programs.ts'
import { type Machine, type Target, printTarget } from './target.ts'

type QemuTarget = Extract<Target, { kind: 'qemu' }>

/** Everything that guests of one target share: files on this machine's disk. */
export interface Prepared { name: string, image: string, initrd: string, machine: Machine }

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
  const initrd = cachePath('initramfs', `${sha256(archive)}.cpio.gz`)
  if (!existsSync(initrd)) {
    mkdirSync(cachePath('initramfs'), { recursive: true })
    writeWhole(initrd, gzipSync(archive))
  }
  return { name: printTarget(target), image, initrd, machine: target.machine }
}
