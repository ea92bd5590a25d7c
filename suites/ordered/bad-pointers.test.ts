/** Pointers that are not mapped, structs that end with their page, and number arguments with high bits. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a struct is read whole or not at all',
  `
  vcpu0: KVM_ARM_VCPU_INIT(&unmapped, features[] = 0)  -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(&short(0), features[] = 0)  -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(&short(16), features[] = 0) -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(&short(31), features[] = 0) -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(&short(32), features[] = 0) -> ok
`,
)

sequence(
  'a struct that is only read may be read-only',
  `
  vcpu0: KVM_ARM_VCPU_INIT(&readonly, features[] = KVM_ARM_VCPU_SVE) -> ok
  vcpu0: KVM_ARM_VCPU_FINALIZE(&readonly, KVM_ARM_VCPU_SVE)          -> ok
`,
)

sequence(
  'a bad pointer to KVM_ARM_VCPU_INIT leaves the vcpu uninitialised',
  `
  vcpu0: KVM_ARM_VCPU_INIT(&unmapped, features[] = 0) -> -EFAULT (bad pointer)
  vcpu0: KVM_RUN(immediate_exit)                      -> -ENOEXEC (not initialised)
`,
)

sequence(
  'a feature number that ends with its page is not read',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)   -> ok
  vcpu0: KVM_ARM_VCPU_FINALIZE(&short(3), KVM_ARM_VCPU_SVE) -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_FINALIZE(&short(4), KVM_ARM_VCPU_SVE) -> ok
`,
)

sequence(
  'a memory region is read whole or not at all',
  `
  vm: KVM_SET_USER_MEMORY_REGION(&unmapped, slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = &ram)  -> -EFAULT (bad pointer)
  vm: KVM_SET_USER_MEMORY_REGION(&short(31), slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = &ram) -> -EFAULT (bad pointer)
`,
)

sequence(
  'the preferred target is written whole or not at all',
  `
  vm: KVM_ARM_PREFERRED_TARGET(&unmapped) -> -EFAULT (bad pointer)
  vm: KVM_ARM_PREFERRED_TARGET(&readonly) -> -EFAULT (bad pointer)
  vm: KVM_ARM_PREFERRED_TARGET(&short(4)) -> -EFAULT (bad pointer)
  vm: KVM_ARM_PREFERRED_TARGET            -> ok
`,
)

sequence(
  'a device address is read before anything is known of it',
  `
  vm: KVM_ARM_SET_DEVICE_ADDR(&unmapped, KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)  -> -EFAULT (bad pointer)
  vm: KVM_ARM_SET_DEVICE_ADDR(&short(15), KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -EFAULT (bad pointer)
  vm: KVM_ARM_SET_DEVICE_ADDR(&short(16), 0x10000, 0x8000000)                    -> -ENODEV (device)
`,
)

sequence(
  'a device is created from a whole struct',
  `
  vm: KVM_CREATE_DEVICE(&unmapped, KVM_DEV_TYPE_ARM_VGIC_V3)  -> -EFAULT (bad pointer)
  vm: KVM_CREATE_DEVICE(&short(11), KVM_DEV_TYPE_ARM_VGIC_V3) -> -EFAULT (bad pointer)
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)             -> ok
`,
)

sequence(
  'a device whose descriptor cannot be written back is there all the same',
  `
  vm: KVM_CREATE_DEVICE(&readonly, KVM_DEV_TYPE_ARM_VGIC_V3) -> -EFAULT (read-only struct)
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)            -> -EEXIST (already there)
`,
)

sequence(
  'a device attribute is read whole or not at all',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                           -> ok
  gic: KVM_SET_DEVICE_ATTR(&unmapped, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)  -> -EFAULT (bad pointer)
  gic: KVM_SET_DEVICE_ATTR(&short(23), KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> -EFAULT (bad pointer)
  gic: KVM_HAS_DEVICE_ATTR(&short(8), KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)  -> -EFAULT (bad pointer)
  gic: KVM_SET_DEVICE_ATTR(&short(24), KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
`,
)

sequence(
  'a value is found through a struct that is read-only, and through one that ends where the mapping does',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(&readonly, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_GET_DEVICE_ATTR(&short(24), KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0)      -> ok = 0x8000000
`,
)

sequence(
  'struct kvm_one_reg is read whole or not at all',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                -> ok
  vcpu0: KVM_SET_ONE_REG(&unmapped, KVM_REG_ARM_CORE_REG(regs.pc), &0x0)  -> -EFAULT (bad pointer)
  vcpu0: KVM_SET_ONE_REG(&short(15), KVM_REG_ARM_CORE_REG(regs.pc), &0x0) -> -EFAULT (bad pointer)
  vcpu0: KVM_SET_ONE_REG(&short(16), KVM_REG_ARM_CORE_REG(regs.pc), &0x0) -> ok
`,
)

sequence(
  'a value of a register that ends with its page is not read, and one that fits is',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                  -> ok
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &short(7), &0x0)    -> -EFAULT (bad value pointer)
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &short(8), &0x1000) -> ok
  vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))                     -> ok = 0x1000
`,
)

sequence(
  'an address of the kernel, or with a tag, is no pointer, though there may be something behind it',
  `
  vm: KVM_ARM_PREFERRED_TARGET(&kernel)                                          -> -EFAULT (bad pointer)
  vm: KVM_ARM_PREFERRED_TARGET(&tagged(0x1))                                     -> -EFAULT (bad pointer)
  vm: KVM_ARM_PREFERRED_TARGET(&tagged(0xff))                                    -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(&kernel, features[] = 0)                              -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(&tagged(0x80), features[] = 0)                        -> -EFAULT (bad pointer)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                       -> ok
  vcpu0: KVM_GET_ONE_REG(&tagged(0x1), KVM_REG_ARM_CORE_REG(regs.pc))            -> -EFAULT (bad pointer)
  vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &kernel)                 -> -EFAULT (bad value pointer)
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &tagged(0x1), &0x10)     -> -EFAULT (bad value pointer)
  vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))                          -> ok = 0x0
  vcpu0: KVM_GET_REG_LIST(&kernel, n = 0)                                        -> -EFAULT (bad pointer)
  vcpu0: KVM_GET_REG_LIST(&tagged(0x1), n = 0)                                   -> -EFAULT (bad pointer)
  vcpu0: KVM_SET_VCPU_EVENTS(&tagged(0x1))                                       -> -EFAULT (bad pointer)
`,
)

sequence(
  'the memory of a slot has an address of userspace, without a tag, also where the slot is deleted',
  `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = 0x80000000000000)   -> -EINVAL (no userspace address)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = 0xffff800000000000) -> -EINVAL (no userspace address)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x2000, userspace_addr = 0xfffffffffffff000) -> -EINVAL (no userspace address)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = 0x100000000000000)  -> -EINVAL (no userspace address)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = 0xff00000000000000) -> -EINVAL (no userspace address)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = 0x10000)            -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = 0x20000)            -> -EINVAL (changed for good)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = 0xffff800000000000)    -> -EINVAL (no userspace address)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = 0x100000000000000)     -> -EINVAL (no userspace address)
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x0, userspace_addr = 0x20000)               -> ok
`,
)

sequence(
  'a guest whose memory is mapped nowhere does not run',
  `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = 0x0) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                                   -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                             -> -EINTR (immediate_exit)
  vcpu0: KVM_RUN                                                                                             -> -EFAULT (no memory behind a slot)
  vcpu0: KVM_RUN(no signal)                                                                                  -> -EFAULT (no memory behind a slot)
`,
)
