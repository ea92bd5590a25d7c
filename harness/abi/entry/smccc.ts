/** Hypercalls that are not PSCI's: all come back to the guest, with what the host and its firmware say. */

/** From the first function to the last. */
const ranges: readonly (readonly [number, number])[] = [
  // SMCCC_VERSION, SMCCC_ARCH_FEATURES, SMCCC_ARCH_SOC_ID and the workarounds.
  [0x8000_0000, 0x8000_0002],
  [0x8000_3fff, 0x8000_3fff],
  [0x8000_7fff, 0x8000_8000],
  // TRNG_VERSION, TRNG_FEATURES, TRNG_GET_UUID.
  [0x8400_0050, 0x8400_0052],
  // Features, and the PTP of KVM.
  [0x8600_0000, 0x8600_0001],
  // The call uid, and the numbers about it.
  [0x8600_ff00, 0x8600_ff03],
  // PV_TIME_FEATURES, PV_TIME_ST.
  [0xc500_0020, 0xc500_0022],
  [0, 1],
]

/** True of those that real kernels were asked for, and came back from. */
export const isOther = (fn: number): boolean => ranges.some(([first, last]) => first <= fn && fn <= last)
