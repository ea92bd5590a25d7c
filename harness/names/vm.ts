/** Numbers of a VM: its type, its memory, its attributes and the flags of its ioctls. */

/** The argument of KVM_CREATE_VM; bits [7:0] are the IPA size, 0 for the default of 40 bits. */
export const vmTypeBits = {
  KVM_VM_TYPE_ARM_IPA_SIZE_MASK: 0xffn,
  KVM_VM_TYPE_ARM_PROTECTED: 0x8000_0000n,
  KVM_VM_TYPE_ARM_MASK: 0x8000_00ffn,
} as const

/** Bits of kvm_userspace_memory_region.flags. */
export const memFlags = { KVM_MEM_LOG_DIRTY_PAGES: 1, KVM_MEM_READONLY: 2, KVM_MEM_GUEST_MEMFD: 4 } as const

/** Bits of kvm_memory_attributes.attributes and of kvm_create_guest_memfd.flags. */
export const memAttributes = {
  KVM_MEMORY_ATTRIBUTE_PRIVATE: 8,
  GUEST_MEMFD_FLAG_MMAP: 1,
  GUEST_MEMFD_FLAG_INIT_SHARED: 2,
} as const

/** What KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 takes, and the bits of kvm_dirty_gfn.flags. */
export const dirtyLog = {
  KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE: 1,
  KVM_DIRTY_LOG_INITIALLY_SET: 2,
  KVM_DIRTY_GFN_F_DIRTY: 1,
  KVM_DIRTY_GFN_F_RESET: 2,
  KVM_DIRTY_GFN_F_MASK: 3,
} as const

/** Values of kvm_arm_copy_mte_tags.flags. */
export const mteFlags = { KVM_ARM_TAGS_TO_GUEST: 0, KVM_ARM_TAGS_FROM_GUEST: 1 } as const

/** Values of kvm_device_attr.group on a VM. */
export const vmGroups = { KVM_ARM_VM_SMCCC_CTRL: 0 } as const

/** Attributes of KVM_ARM_VM_SMCCC_CTRL. */
export const smcccAttrs = { KVM_ARM_VM_SMCCC_FILTER: 0 } as const

/** Values of kvm_smccc_filter.action. */
export const smcccActions = {
  KVM_SMCCC_FILTER_HANDLE: 0,
  KVM_SMCCC_FILTER_DENY: 1,
  KVM_SMCCC_FILTER_FWD_TO_USER: 2,
} as const

/** Values of reg_mask_range.range, and how many masks that range has. */
export const regMaskRanges = { KVM_ARM_FEATURE_ID_RANGE: 0, KVM_ARM_FEATURE_ID_RANGE_SIZE: 192 } as const

/** The answer of KVM_GET_API_VERSION, unchanged since 2007. */
export const apiVersion = { KVM_API_VERSION: 12 } as const

/** Bits of kvm_stats_desc.flags: a type, a unit and a base, of four bits each. */
export const statsFlags = {
  KVM_STATS_TYPE_CUMULATIVE: 0,
  KVM_STATS_TYPE_INSTANT: 1,
  KVM_STATS_TYPE_PEAK: 2,
  KVM_STATS_TYPE_LINEAR_HIST: 3,
  KVM_STATS_TYPE_LOG_HIST: 4,
  KVM_STATS_UNIT_NONE: 0,
  KVM_STATS_UNIT_BYTES: 0x10,
  KVM_STATS_UNIT_SECONDS: 0x20,
  KVM_STATS_UNIT_CYCLES: 0x30,
  KVM_STATS_UNIT_BOOLEAN: 0x40,
  KVM_STATS_BASE_POW10: 0,
  KVM_STATS_BASE_POW2: 0x100,
} as const
