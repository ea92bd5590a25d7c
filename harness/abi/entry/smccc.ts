/** Hypercalls that are not PSCI's: all come back to the guest, with what the host and its firmware say. */

/** From the first function to the last. */
const ranges: readonly (readonly [number, number])[] = [
  // SMCCC_VERSION, SMCCC_ARCH_FEATURES, SMCCC_ARCH_SOC_ID and the workarounds.
  [0x8000_0000, 0x8000_ffff],
  [0xc000_0000, 0xc000_ffff],
  // TRNG.
  [0x8400_0050, 0x8400_005f],
  [0xc400_0050, 0xc400_005f],
  // Features, the PTP of KVM, what protected VMs ask for, and the uid.
  [0x8600_0000, 0x8600_ffff],
  [0xc600_0000, 0xc600_ffff],
  // PV_TIME_FEATURES, PV_TIME_ST.
  [0xc500_0020, 0xc500_003f],
]

/** True of those of which the table does not know what they give. All others that PSCI does not have are NOT_SUPPORTED. */
export const isOther = (fn: number): boolean => ranges.some(([first, last]) => first <= fn && fn <= last)
