/** Numbers of devices: what KVM_CREATE_DEVICE makes, the groups and attributes of the vgic and ITS, old address ids. */
export const deviceTypes = {
  KVM_DEV_TYPE_FSL_MPIC_20: 1,
  KVM_DEV_TYPE_FSL_MPIC_42: 2,
  KVM_DEV_TYPE_XICS: 3,
  KVM_DEV_TYPE_VFIO: 4,
  KVM_DEV_TYPE_ARM_VGIC_V2: 5,
  KVM_DEV_TYPE_FLIC: 6,
  KVM_DEV_TYPE_ARM_VGIC_V3: 7,
  KVM_DEV_TYPE_ARM_VGIC_ITS: 8,
  KVM_DEV_TYPE_XIVE: 9,
  KVM_DEV_TYPE_ARM_PV_TIME: 10,
  KVM_DEV_TYPE_RISCV_AIA: 11,
  KVM_DEV_TYPE_LOONGARCH_IPI: 12,
  KVM_DEV_TYPE_LOONGARCH_EIOINTC: 13,
  KVM_DEV_TYPE_LOONGARCH_PCHPIC: 14,
  KVM_DEV_TYPE_LOONGARCH_DMSINTC: 15,
  KVM_DEV_TYPE_ARM_VGIC_V5: 16,
} as const

/** Bits of kvm_create_device.flags. */
export const deviceFlags = { KVM_CREATE_DEVICE_TEST: 1 } as const

/** Values of kvm_device_attr.group on a vgic or an ITS. */
export const vgicGroups = {
  KVM_DEV_ARM_VGIC_GRP_ADDR: 0,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS: 1,
  KVM_DEV_ARM_VGIC_GRP_CPU_REGS: 2,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS: 3,
  KVM_DEV_ARM_VGIC_GRP_CTRL: 4,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS: 5,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: 6,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO: 7,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS: 8,
  KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ: 9,
} as const

/** Attributes of KVM_DEV_ARM_VGIC_GRP_ADDR; the first two are the types of KVM_ARM_SET_DEVICE_ADDR as well. */
export const vgicAddrTypes = {
  KVM_VGIC_V2_ADDR_TYPE_DIST: 0,
  KVM_VGIC_V2_ADDR_TYPE_CPU: 1,
  KVM_VGIC_V3_ADDR_TYPE_DIST: 2,
  KVM_VGIC_V3_ADDR_TYPE_REDIST: 3,
  KVM_VGIC_ITS_ADDR_TYPE: 4,
  KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION: 5,
} as const

/** How many bytes of guest memory each of them takes, a redistributor per vcpu. */
export const vgicSizes = {
  KVM_VGIC_V2_DIST_SIZE: 0x1000,
  KVM_VGIC_V2_CPU_SIZE: 0x2000,
  KVM_VGIC_V3_DIST_SIZE: 0x10000,
  KVM_VGIC_V3_REDIST_SIZE: 0x20000,
  KVM_VGIC_V3_ITS_SIZE: 0x20000,
} as const

/** Attributes of KVM_DEV_ARM_VGIC_GRP_CTRL on a vgic. */
export const vgicCtrl = {
  KVM_DEV_ARM_VGIC_CTRL_INIT: 0,
  KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES: 3,
  KVM_DEV_ARM_VGIC_USERSPACE_PPIS: 5,
} as const

/** Attributes of KVM_DEV_ARM_VGIC_GRP_CTRL on an ITS, besides KVM_DEV_ARM_VGIC_CTRL_INIT. */
export const itsAttrs = {
  KVM_DEV_ARM_ITS_SAVE_TABLES: 1,
  KVM_DEV_ARM_ITS_RESTORE_TABLES: 2,
  KVM_DEV_ARM_ITS_CTRL_RESET: 4,
} as const

/** Fields of the 64-bit kvm_device_attr.attr of the vgic's register groups. */
export const vgicFields = {
  KVM_DEV_ARM_VGIC_CPUID_SHIFT: 32n,
  KVM_DEV_ARM_VGIC_CPUID_MASK: 0xff_0000_0000n,
  KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT: 32n,
  KVM_DEV_ARM_VGIC_V3_MPIDR_MASK: 0xffff_ffff_0000_0000n,
  KVM_DEV_ARM_VGIC_OFFSET_SHIFT: 0n,
  KVM_DEV_ARM_VGIC_OFFSET_MASK: 0xffff_ffffn,
  KVM_DEV_ARM_VGIC_SYSREG_INSTR_MASK: 0xffffn,
  KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT: 10n,
  KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_MASK: 0xffff_fc00n,
  KVM_DEV_ARM_VGIC_LINE_LEVEL_INTID_MASK: 0x3ffn,
  VGIC_LEVEL_INFO_LINE_LEVEL: 0n,
} as const

/** Devices of KVM_ARM_SET_DEVICE_ADDR and the fields of kvm_arm_device_addr.id. */
export const armDevices = {
  KVM_ARM_DEVICE_VGIC_V2: 0n,
  KVM_ARM_DEVICE_TYPE_SHIFT: 0n,
  KVM_ARM_DEVICE_TYPE_MASK: 0xffffn,
  KVM_ARM_DEVICE_ID_SHIFT: 16n,
  KVM_ARM_DEVICE_ID_MASK: 0xffff_0000n,
} as const

/** The group and attributes of a VFIO device, the one device arm64 shares with other architectures. */
export const vfioAttrs = {
  KVM_DEV_VFIO_FILE: 1,
  KVM_DEV_VFIO_FILE_ADD: 1,
  KVM_DEV_VFIO_FILE_DEL: 2,
} as const
