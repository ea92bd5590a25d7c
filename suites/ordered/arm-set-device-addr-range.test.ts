/** KVM_ARM_SET_DEVICE_ADDR: addresses that are misaligned, too big, or over another frame. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'an address outside the guest physical address space is too big, and one can still be set',
  `
  KVM_CREATE_IRQCHIP                                                     -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000000)     -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8000000000000000) -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)         -> ok
`,
)

sequence(
  'the guest physical address space is as big as KVM_CREATE_VM made it',
  `
  KVM_CREATE_VM(32)                                                -> ok
  KVM_CREATE_IRQCHIP                                               -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x100000000) -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0xfffff000)  -> ok
`,
)

sequence(
  'an address that is no multiple of 4K is refused',
  `
  KVM_CREATE_IRQCHIP                                             -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000800) -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x1)        -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8001000) -> ok
`,
)

sequence(
  'a misaligned address beyond the end is too big first of all, and one set already is misaligned first',
  `
  KVM_CREATE_IRQCHIP                                                 -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000800) -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)     -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000800)     -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000000) -> -E2BIG (beyond the IPA size)
`,
  { until: '6.1' },
)

sequence(
  'an address set already is found first, then a misaligned one, then one beyond the end',
  `
  KVM_CREATE_IRQCHIP                                                 -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000800) -> -EINVAL (misaligned)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)     -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000800)     -> -EEXIST (already set)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x10000000000) -> -EEXIST (already set)
`,
  { since: '6.1' },
)

sequence(
  'the cpu interface may begin in the last page although it has two',
  `
  KVM_CREATE_IRQCHIP                                               -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xfffffff000) -> ok
`,
  { until: '6.1' },
)

sequence(
  'the cpu interface with its two pages ends within the guest physical address space',
  `
  KVM_CREATE_IRQCHIP                                                -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xfffffff000)  -> -E2BIG (beyond the IPA size)
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xffffffe000)  -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0xfffffff000) -> ok
`,
  { since: '6.1' },
)

sequence(
  'an overlap of distributor and cpu interface is accepted, and found by KVM_RUN',
  `
  KVM_CREATE_IRQCHIP                                             -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8000000)  -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                 -> -EINVAL (frames overlap)
`,
)

sequence(
  'the cpu interface that passes the end of the guest physical address space is found by KVM_RUN',
  `
  KVM_CREATE_IRQCHIP                                               -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)   -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xfffffff000) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                         -> ok
  vcpu0: KVM_RUN(immediate_exit)                                   -> -ERANGE (frames beyond the IPA size)
`,
  { until: '6.1' },
)
