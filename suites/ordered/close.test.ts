/** Descriptors that are closed, in any order: what they stood for stays as long as something else needs it. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a descriptor is closed once, and nothing can be called on it afterwards',
  `
  vm = KVM_CREATE_VM(0)                                 -> ok
  vm: KVM_CREATE_VCPU(0)                                -> ok
  vm: close                                             -> ok
  vm: close                                             -> -EBADF (no descriptor)
  vm: KVM_CREATE_VCPU(1)                                -> -EBADF (no descriptor)
  vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS)            -> -EBADF (no descriptor)
  vcpu0: close                                          -> ok
  vcpu0: KVM_RUN(immediate_exit)                        -> -EBADF (no descriptor)
  kvm: close                                            -> ok
  kvm: KVM_GET_API_VERSION                              -> -EBADF (no descriptor)
  kvm: vm1 = KVM_CREATE_VM(0)                           -> -EBADF (no descriptor)
  vm1: close                                            -> -EBADF (no descriptor)
`,
)

sequence(
  'a VM whose descriptor is closed lives on with its vcpus',
  `
  vm = KVM_CREATE_VM(0)                                                                                         -> ok
  vm: KVM_CREATE_VCPU(0)                                                                                        -> ok
  vm: KVM_CREATE_VCPU(1)                                                                                        -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
  vm: close                                                                                                     -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                  -> ok
  vcpu0: KVM_RUN                                                                                                -> ok = KVM_EXIT_MMIO
  vcpu1: close                                                                                                  -> ok
  vcpu0: KVM_RUN                                                                                                -> ok = KVM_EXIT_SYSTEM_EVENT
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                  -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                                -> -EINTR (immediate_exit)
`,
)

sequence(
  'the next VM has nothing of one that was closed, and leaves it its vcpus',
  `
  vm = KVM_CREATE_VM(0)                       -> ok
  vm: KVM_CREATE_VCPU(0)                      -> ok
  vm: KVM_CREATE_VCPU(1)                      -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)    -> ok
  vcpu0: KVM_RUN(immediate_exit)              -> -EINTR (immediate_exit)
  vm: close                                   -> ok
  vm = KVM_CREATE_VM(32)                      -> ok
  vcpu1: KVM_RUN(immediate_exit)              -> -ENOEXEC (not initialised)
  vm: KVM_CREATE_VCPU(1)                      -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)    -> ok
  vcpu0: KVM_RUN(immediate_exit)              -> -EINTR (immediate_exit)
  vcpu1: KVM_RUN(immediate_exit)              -> -EINTR (immediate_exit)
`,
)

sequence(
  'a vcpu whose descriptor is closed keeps its id, and what was initialised for it',
  `
  vm = KVM_CREATE_VM(0)                                        -> ok
  vm: KVM_CREATE_VCPU(0)                                       -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  vcpu0: close                                                 -> ok
  vm: KVM_CREATE_VCPU(0)                                       -> -EEXIST (already there)
  vm: KVM_CREATE_VCPU(1)                                       -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                     -> -EINVAL (changed mind)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
`,
  { since: '6.12' },
)

sequence(
  'a GICv3 whose descriptor is closed is there as before, and cannot be asked any more',
  `
  vm = KVM_CREATE_VM(0)                                                                          -> ok
  vm: KVM_CREATE_VCPU(0)                                                                         -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                       -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  gic: close                                                                                     -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0)                                  -> -EBADF (no descriptor)
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> -EEXIST (already there)
  vm: KVM_CREATE_VCPU(1)                                                                         -> -EBUSY (vgic initialised)
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 32, level = 1)                                         -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                 -> -EINTR (immediate_exit)
`,
)

sequence(
  'a GICv2 whose descriptor is closed is there as before',
  `
  vm = KVM_CREATE_VM(0)                                                                        -> ok
  vm: KVM_CREATE_VCPU(0)                                                                       -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                              -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: close                                                                                   -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                              -> -EEXIST (already there)
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)                           -> -EEXIST (already set)
  vm: KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000)                            -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                     -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                               -> -EINTR (immediate_exit)
`,
)

sequence(
  'the interrupt controller can be set up after the VM was closed',
  `
  vm = KVM_CREATE_VM(0)                                                                          -> ok
  vm: KVM_CREATE_VCPU(0)                                                                         -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                -> ok
  vm: close                                                                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                       -> ok
  vcpu0: close                                                                                   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0)                                  -> ok = 256
`,
)

sequence(
  'an ITS whose descriptor is closed stays in the VM, which can have another',
  `
  vm = KVM_CREATE_VM(0)                                                                             -> ok
  vm: its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                            -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000)          -> ok
  its: close                                                                                        -> ok
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x0)                 -> -EBADF (no descriptor)
  vm: KVM_CHECK_EXTENSION(KVM_CAP_MSI_DEVID)                                                        -> ok = 1
  vm: its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                            -> ok
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x0)                 -> ok = 0xffffffffffffffff
`,
)

sequence(
  'a VFIO device is no longer there when its descriptor is closed',
  `
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO) -> ok
  device: close                            -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO) -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO) -> -EBUSY (one VFIO device)
`,
  { since: '6.1' },
)

sequence(
  'a VFIO device stays in its VM when its descriptor is closed',
  `
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO) -> ok
  device: close                            -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO) -> -EBUSY (one VFIO device)
`,
  { until: '6.1' },
)

sequence(
  'what is closed of a VM that died is closed',
  `
  vm = KVM_CREATE_VM(0)                           -> ok
  vm: KVM_CREATE_VCPU(0)                          -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)        -> ok
  vcpu0: KVM_RUN(immediate_exit)                  -> -ENXIO (no redistributor)
  vcpu0: KVM_RUN(immediate_exit)                  -> -EIO (dead VM)
  gic: close                                      -> ok
  gic: KVM_HAS_DEVICE_ATTR(0, 4)                  -> -EBADF (no descriptor)
  vm: close                                       -> ok
  vcpu0: close                                    -> ok
  vcpu0: KVM_RUN(immediate_exit)                  -> -EBADF (no descriptor)
`,
  { since: '6.1' },
)
