/** Hypercalls that are not PSCI's: all come back to the guest. Bitmaps of firmware registers hide some of them. */
import { holdsIn } from '../../model/release.ts'
import type { Here } from '../../model/world.ts'
import { namedRegs } from '../../names/index.ts'
import { rowOf, valueOf } from '../registers/value.ts'
import { IS_64_BIT, NOT_SUPPORTED, returns, SUCCESS, type HypercallArgs, type Returned } from './hypercall.ts'
import { trng } from './trng.ts'

/** From the first function to the last: what KVM looks up by itself, in whatever version of PSCI. */
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

/** True of those that `other` answers. All others that PSCI does not have are NOT_SUPPORTED. */
export const isOther = (fn: number): boolean => ranges.some(([first, last]) => first <= fn && fn <= last)

/** The hypervisor answers those itself, on its shortest path, and leaves registers as they are. */
const WORKAROUNDS = [0x8000_8000, 0x8000_7fff, 0x8000_3fff]
const [WORKAROUND_1, , WORKAROUND_3] = WORKAROUNDS
const VERSION_1_1 = 0x1_0001n
const PV_TIME_FEATURES = 0xc500_0020
const PV_TIME_ST = 0xc500_0021
const PTP_COUNTERS = 2n
/** Of KVM. */
const UID = [0xb66f_b428n, 0xe911_c52en, 0x564b_caa9n, 0x743a_004dn] as const

/** Before that there were neither random numbers, nor functions of the hypervisor's vendor. */
const hasMore = ({ world }: Here): boolean => holdsIn(world.release, { since: '5.12' })

/** Bits of a bitmap; up to 5.18 all of them are there, and nobody can say otherwise. */
const bitmapOf = (here: Here, id: bigint): bigint | undefined =>
  holdsIn(here.world.release, { since: '5.19' }) ? valueOf(here, id) : (1n << 64n) - 1n

const lower = (x: bigint): number => Number(BigInt.asUintN(32, x))

/** What the guest is told of a workaround is what the host says of it, not what userspace has written. */
const workaround = (here: Here, id: bigint): Returned => {
  const level = rowOf(here, id)?.reset
  return level === undefined ? {} : returns(level === 0n ? NOT_SUPPORTED : level - 1n)
}

const isShown = (bitmap: bigint, bit: bigint): boolean => ((bitmap >> bit) & 1n) === 1n

/** `answer` where a bitmap has the bit. */
const behind = (here: Here, id: bigint, bit: bigint, answer: (bitmap: bigint) => Returned): Returned => {
  const bitmap = bitmapOf(here, id)
  if (bitmap === undefined) return {}
  return isShown(bitmap, bit) ? answer(bitmap) : returns(NOT_SUPPORTED)
}

const features = (here: Here, [x1]: HypercallArgs['x']): Returned => {
  if (x1 === undefined) return {}
  const fn = lower(x1)
  if (fn === WORKAROUND_1) return workaround(here, namedRegs.KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1)
  if (fn === WORKAROUND_3) return workaround(here, namedRegs.KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3)
  if (WORKAROUNDS.includes(fn)) return {}
  return fn === PV_TIME_FEATURES
    ? behind(here, namedRegs.KVM_REG_ARM_STD_HYP_BMAP, 0n, () => returns(SUCCESS))
    : returns(NOT_SUPPORTED)
}

const stolenTime = ({ vcpu }: Here, fn: number, [x1]: HypercallArgs['x']): Returned => {
  if (fn === PV_TIME_ST) return returns(vcpu.stolenTime ?? NOT_SUPPORTED)
  if (x1 === undefined) return {}
  const isKnown = [PV_TIME_FEATURES, PV_TIME_ST].includes(lower(x1))
  return returns(isKnown && vcpu.stolenTime !== undefined ? SUCCESS : NOT_SUPPORTED)
}

/** What it says is the vendor's functions that the guest may call. */
const vendorFeatures = (here: Here, bitmap: bigint): Returned => {
  const more = rowOf(here, namedRegs.KVM_REG_ARM_VENDOR_HYP_BMAP_2)
  return { gives: bitmap, others: [0n, more ? valueOf(here, namedRegs.KVM_REG_ARM_VENDOR_HYP_BMAP_2) : 0n, 0n] }
}

const vendor = (here: Here, fn: number, [x1]: HypercallArgs['x']): Returned => {
  const bitmap = namedRegs.KVM_REG_ARM_VENDOR_HYP_BMAP
  if (fn === 0x8600_0000) return behind(here, bitmap, 0n, (all) => vendorFeatures(here, all))
  if (fn === 0x8600_ff01) return behind(here, bitmap, 0n, () => ({ gives: UID[0], others: UID.slice(1) }))
  // The time is not known; nor is it of another counter than the virtual and the physical one.
  if (fn === 0x8600_0001)
    return behind(here, bitmap, 1n, () =>
      x1 === undefined || BigInt.asUintN(32, x1) < PTP_COUNTERS ? {} : returns(NOT_SUPPORTED),
    )
  return returns(NOT_SUPPORTED)
}

/** What such a function gives. */
export const other = (here: Here, { fn, x }: HypercallArgs): Returned => {
  if (fn === 0x8000_0000) return returns(VERSION_1_1)
  if (fn === 0x8000_0001) return features(here, x)
  if (WORKAROUNDS.includes(fn)) return {}
  if (fn === PV_TIME_FEATURES || fn === PV_TIME_ST)
    return behind(here, namedRegs.KVM_REG_ARM_STD_HYP_BMAP, 0n, () => stolenTime(here, fn, x))
  if (!hasMore(here)) return returns(NOT_SUPPORTED)
  const random = trng((fn & ~IS_64_BIT) >>> 0, (fn & IS_64_BIT) !== 0, x)
  return random ? behind(here, namedRegs.KVM_REG_ARM_STD_BMAP, 0n, () => random) : vendor(here, fn, x)
}
