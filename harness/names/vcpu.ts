/** Numbers of a vcpu: what KVM_ARM_VCPU_INIT takes, its states and its attributes. */
export const targets = {
  KVM_ARM_TARGET_AEM_V8: 0,
  KVM_ARM_TARGET_FOUNDATION_V8: 1,
  KVM_ARM_TARGET_CORTEX_A57: 2,
  KVM_ARM_TARGET_XGENE_POTENZA: 3,
  KVM_ARM_TARGET_CORTEX_A53: 4,
  KVM_ARM_TARGET_GENERIC_V8: 5,
  KVM_ARM_NUM_TARGETS: 6,
} as const

/** Bit numbers in kvm_vcpu_init.features; KVM_ARM_VCPU_FINALIZE takes the same numbers. */
export const features = {
  KVM_ARM_VCPU_POWER_OFF: 0,
  KVM_ARM_VCPU_EL1_32BIT: 1,
  KVM_ARM_VCPU_PSCI_0_2: 2,
  KVM_ARM_VCPU_PMU_V3: 3,
  KVM_ARM_VCPU_SVE: 4,
  KVM_ARM_VCPU_PTRAUTH_ADDRESS: 5,
  KVM_ARM_VCPU_PTRAUTH_GENERIC: 6,
  KVM_ARM_VCPU_HAS_EL2: 7,
  KVM_ARM_VCPU_HAS_EL2_E2H0: 8,
  KVM_ARM_VCPU_PMU_V3_STRICT: 9,
} as const

export type Feature = keyof typeof features

/** The word features[0] of struct kvm_vcpu_init with these features. */
export const featureWord = (names: readonly string[]): number =>
  names.reduce((word, name) => word | (1 << features[name as Feature]), 0)

export const mpStates = {
  KVM_MP_STATE_RUNNABLE: 0,
  KVM_MP_STATE_UNINITIALIZED: 1,
  KVM_MP_STATE_INIT_RECEIVED: 2,
  KVM_MP_STATE_HALTED: 3,
  KVM_MP_STATE_SIPI_RECEIVED: 4,
  KVM_MP_STATE_STOPPED: 5,
  KVM_MP_STATE_CHECK_STOP: 6,
  KVM_MP_STATE_OPERATING: 7,
  KVM_MP_STATE_LOAD: 8,
  KVM_MP_STATE_AP_RESET_HOLD: 9,
  KVM_MP_STATE_SUSPENDED: 10,
} as const

/** Values of kvm_device_attr.group on a vcpu. */
export const vcpuGroups = {
  KVM_ARM_VCPU_PMU_V3_CTRL: 0,
  KVM_ARM_VCPU_TIMER_CTRL: 1,
  KVM_ARM_VCPU_PVTIME_CTRL: 2,
} as const

/** Attributes of KVM_ARM_VCPU_PMU_V3_CTRL. */
export const pmuAttrs = {
  KVM_ARM_VCPU_PMU_V3_IRQ: 0,
  KVM_ARM_VCPU_PMU_V3_INIT: 1,
  KVM_ARM_VCPU_PMU_V3_FILTER: 2,
  KVM_ARM_VCPU_PMU_V3_SET_PMU: 3,
  KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS: 4,
} as const

/** Values of kvm_pmu_event_filter.action. */
export const pmuActions = { KVM_PMU_EVENT_ALLOW: 0, KVM_PMU_EVENT_DENY: 1 } as const

/** Attributes of KVM_ARM_VCPU_TIMER_CTRL. */
export const timerAttrs = {
  KVM_ARM_VCPU_TIMER_IRQ_VTIMER: 0,
  KVM_ARM_VCPU_TIMER_IRQ_PTIMER: 1,
  KVM_ARM_VCPU_TIMER_IRQ_HVTIMER: 2,
  KVM_ARM_VCPU_TIMER_IRQ_HPTIMER: 3,
} as const

/** Attributes of KVM_ARM_VCPU_PVTIME_CTRL. */
export const pvtimeAttrs = { KVM_ARM_VCPU_PVTIME_IPA: 0 } as const

/** Bits of kvm_guest_debug.control, and how many debug registers of a kind kvm_guest_debug_arch holds. */
export const guestDebug = {
  KVM_GUESTDBG_ENABLE: 0x1,
  KVM_GUESTDBG_SINGLESTEP: 0x2,
  KVM_GUESTDBG_USE_SW_BP: 0x10000,
  KVM_GUESTDBG_USE_HW: 0x20000,
  KVM_ARM_MAX_DBG_REGS: 16,
} as const

/** Processor modes and bits of user_pt_regs.pstate. */
export const pstate = {
  PSR_MODE_EL0t: 0x0,
  PSR_MODE_EL1t: 0x4,
  PSR_MODE_EL1h: 0x5,
  PSR_MODE_EL2t: 0x8,
  PSR_MODE_EL2h: 0x9,
  PSR_MODE_EL3t: 0xc,
  PSR_MODE_EL3h: 0xd,
  PSR_MODE_MASK: 0xf,
  PSR_MODE32_BIT: 0x10,
  PSR_F_BIT: 0x40,
  PSR_I_BIT: 0x80,
  PSR_A_BIT: 0x100,
  PSR_D_BIT: 0x200,
  PSR_V_BIT: 0x1000_0000,
  PSR_C_BIT: 0x2000_0000,
  PSR_Z_BIT: 0x4000_0000,
  PSR_N_BIT: 0x8000_0000,
} as const
