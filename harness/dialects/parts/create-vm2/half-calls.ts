/** What a half-created VM does not take yet. */

/** Every ioctl of a VM that is no configuration, with arguments that a VM would take. */
export const others = [
  'KVM_CREATE_VCPU(0)',
  'KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)',
  'KVM_CREATE_IRQCHIP',
  'KVM_ARM_SET_DEVICE_ADDR(0, 0x8000000)',
  'KVM_ARM_PREFERRED_TARGET',
  'KVM_SET_USER_MEMORY_REGION(memory_size = 0x1000)',
  'KVM_SET_USER_MEMORY_REGION2(memory_size = 0x1000)',
  'KVM_GET_DIRTY_LOG(slot = 0)',
  'KVM_CLEAR_DIRTY_LOG(slot = 0)',
  'KVM_RESET_DIRTY_RINGS',
  'KVM_REGISTER_COALESCED_MMIO(addr = 0, size = 4)',
  'KVM_UNREGISTER_COALESCED_MMIO(addr = 0, size = 4)',
  'KVM_CHECK_EXTENSION(KVM_CAP_ARM_SVE)',
  'KVM_SET_DEVICE_ATTR(5, 0, &0x0)',
  'KVM_HAS_DEVICE_ATTR(5, 0)',
  'KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER)',
  'KVM_ARM_SET_COUNTER_OFFSET(0x0)',
  'KVM_ARM_MTE_COPY_TAGS(0x0)',
  'KVM_GET_STATS_FD',
  'KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 4, 0))',
  'KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_CPU, level = 1)',
  'KVM_IRQ_LINE_STATUS(KVM_ARM_IRQ_TYPE_CPU, level = 1)',
].map((call) => `vm: ${call}`)
