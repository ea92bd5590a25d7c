/** Every ioctl that userspace of an arm64 machine can call on KVM's descriptors, as the number the kernel sees. */
import { structs } from './structs.ts'

const KVMIO = 0xae
const _IOC = (dir: number, type: number, nr: number, size: number) =>
  ((dir << 30) | (size << 16) | (type << 8) | nr) >>> 0

/** An ioctl number whose argument is no pointer; type is the driver's byte, nr its own count. Source: linux/ioctl.h. */
export const _IO = (type: number, nr: number) => _IOC(0, type, nr, 0)
/** An ioctl number that says "the kernel reads size bytes"; KVM often writes them nevertheless (KVM_GET_ONE_REG). */
export const _IOW = (type: number, nr: number, size: number) => _IOC(1, type, nr, size)
/** An ioctl number that says "the kernel writes size bytes"; KVM_ARM_MTE_COPY_TAGS reads them nevertheless. */
export const _IOR = (type: number, nr: number, size: number) => _IOC(2, type, nr, size)
/** An ioctl number that says "the kernel reads and writes size bytes". */
export const _IOWR = (type: number, nr: number, size: number) => _IOC(3, type, nr, size)

const s = structs

export const ioctls = {
  // on /dev/kvm
  KVM_GET_API_VERSION: _IO(KVMIO, 0x00),
  KVM_CREATE_VM: _IO(KVMIO, 0x01),
  KVM_CHECK_EXTENSION: _IO(KVMIO, 0x03),
  KVM_GET_VCPU_MMAP_SIZE: _IO(KVMIO, 0x04),

  // on a VM
  KVM_CREATE_VCPU: _IO(KVMIO, 0x41),
  KVM_GET_DIRTY_LOG: _IOW(KVMIO, 0x42, s.kvm_dirty_log.size),
  KVM_SET_USER_MEMORY_REGION: _IOW(KVMIO, 0x46, s.kvm_userspace_memory_region.size),
  KVM_SET_USER_MEMORY_REGION2: _IOW(KVMIO, 0x49, s.kvm_userspace_memory_region2.size),
  KVM_CREATE_IRQCHIP: _IO(KVMIO, 0x60),
  KVM_IRQ_LINE: _IOW(KVMIO, 0x61, s.kvm_irq_level.size),
  KVM_GET_IRQCHIP: _IOWR(KVMIO, 0x62, s.kvm_irqchip.size),
  KVM_SET_IRQCHIP: _IOR(KVMIO, 0x63, s.kvm_irqchip.size),
  KVM_IRQ_LINE_STATUS: _IOWR(KVMIO, 0x67, s.kvm_irq_level.size),
  KVM_REGISTER_COALESCED_MMIO: _IOW(KVMIO, 0x67, s.kvm_coalesced_mmio_zone.size),
  KVM_UNREGISTER_COALESCED_MMIO: _IOW(KVMIO, 0x68, s.kvm_coalesced_mmio_zone.size),
  KVM_SET_GSI_ROUTING: _IOW(KVMIO, 0x6a, s.kvm_irq_routing.size),
  KVM_IRQFD: _IOW(KVMIO, 0x76, s.kvm_irqfd.size),
  KVM_SET_BOOT_CPU_ID: _IO(KVMIO, 0x78),
  KVM_IOEVENTFD: _IOW(KVMIO, 0x79, s.kvm_ioeventfd.size),
  KVM_SIGNAL_MSI: _IOW(KVMIO, 0xa5, s.kvm_msi.size),
  KVM_ARM_SET_DEVICE_ADDR: _IOW(KVMIO, 0xab, s.kvm_arm_device_addr.size),
  KVM_ARM_PREFERRED_TARGET: _IOR(KVMIO, 0xaf, s.kvm_vcpu_init.size),
  KVM_SET_PMU_EVENT_FILTER: _IOW(KVMIO, 0xb2, s.kvm_pmu_event_filter.size),
  KVM_ARM_MTE_COPY_TAGS: _IOR(KVMIO, 0xb4, s.kvm_arm_copy_mte_tags.size),
  KVM_ARM_SET_COUNTER_OFFSET: _IOW(KVMIO, 0xb5, s.kvm_arm_counter_offset.size),
  KVM_ARM_GET_REG_WRITABLE_MASKS: _IOR(KVMIO, 0xb6, s.reg_mask_range.size),
  KVM_CLEAR_DIRTY_LOG: _IOWR(KVMIO, 0xc0, s.kvm_clear_dirty_log.size),
  KVM_RESET_DIRTY_RINGS: _IO(KVMIO, 0xc7),
  KVM_SET_MEMORY_ATTRIBUTES: _IOW(KVMIO, 0xd2, s.kvm_memory_attributes.size),
  KVM_CREATE_GUEST_MEMFD: _IOWR(KVMIO, 0xd4, s.kvm_create_guest_memfd.size),
  KVM_CREATE_DEVICE: _IOWR(KVMIO, 0xe0, s.kvm_create_device.size),

  // on a device; on a VM or a vcpu too, where these have attributes
  KVM_SET_DEVICE_ATTR: _IOW(KVMIO, 0xe1, s.kvm_device_attr.size),
  KVM_GET_DEVICE_ATTR: _IOW(KVMIO, 0xe2, s.kvm_device_attr.size),
  KVM_HAS_DEVICE_ATTR: _IOW(KVMIO, 0xe3, s.kvm_device_attr.size),

  // on a vcpu; KVM_ENABLE_CAP and KVM_GET_STATS_FD on a VM too
  KVM_RUN: _IO(KVMIO, 0x80),
  KVM_GET_REGS: _IOR(KVMIO, 0x81, s.kvm_regs.size),
  KVM_SET_REGS: _IOW(KVMIO, 0x82, s.kvm_regs.size),
  KVM_GET_SREGS: _IOR(KVMIO, 0x83, s.kvm_sregs.size),
  KVM_SET_SREGS: _IOW(KVMIO, 0x84, s.kvm_sregs.size),
  KVM_TRANSLATE: _IOWR(KVMIO, 0x85, s.kvm_translation.size),
  KVM_INTERRUPT: _IOW(KVMIO, 0x86, s.kvm_interrupt.size),
  KVM_SET_SIGNAL_MASK: _IOW(KVMIO, 0x8b, s.kvm_signal_mask.size),
  KVM_GET_FPU: _IOR(KVMIO, 0x8c, s.kvm_fpu.size),
  KVM_SET_FPU: _IOW(KVMIO, 0x8d, s.kvm_fpu.size),
  KVM_GET_MP_STATE: _IOR(KVMIO, 0x98, s.kvm_mp_state.size),
  KVM_SET_MP_STATE: _IOW(KVMIO, 0x99, s.kvm_mp_state.size),
  KVM_NMI: _IO(KVMIO, 0x9a),
  KVM_SET_GUEST_DEBUG: _IOW(KVMIO, 0x9b, s.kvm_guest_debug.size),
  KVM_GET_VCPU_EVENTS: _IOR(KVMIO, 0x9f, s.kvm_vcpu_events.size),
  KVM_SET_VCPU_EVENTS: _IOW(KVMIO, 0xa0, s.kvm_vcpu_events.size),
  KVM_ENABLE_CAP: _IOW(KVMIO, 0xa3, s.kvm_enable_cap.size),
  KVM_GET_ONE_REG: _IOW(KVMIO, 0xab, s.kvm_one_reg.size),
  KVM_SET_ONE_REG: _IOW(KVMIO, 0xac, s.kvm_one_reg.size),
  KVM_ARM_VCPU_INIT: _IOW(KVMIO, 0xae, s.kvm_vcpu_init.size),
  KVM_GET_REG_LIST: _IOWR(KVMIO, 0xb0, s.kvm_reg_list.size),
  KVM_ARM_VCPU_FINALIZE: _IOW(KVMIO, 0xc2, 4),
  KVM_GET_STATS_FD: _IO(KVMIO, 0xce),
  KVM_PRE_FAULT_MEMORY: _IOWR(KVMIO, 0xd5, s.kvm_pre_fault_memory.size),
} as const
