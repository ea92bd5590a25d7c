/** Interrupt translation services: their one address, and how many there may be (devices/arm-vgic-its.rst). */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'an ITS has one address, set once',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                      -> ok
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x0)       -> ok = 0xffffffffffffffff
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> -EEXIST (already set)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x0)       -> ok = 0x8080000
`,
)

sequence(
  'the address of an ITS is aligned to 64K and within the guest physical address space',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                          -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8081000)     -> -EINVAL (misaligned)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x10000000000) -> -E2BIG (beyond the IPA size)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000)     -> ok
`,
)

sequence(
  'an ITS may begin in the last 64K although it has 128K',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                         -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0xffffff0000) -> ok
`,
  { until: '6.1' },
)

sequence(
  'an ITS with its 128K ends within the guest physical address space',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                         -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0xffffff0000) -> -E2BIG (beyond the IPA size)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0xfffffe0000) -> ok
`,
  { since: '6.1' },
)

sequence(
  'an address that an ITS does not have is refused before its value is read',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                          -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> -ENODEV (no such address)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &unmapped)  -> -ENODEV (no such address)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &unmapped)      -> -EFAULT (value not readable)
  its: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST)             -> -ENXIO (unknown attribute)
  its: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE)                 -> ok
`,
)

sequence(
  'a VM may have several ITS, each with its address',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                       -> ok
  its1 = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                      -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000)  -> ok
  its1: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x0)       -> ok = 0xffffffffffffffff
  its1: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x9000000) -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x9000000)  -> -EEXIST (already set)
`,
)

sequence(
  'nobody looks whether an ITS lies over another, or over the GICv3',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> ok
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                          -> ok
  its1 = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                         -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8000000)     -> ok
  its1: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8000000)    -> ok
`,
)

sequence(
  'an ITS needs no GICv3, and may come after KVM_RUN',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                          -> -EINTR (immediate_exit)
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                      -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok
`,
)

sequence(
  'an ITS without an address does not keep its VM from running',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                            -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
`,
)

sequence(
  'a control that an ITS does not have is done nothing about',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)      -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, 99) -> ok
  its: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, 99) -> -ENXIO (unknown attribute)
`,
  { until: '7.2' },
)

sequence(
  'a control that an ITS does not have is refused',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)      -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, 99) -> -ENXIO (unknown attribute)
  its: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, 99) -> -ENXIO (unknown attribute)
`,
  { since: '7.2' },
)

sequence(
  'registers of an ITS wait for its address',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                      -> ok
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x4, &0x0)                      -> -ENXIO (no ITS address)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x4, &0x0)                      -> ok
`,
)

sequence(
  'whether an ITS has a register can be asked at any time',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)      -> ok
  its: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0)    -> ok
  its: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 1)    -> -EINVAL (misaligned register)
  its: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x30) -> -ENXIO (no such register)
`,
)

sequence(
  'an address of an ITS that is beyond the end and misaligned is too big first of all',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                                  -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x10000001000)         -> -E2BIG (beyond the IPA size)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000)             -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8081000)             -> -EINVAL (misaligned)
`,
  { until: '6.1' },
)

sequence(
  'an address of an ITS is set already first of all, then misaligned, then too big',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                               -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x10000001000)      -> -EINVAL (misaligned)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000)          -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8081000)          -> -EEXIST (already set)
`,
  { since: '6.1' },
)

sequence(
  'registers of an ITS are named by their first byte, and there once it has its address',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                      -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 1)                              -> -EFAULT (value not readable)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 1, &0x0)                        -> -EINVAL (misaligned register)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x30, &0x0)                     -> -ENXIO (no ITS address)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 1, &unmapped)                   -> -EINVAL (misaligned register)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &unmapped)                   -> -ENXIO (no ITS address)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x30, &0x0)                     -> -ENXIO (no such register)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x30, &unmapped)                -> -ENXIO (no such register)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &unmapped)                   -> -EFAULT (value not writable)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &unmapped)  -> -EFAULT (value not writable)
  its: KVM_GET_DEVICE_ATTR(10, 0, &0)                                                     -> -ENXIO (unknown attribute)
  its: KVM_SET_DEVICE_ATTR(10, 0, &0)                                                     -> -ENXIO (unknown attribute)
  its: KVM_HAS_DEVICE_ATTR(10, 0)                                                         -> -ENXIO (unknown attribute)
`,
)
