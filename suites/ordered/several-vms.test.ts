/** Several VMs in one process, and a process that is not theirs. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'two VMs have vcpus and memory of their own',
  `
  vm1 = KVM_CREATE_VM(40)                                                                                               -> ok
  vm2 = KVM_CREATE_VM(32)                                                                                               -> ok
  vm1: KVM_CREATE_VCPU(0)                                                                                               -> ok
  vm2: KVM_CREATE_VCPU(0)                                                                                               -> ok
  vm1: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x100000000, memory_size = 0x1000, userspace_addr = &ram) -> ok
  vm2: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x100000000, memory_size = 0x1000, userspace_addr = &ram) -> -EFAULT (beyond the IPA size)
  vm2: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)         -> ok
`,
)

sequence(
  'vcpus of two VMs may have different features',
  `
  vm1 = KVM_CREATE_VM(40)                                          -> ok
  vm2 = KVM_CREATE_VM(40)                                          -> ok
  vm1: KVM_CREATE_VCPU(0)                                          -> ok
  vm2: KVM_CREATE_VCPU(0)                                          -> ok
  vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
  vm2.vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
  vm1.vcpu0: KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
  vm2.vcpu0: KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
`,
)

sequence(
  'finalizing SVE in one VM does nothing for another',
  `
  vm1 = KVM_CREATE_VM(40)                                     -> ok
  vm2 = KVM_CREATE_VM(40)                                     -> ok
  vm1: KVM_CREATE_VCPU(0)                                     -> ok
  vm2: KVM_CREATE_VCPU(0)                                     -> ok
  vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vm2.vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
  vm1.vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> ok
  vm1.vcpu0: KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)
  vm2.vcpu0: KVM_RUN(immediate_exit)                          -> -EPERM (too early)
`,
)

sequence(
  'a forked child cannot use the VM and the vcpu of its parent',
  `
  child of vm: KVM_CREATE_VCPU(1)                   -> -EIO (other mm)
  child of vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> -EIO (other mm)
  child of vcpu0: KVM_RUN(immediate_exit)           -> -EIO (other mm)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)          -> ok
  vcpu0: KVM_RUN(immediate_exit)                    -> -EINTR (immediate_exit)
`,
)

sequence(
  'a forked child is turned away before its call is understood',
  `
  child of vm: ioctl(0xaeff)                       -> -EIO (other mm)
  child of vcpu0: ioctl(0xaeff)                    -> -EIO (other mm)
  child of vcpu0: KVM_RUN(immediate_exit, arg = 1) -> -EIO (other mm)
`,
)

sequence(
  'a VM, its vcpus and its devices serve every thread of their process',
  `
  thread of kvm: KVM_CREATE_VM(0)                                                                       -> ok
  vm: KVM_CREATE_VCPU(0)                                                                                -> ok
  thread of vm: KVM_CREATE_VCPU(1)                                                                      -> ok
  thread of vm: gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                       -> ok
  thread of gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  thread of vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                                                    -> ok
  vcpu1: KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))                                                 -> ok
`,
)

sequence(
  'a vcpu runs in one thread and then in another',
  `
  thread of vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu0: KVM_RUN(immediate_exit)                     -> -EINTR (immediate_exit)
  thread of vcpu0: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  thread of vcpu0: KVM_RUN                           -> -EINTR (signal)
  vcpu0: KVM_RUN                                     -> -EINTR (signal)
`,
)

sequence(
  '/dev/kvm serves every process',
  `
  child of kvm: KVM_GET_API_VERSION                  -> ok = 12
  child of kvm: KVM_CHECK_EXTENSION(KVM_CAP_ONE_REG) -> ok = 1
`,
)

sequence(
  'a forked child cannot use the device of its parent',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                    -> ok
  child of gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> -EIO (other mm)
  child of gic: ioctl(0xaeff)                                                                          -> -EIO (other mm)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)          -> ok
`,
)

sequence(
  'a process of another mm has no descriptor either where none was made',
  `
  vm: KVM_CREATE_VCPU(9999)           -> -EINVAL (id too big)
  child of vcpu9999: KVM_RUN(immediate_exit) -> -EBADF (no descriptor)
`,
)
