/** Sizes of guest physical address spaces that laws try. */
import type { Host } from '../../harness/model/host.ts'
import { reached } from '../../harness/model/release.ts'

/** The largest size of this host, in bits. */
export const limit = (host: Host): number => host.caps.KVM_CAP_ARM_VM_IPA_SIZE ?? 40

/**
 * Kernels after 6.12 visit every GiB of a VM's addresses when the VM goes (stage2_destroy_range()): four million of
 * them for 52 bits, which takes seconds on an emulated machine.
 */
const isSlow = (host: Host, bits: number): boolean => bits > 45 && reached(host.kernel.release, '6.13')

/** Every size from 32 to the limit that a VM is quickly made and unmade with. */
export const quickSizes = (host: Host): number[] =>
  Array.from({ length: limit(host) - 31 }, (_, i) => i + 32).filter((bits) => !isSlow(host, bits))
