/** A frame of registers gets its place in guest physical memory: what may be wrong with it. */
import { onlyLimit } from '../../model/host.ts'
import { inReleases } from '../../model/in-releases.ts'
import { src, type Citation, type Refusal, type Statement } from '../../model/rule.ts'
import type { Vm } from '../../model/vm.ts'

/** `old`: the address it has already. `unit`: what it is aligned to; both sizes in bytes. */
export interface Placing {
  old: bigint | undefined
  addr: bigint
  unit: bigint
  size: bigint
}

export const KiB = 1024n
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
interface Promised {
  outside: Citation
  misaligned: Citation
  ofAlignment?: readonly Statement[]
  twice: Citation
}

const alreadySet = (cite: Citation): Refusal<Placing> => ({
  why: 'already set',
  says: 'An address is set once.',
  cite,
  errno: 'EEXIST',
  when: (_, { old }) => old !== undefined,
})

/** The checks of one address. */
export const misplaced = (cite: Promised): Refusal<Placing>[] => [
  {
    why: 'beyond the IPA size',
    variant: 'begins there',
    says: 'The frame begins within the guest physical addresses of the VM; that it ends there is not checked.',
    cite: cite.outside,
    until: '5.16',
    errno: 'E2BIG',
    when: ({ vm }, { addr }) => isBeyond(vm, addr, 0n),
    notApplicable: onlyLimit,
  },
  ...inReleases({ since: '5.16', variant: 'before misaligned' }, alreadySet(cite.twice)),
  {
    why: 'misaligned',
    says: 'The frame begins at a multiple of 4K in a GICv2, of 64K in a GICv3 and an ITS.',
    cite: cite.misaligned,
    ...(cite.ofAlignment && { text: cite.ofAlignment }),
    errno: 'EINVAL',
    when: (_, { addr, unit }) => addr % unit !== 0n,
  },
  ...inReleases({ until: '5.16', variant: 'after misaligned' }, alreadySet(cite.twice)),
  {
    why: 'wraps around',
    says: 'The frame does not pass the end of 64 bits.',
    cite: src(inDevice, 'vgic_check_iorange'),
    since: '5.16',
    errno: 'EINVAL',
    instead: { errno: 'E2BIG', cite: cite.outside },
    when: (_, { addr, size }) => wraps(addr, size),
  },
  {
    why: 'beyond the IPA size',
    variant: 'ends there',
    says: 'The whole frame lies within the guest physical addresses of the VM.',
    cite: cite.outside,
    since: '5.16',
    errno: 'E2BIG',
    when: ({ vm }, { addr, size }) => isBeyond(vm, addr, size),
    notApplicable: onlyLimit,
  },
]
