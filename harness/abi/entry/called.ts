/** Which firmware answers a hypercall of a guest, if userspace has not filtered it. */
import { features } from '../../names/index.ts'
import { holdsIn } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import { PSCI_VERSION } from '../registers/firmware.ts'
import { valueOf } from '../registers/value.ts'
import type { HypercallArgs, HypercallResult } from './hypercall.ts'
import { psci } from './psci.ts'
import { psci01 } from './psci-01.ts'
import { filteredOf } from './smccc-filter.ts'
import { isOther, other } from './smccc.ts'

const PSCI_0_2 = 1 << features.KVM_ARM_VCPU_PSCI_0_2

/**
 * True of an SMC that is a call like an HVC: it has the immediate of all calls. Before, every SMC was only told that
 * there is nobody.
 */
export const isCall = ({ world }: Here, immediate: number): boolean =>
  immediate === 0 && holdsIn(world.release, { since: '6.12' })

/** What comes of a hypercall; undefined: nobody has looked. */
export const called = (here: Here, args: HypercallArgs, by: 'hvc' | 'smc'): HypercallResult => {
  const filtered = filteredOf(here, args.fn, by)
  if (filtered) return filtered
  if (isOther(args.fn)) return other(here, args)
  if ((here.vcpu.features & PSCI_0_2) === 0) return psci01(here, args)
  const version = valueOf(here, PSCI_VERSION)
  return version === undefined ? undefined : psci(here, args, version)
}
