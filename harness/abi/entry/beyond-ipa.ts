/** An access to an address that the VM cannot have: the guest takes an external abort for it. */
import { holdsIn, type Dated } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import { takeAbort } from './exception.ts'
import { externalAbort } from './external-abort.ts'
import type { GuestRegisters } from './registers.ts'
import { isDebugged } from './step.ts'

/** Before, it was for userspace, as any other without memory (85ea6b1ec915). */
const aborts: Dated = { since: '5.18' }
/** Without an MMU an address is a physical one, and where that ends the CPU refuses it by itself. */
const MOST_BITS = 48

/** Whether nothing of the VM can be at that address, and the guest is told; or nobody has looked what comes of it. */
const isBeyond = ({ world, host, vm }: Here, address: bigint): boolean | 'unknown' => {
  if (address >> BigInt(Math.min(host.caps.KVM_CAP_ARM_VM_IPA_SIZE ?? 0, MOST_BITS)) !== 0n) return 'unknown'
  if (address >> BigInt(vm.ipa) === 0n) return false
  return host.isProtected ? 'unknown' : holdsIn(world.release, aborts)
}

/**
 * True where the guest takes the abort, as the registers say then; false where the VM has such addresses, or userspace
 * is asked for the access; undefined where nobody has looked.
 */
export const abortsBeyondIpa = (
  here: Here,
  registers: GuestRegisters,
  address: bigint,
  isWatched: boolean,
): boolean | undefined => {
  const is = isBeyond(here, address)
  if (is === false) return false
  if (is === 'unknown' || isWatched || isDebugged(here)) return undefined
  registers.esr = externalAbort(here)
  registers.far = address
  takeAbort(registers)
  return true
}
