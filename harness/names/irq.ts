/** Numbers of interrupts: the fields of kvm_irq_level.irq, flags and types of irqfd, ioeventfd, MSI and routing. */
export const irqFields = {
  KVM_ARM_IRQ_VCPU2_SHIFT: 28,
  KVM_ARM_IRQ_VCPU2_MASK: 0xf,
  KVM_ARM_IRQ_TYPE_SHIFT: 24,
  KVM_ARM_IRQ_TYPE_MASK: 0xf,
  KVM_ARM_IRQ_VCPU_SHIFT: 16,
  KVM_ARM_IRQ_VCPU_MASK: 0xff,
  KVM_ARM_IRQ_NUM_SHIFT: 0,
  KVM_ARM_IRQ_NUM_MASK: 0xffff,
  KVM_ARM_IRQ_GIC_MAX: 127,
} as const

/** Values of the field KVM_ARM_IRQ_TYPE. */
export const irqTypes = { KVM_ARM_IRQ_TYPE_CPU: 0, KVM_ARM_IRQ_TYPE_SPI: 1, KVM_ARM_IRQ_TYPE_PPI: 2 } as const

/** Values of the field KVM_ARM_IRQ_NUM for KVM_ARM_IRQ_TYPE_CPU. */
export const cpuIrqs = { KVM_ARM_IRQ_CPU_IRQ: 0, KVM_ARM_IRQ_CPU_FIQ: 1 } as const

/** Values of kvm_irq_routing_entry.type, and how many chips a VM has. */
export const irqRouting = { KVM_IRQ_ROUTING_IRQCHIP: 1, KVM_IRQ_ROUTING_MSI: 2, KVM_NR_IRQCHIPS: 1 } as const

/** Bits of kvm_irqfd.flags, kvm_ioeventfd.flags and kvm_msi.flags. */
export const irqFlags = {
  KVM_IRQFD_FLAG_DEASSIGN: 1,
  KVM_IRQFD_FLAG_RESAMPLE: 2,
  KVM_IOEVENTFD_FLAG_DATAMATCH: 1,
  KVM_IOEVENTFD_FLAG_PIO: 2,
  KVM_IOEVENTFD_FLAG_DEASSIGN: 4,
  KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY: 8,
  KVM_IOEVENTFD_VALID_FLAG_MASK: 0x1f,
  KVM_MSI_VALID_DEVID: 1,
} as const
