/** The initial file system of a guest: the agent as /init, and the modules that it loads first. */
import { Buffer } from 'node:buffer'

/** A file of an archive. `mode` is as in stat(2); `device` is major and minor of a device node. */
export interface Entry {
  name: string
  mode: number
  data?: Uint8Array
  device?: [number, number]
}

const pad4 = (bytes: Uint8Array): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])

/**
 * Packs entries into the "newc" cpio format, which the kernel unpacks
 * (Documentation/driver-api/early-userspace/buffer-format.rst). The same entries always give the same bytes: owners and
 * times are 0, inodes count from 1.
 */
export const cpio = (entries: Entry[]): Buffer => {
  const parts = [...entries, { name: 'TRAILER!!!', mode: 0 } as Entry].map(({ name, mode, data, device }, index) => {
    const path = Buffer.from(name + '\0')
    const bytes = data ?? new Uint8Array()
    const fields = [index + 1, mode, 0, 0, 1, 0, bytes.length, 0, 0, ...(device ?? [0, 0]), path.length, 0]
    const header = '070701' + fields.map((field) => field.toString(16).padStart(8, '0')).join('')
    return Buffer.concat([pad4(Buffer.concat([Buffer.from(header), path])), pad4(bytes)])
  })
  return Buffer.concat(parts)
}

/**
 * The archive of a guest: `agent` is the bytes of the static agent, `modules` the kernel modules in the order of
 * loading (`name` without directory, e.g. virtio_pci.ko). The agent reads that order from /modules.list.
 */
export const initramfs = (agent: Uint8Array, modules: { name: string; data: Uint8Array }[]): Buffer =>
  cpio([
    { name: 'dev', mode: 0o040755 },
    // The kernel opens it as the descriptors 0, 1 and 2 of /init before anything is mounted.
    { name: 'dev/console', mode: 0o020600, device: [5, 1] },
    { name: 'init', mode: 0o100755, data: agent },
    { name: 'modules', mode: 0o040755 },
    ...modules.map(({ name, data }) => ({ name: `modules/${name}`, mode: 0o100644, data })),
    {
      name: 'modules.list',
      mode: 0o100644,
      data: Buffer.from(modules.map(({ name }) => `/modules/${name}\n`).join('')),
    },
  ])
