/** The native bench inside a guest, on that guest's own /dev/kvm. */
import { buildAgent } from '../../guest/agent-binary.ts'
import { runInGuest } from '../../guest/native-guest.ts'
import { inGuestCache } from '../../guest/native-image.ts'
import { usualMachine } from '../../model/guest-machine.ts'
import { buildBareLoop } from './native.ts'

/** Prints what the native bench prints there. */
export const benchGuest = async (): Promise<void> => {
  const programs = [await buildBareLoop('arm64'), await buildAgent('arm64')]
  const machine = { ...usualMachine, cpu: 'cortex-a57', smp: 2, mem: '4G' }
  console.log('guest: Linux 6.12, cortex-a57, two cores')
  const { status } = await runInGuest(
    { kind: 'qemu', kernel: { release: '6.12' }, machine },
    ['/usr/bin/node', 'harness/bin.js', 'bench', 'native'],
    (text) => {
      process.stdout.write(text)
    },
    { more: programs.flatMap(inGuestCache) },
  )
  if (status !== 0) throw new Error(`the bench in the guest ended with status ${status}`)
}
