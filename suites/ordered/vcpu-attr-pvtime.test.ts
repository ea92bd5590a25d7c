/** KVM_ARM_VCPU_PVTIME_CTRL: the address of stolen time. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'the address of stolen time is all ones until it is told, once, in memory that the guest may write',
  `
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA)                      -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, 1)                                            -> -ENXIO (unknown attribute)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x0)                -> ok = 0xffffffffffffffff
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA)                      -> -EFAULT (value not writable)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, 1)                                            -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA)                      -> -EFAULT (value not readable)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, 1)                                            -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x20)               -> -EINVAL (misaligned)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x0)                -> -EINVAL (no memory)
  KVM_SET_USER_MEMORY_REGION(flags = KVM_MEM_READONLY, guest_phys_addr = 0x0, memory_size = 0x1000)  -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x0)                -> -EINVAL (no memory)
  KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x1000, memory_size = 0x1000)               -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x2000)             -> -EINVAL (no memory)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0xffffffffffffffc0) -> -EINVAL (no memory)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x1020)             -> -EINVAL (misaligned)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x1fc0)             -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x1fc0)             -> -EEXIST (already set)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x0)                -> -EEXIST (already set)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x1)                -> -EINVAL (misaligned)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x0)                -> ok = 0x1fc0
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                           -> ok
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x0)                -> ok = 0x1fc0
  vcpu0: KVM_RUN(immediate_exit)                                                                     -> -EINTR (immediate_exit)
`,
)

sequence(
  'stolen time may be told after the vcpu has run, and each vcpu has its own',
  `
  vm: KVM_CREATE_VCPU(0)                                                               -> ok
  vm: KVM_CREATE_VCPU(1)                                                               -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                             -> ok
  KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x0, memory_size = 0x1000)              -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                       -> -EINTR (immediate_exit)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x40) -> ok
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x0)  -> ok = 0x40
  vcpu1: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x0)  -> ok = 0xffffffffffffffff
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x40) -> ok
`,
)
