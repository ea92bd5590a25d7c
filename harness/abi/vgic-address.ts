/** A frame of registers gets its place in guest physical memory: what may be wrong with it. */
import fc from 'fast-check'
import { onlyLimit } from '../host.ts'
import { src, type Citation, type Refusal, type Said } from '../ioctl.ts'
import type { Vm } from '../world.ts'

/** `old`: the address it has already. `unit`: what it is aligned to; both sizes in bytes. */
export interface Placing { old: bigint | undefined; addr: bigint; unit: bigint; size: bigint }

export const K = 1024n
const top = 1n << 64n

/** True where `size` bytes at `addr` pass the end of 64 bits. */
export const wraps = (addr: bigint, size: bigint): boolean => size > 0n && addr + size >= top
/** True where they do not all lie within the guest physical addresses of the VM. */
export const isBeyond = ({ ipa }: Vm, addr: bigint, size: bigint): boolean => {
  const end = 1n << BigInt(ipa)
  return addr >= end || addr + size > end
}

const inDevice = 'arch/arm64/kvm/vgic/vgic-kvm-device.c'

/** What the documentation of the device says of E2BIG, EINVAL and EEXIST. */
interface Promised { outside: Citation; misaligned: Citation; ofAlignment?: readonly Said[]; twice: Citation }

/** The checks of one address. */
export const misplaced = (cite: Promised): Refusal<Placing>[] => [
  {
    why: 'beyond the IPA size',
    says: 'The frame begins within the guest physical addresses of the VM; that it ends there is not checked.',
    cite: cite.outside,
    until: '6.1',
    errno: 'E2BIG',
    when: ({ vm }, { addr }) => isBeyond(vm, addr, 0n),
    moot: onlyLimit,
  },
  {
    why: 'already set',
    says: 'An address is set once.',
    cite: cite.twice,
    since: '6.1',
    errno: 'EEXIST',
    when: (_, { old }) => old !== undefined,
  },
  {
    why: 'misaligned',
    says: 'The frame begins at a multiple of 4K in a GICv2, of 64K in a GICv3 and an ITS.',
    cite: cite.misaligned,
    ...(cite.ofAlignment && { text: cite.ofAlignment }),
    errno: 'EINVAL',
    when: (_, { addr, unit }) => addr % unit !== 0n,
  },
  {
    why: 'already set',
    says: 'An address is set once.',
    cite: cite.twice,
    until: '6.1',
    errno: 'EEXIST',
    when: (_, { old }) => old !== undefined,
  },
  {
    why: 'wraps around',
    says: 'The frame does not pass the end of 64 bits.',
    cite: src(inDevice, 'vgic_check_iorange'),
    since: '6.1',
    errno: 'EINVAL',
    instead: { errno: 'E2BIG', cite: cite.outside },
    when: (_, { addr, size }) => wraps(addr, size),
  },
  {
    why: 'beyond the IPA size',
    says: 'The whole frame lies within the guest physical addresses of the VM.',
    cite: cite.outside,
    since: '6.1',
    errno: 'E2BIG',
    when: ({ vm }, { addr, size }) => isBeyond(vm, addr, size),
    moot: onlyLimit,
  },
]

/** Addresses worth trying: few enough to meet, misaligned ones, and those around the end of every IPA size. */
export const anyAddress: fc.Arbitrary<bigint> = fc.oneof(
  { arbitrary: fc.constantFrom(0x800_0000n, 0n, 0x1_0000n, 0x2_0000n, 0x3_0000n, 0x4_0000n), weight: 12 },
  { arbitrary: fc.constantFrom(0x1000n, 0x800n, 0x1_1000n, 0x800_1000n), weight: 2 },
  { arbitrary: fc.tuple(
    fc.constantFrom(40n, 40n, 40n, 32n, 36n, 44n, 48n, 52n),
    fc.constantFrom(-0x2_0000n, -0x1_0000n, -0x4_0000n, -0x2000n, -0x1000n, 0n, 1n, 0x1_0000n),
  ).map(([bits, offset]) => (1n << bits) + offset), weight: 5 },
  { arbitrary: fc.constantFrom(top - 0x1_0000n, top - 0x2_0000n, top - 0x1000n, 1n << 63n, top - 1n), weight: 1 },
)
