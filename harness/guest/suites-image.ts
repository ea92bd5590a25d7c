/** A root file system for arm64 that has Node, a shell and the suites: what a machine boots to run them on itself. */
import { lstatSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { run } from '../process/programs.ts'
import { root } from '../process/root.ts'
import { buildAgentLibrary } from './agent-binary.ts'
import { downloadPackage } from './debian.ts'
import { type Entry, cpio } from './initramfs.ts'
import { kept } from './kept.ts'
import { inGuestCache, nativeSystem, projectFiles, withFolders } from './native-image.ts'

const SHELL = 'bin/busybox'

/** Debian's static busybox for arm64. */
const busybox = async (): Promise<Buffer> => {
  const home = await kept('packages', 'busybox-static', {
    needs: ['dpkg-deb'],
    purpose: 'make a root file system with a shell',
    fill: async (draft) => {
      const deb = await downloadPackage('busybox-static', 'bookworm', draft)
      await run('dpkg-deb', ['-x', deb, draft])
      rmSync(deb)
    },
  })
  return readFileSync(join(home, SHELL))
}

/**
 * /init: the shell's commands by their names, what a program expects to be mounted, and a shell on the console for
 * ever.
 */
const INIT = `#!/bin/sh
/bin/busybox mkdir -p /proc /sys /dev /tmp /sbin /usr/sbin
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
export HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin PS1='root@kvm-arm64-abi:\\w# '
cd /root
while :; do setsid cttyhack sh; done
`

const file = (name: string, data: Uint8Array, mode = 0o644): Entry => ({ name, mode: 0o100000 | mode, data })
const link = (name: string, to: string): Entry => ({ name, mode: 0o120777, data: Buffer.from(to) })

/**
 * The archive, compressed, for a kernel to boot; the suites are in /opt/kvm-arm64-abi. Throws a UserError where
 * something it is made of is missing.
 */
export const suitesImage = async (): Promise<Buffer> => {
  const project = (await projectFiles()).map((name) =>
    file(`project/${name}`, readFileSync(join(root, name)), lstatSync(join(root, name)).mode & 0o777),
  )
  const own = cpio(
    withFolders([
      file('init', Buffer.from(INIT), 0o755),
      file(SHELL, await busybox(), 0o755),
      link('bin/sh', 'busybox'),
      link('opt/kvm-arm64-abi', '/project'),
      ...inGuestCache(await buildAgentLibrary('arm64')),
      ...project,
    ]),
  )
  const system = gunzipSync(readFileSync(await nativeSystem()))
  // One archive: programs other than the kernel read no further than to the end of the first.
  return gzipSync(Buffer.concat([system.subarray(0, -cpio([]).length), own]), { level: 6 })
}
