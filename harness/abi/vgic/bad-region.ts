/** What may be wrong with a redistributor region. */
import { onlyLimit } from '../../model/host.ts'
import { doc, src, type Citation, type Of, type Refusal } from '../../model/rule.ts'
import type { Vgic } from '../../model/vgic.ts'
import { isBeyond, wraps } from './address.ts'
import { overlap } from '../../model/overlap.ts'
import { added, DIST, FRAME, isOutside, isOverDist, sizeOf, type Region } from './redistributors.ts'

const inMmio = 'arch/arm64/kvm/vgic/vgic-mmio-v3.c'
const text = (passage: string): Citation => doc('devices/arm-vgic-v3.rst', passage)
const bad =
  '-EINVAL Incorrectly aligned address, bad redistributor region count/index, mixed redistributor region attribute usage'
const last = ({ redist }: Vgic) => redist.at(-1)

const counted: Of = { region: 'KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION' }
const legacyOnly: Of = { region: 'KVM_VGIC_V3_ADDR_TYPE_REDIST' }

/** In the kernel's order. */
export const badRegion: readonly Refusal<Region>[] = [
  {
    why: 'count or flags',
    says: 'A region holds one frame at least; its flags are 0.',
    cite: text('Must be greater than 0'),
    errno: 'EINVAL',
    of: counted,
    when: (_, { legacy, count, flags }) => !legacy && (count === 0 || flags !== 0),
  },
  {
    why: 'wraps around',
    says: 'A region does not pass the end of 64 bits; without a count it has a frame for each vcpu.',
    cite: src(inMmio, 'vgic_v3_alloc_redist_region'),
    since: '5.16',
    errno: 'EINVAL',
    instead: { errno: 'E2BIG', cite: text('-E2BIG Address outside of addressable IPA range') },
    when: ({ vm }, region) => wraps(region.base, sizeOf(vm, region)),
  },
  {
    why: 'already set',
    variant: 'region, as EINVAL',
    says: 'There is one region without a count.',
    cite: src(inMmio, 'vgic_v3_insert_redist_region'),
    until: '5.13',
    errno: 'EINVAL',
    instead: { errno: 'EEXIST', cite: text('-EEXIST Address already configured') },
    of: legacyOnly,
    when: ({ vm }, { legacy }) => legacy && vm.vgic!.redist.length > 0,
  },
  {
    why: 'index taken',
    says: 'Every region has an index of its own.',
    cite: text(bad),
    errno: 'EINVAL',
    instead: { errno: 'EEXIST', cite: text('-EEXIST Address already configured') },
    of: counted,
    when: ({ vm }, { legacy, index }) => !legacy && vm.vgic!.redist.some((r) => r.index === index),
  },
  {
    why: 'index out of order',
    says: 'Regions are numbered from 0 on, without gaps.',
    cite: text('must be registered in the incremental index order, starting from index 0'),
    errno: 'EINVAL',
    of: counted,
    example: `gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)
      KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x0010000000000001)`,
    when: ({ vm }, { legacy, index }) => !legacy && index > (last(vm.vgic!)?.index ?? -1) + 1,
  },
  {
    why: 'mixed',
    says: 'A region with a count cannot follow the one without.',
    cite: text(bad),
    until: '5.13',
    errno: 'EINVAL',
    of: counted,
    example: `gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)
      KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST, 0)
      KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x0010000010000001)`,
    when: ({ vm }, { legacy }) => !legacy && last(vm.vgic!)?.count === 0,
  },
  {
    why: 'mixed',
    says: 'The region without a count cannot follow one with a count. The other order is granted.',
    cite: text(bad),
    text: [
      {
        says: 'The two attributes are not mixed, in either order.',
        cite: text('It is invalid to mix calls with KVM_VGIC_V3_ADDR_TYPE_REDIST'),
      },
    ],
    since: '5.13',
    errno: 'EINVAL',
    of: legacyOnly,
    when: ({ vm }, { legacy }) => legacy && (last(vm.vgic!)?.count ?? 0) > 0,
  },
  {
    why: 'already set',
    variant: 'region',
    says: 'There is one region without a count.',
    cite: text('-EEXIST Address already configured'),
    since: '5.13',
    errno: 'EEXIST',
    of: legacyOnly,
    when: ({ vm }, { legacy }) => legacy && vm.vgic!.redist.length > 0,
  },
  {
    why: 'over a region',
    says: 'Regions do not overlap.',
    cite: src(inMmio, 'vgic_v3_alloc_redist_region'),
    errno: 'EINVAL',
    example: `gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)
      KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x0010000000000000)
      KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, 0x0010000000000001)`,
    when: ({ vm }, region) =>
      vm.vgic!.redist.some((r) => overlap(region.base, BigInt(region.count) * FRAME, r.base, sizeOf(vm, r))),
  },
  {
    why: 'over the distributor',
    says: 'The region without a count, with a frame for each vcpu there is, does not lie over the distributor.',
    cite: src(inMmio, 'vgic_v3_alloc_redist_region'),
    since: '5.13',
    errno: 'EINVAL',
    of: legacyOnly,
    when: ({ vm }, region) =>
      region.legacy && vm.vgic!.dist !== undefined && overlap(region.base, sizeOf(vm, region), vm.vgic!.dist, DIST),
  },
  {
    why: 'inside the distributor',
    says: 'The region without a count does not begin within the distributor; how long it is does not matter.',
    cite: src(inMmio, 'vgic_v3_insert_redist_region'),
    until: '5.13',
    errno: 'EINVAL',
    of: legacyOnly,
    when: ({ vm }, region) =>
      region.legacy && vm.vgic!.dist !== undefined && overlap(region.base, 0n, vm.vgic!.dist, DIST),
  },
  {
    why: 'beyond the IPA size',
    variant: 'region begins there',
    says: 'A region begins within the guest physical addresses of the VM; that it ends there is not checked.',
    cite: text('-E2BIG Address outside of addressable IPA range'),
    until: '5.16',
    errno: 'E2BIG',
    when: ({ vm }, { base }) => isBeyond(vm, base, 0n),
    notApplicable: onlyLimit,
  },
  {
    why: 'misaligned',
    says: 'A region begins at a multiple of 64K.',
    cite: text(bad),
    errno: 'EINVAL',
    when: (_, { base }) => base % DIST !== 0n,
  },
  {
    why: 'beyond the IPA size',
    variant: 'region ends there',
    says: 'A region lies within the guest physical addresses of the VM; without a count it has a frame for each vcpu.',
    cite: text('-E2BIG Address outside of addressable IPA range'),
    since: '5.16',
    errno: 'E2BIG',
    when: ({ vm }, region) => isBeyond(vm, region.base, sizeOf(vm, region)),
    notApplicable: onlyLimit,
  },
  {
    why: 'frames over the distributor',
    variant: 'whatever the IPA size',
    says: 'A vcpu gets its frame only where no region lies over the distributor. The region stays.',
    cite: src('arch/arm64/kvm/vgic/vgic-v3.c', 'vgic_v3_check_base'),
    until: '6.1',
    errno: 'EINVAL',
    when: ({ vm }, region) => vm.vcpus.some((v) => !v.frame) && isOverDist(vm, added(vm.vgic!, region)),
    leaves: ({ vm }, region) => {
      vm.vgic!.redist = added(vm.vgic!, region).redist
    },
  },
  {
    why: 'frames over the distributor',
    says: 'A vcpu gets its frame only where no region lies over the distributor or passes the IPA size.',
    cite: src('arch/arm64/kvm/vgic/vgic-v3.c', 'vgic_v3_check_base'),
    since: '6.1',
    errno: 'EINVAL',
    when: ({ vm }, region) => {
      const vgic = added(vm.vgic!, region)
      return vm.vcpus.some((v) => !v.frame) && (isOverDist(vm, vgic) || isOutside(vm, vgic))
    },
  },
]
