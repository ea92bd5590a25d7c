/** The native bench inside a guest, on that guest's own /dev/kvm. */
import { readFileSync } from 'node:fs'
import { compiled } from '../../guest/compile.ts'
import { runInGuest } from '../../guest/native-guest.ts'
import { usualMachine } from '../../model/target.ts'
import { loopSource } from './native.ts'

/** Prints what the native bench prints there. */
export const benchGuest = async (): Promise<void> => {
  const loop = readFileSync(await compiled('loop', 'arm64', { 'loop.c': Buffer.from(loopSource) }))
  const machine = { ...usualMachine, cpu: 'cortex-a57', smp: 2, mem: '4G' }
  console.log('guest: Linux 6.12, cortex-a57, two cores')
  const { status } = await runInGuest(
    { kind: 'qemu', kernel: { release: '6.12' }, machine },
    ['/usr/bin/node', 'harness/bin.js', 'bench', 'native', '--binaries', '/agents'],
    (text) => {
      process.stdout.write(text)
    },
    { more: [{ name: 'agents/loop', mode: 0o100755, data: loop }] },
  )
  if (status !== 0) throw new Error(`the bench in the guest ended with status ${status}`)
}
