/** PSCI 0.1, for a vcpu without KVM_ARM_VCPU_PSCI_0_2: its functions have numbers of KVM's own (asm/kvm.h). */
import type { Here } from '../../model/world.ts'
import { NOT_SUPPORTED, returns, type HypercallArgs, type HypercallResult } from './hypercall.ts'
import { cpuOff, cpuOn } from './psci-cpus.ts'

const KVM_PSCI_FN_BASE = 0x95c1_ba5e
const [CPU_SUSPEND, CPU_OFF, CPU_ON, MIGRATE] = [0, 1, 2, 3].map((n) => KVM_PSCI_FN_BASE + n)

/** What it answers to any function that nobody else knows; undefined where nobody has looked. */
export const psci01 = (here: Here, { fn, x }: HypercallArgs): HypercallResult => {
  switch (fn) {
    case CPU_OFF:
      return cpuOff
    case CPU_ON:
      return cpuOn(here, x, true)
    case CPU_SUSPEND:
    case MIGRATE:
      return returns(NOT_SUPPORTED)
    default:
      // PSCI 0.2 and later is not there.
      return returns(NOT_SUPPORTED)
  }
}
