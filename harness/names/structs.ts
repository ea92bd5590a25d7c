/**
 * The structs of the KVM/arm64 ABI in bytes: the size, and [offset, size] of each field. Fields are named as in C;
 * `mmio.len` is a member of the member `mmio`. A field of size 0 is an array that is as long as the caller says.
 */
import { kvm_run } from './kvm-run.ts'

type Field = readonly [offset: number, size: number]
export type StructLayout = { readonly size: number; readonly fields: Readonly<Record<string, Field>> }

export const structs = {
  kvm_vcpu_init: { size: 32, fields: { target: [0, 4], features: [4, 28] } },
  kvm_reg_list: { size: 8, fields: { n: [0, 8], reg: [8, 0] } },
  kvm_one_reg: { size: 16, fields: { id: [0, 8], addr: [8, 8] } },
  reg_mask_range: { size: 64, fields: { addr: [0, 8], range: [8, 4], reserved: [12, 52] } },
  kvm_regs: {
    size: 864,
    fields: { regs: [0, 272], sp_el1: [272, 8], elr_el1: [280, 8], spsr: [288, 40], fp_regs: [336, 528] },
  },
  user_pt_regs: { size: 272, fields: { regs: [0, 248], sp: [248, 8], pc: [256, 8], pstate: [264, 8] } },
  user_fpsimd_state: { size: 528, fields: { vregs: [0, 512], fpsr: [512, 4], fpcr: [516, 4], __reserved: [520, 8] } },
  kvm_sregs: { size: 0, fields: {} },
  kvm_fpu: { size: 0, fields: {} },
  kvm_translation: {
    size: 24,
    fields: {
      linear_address: [0, 8],
      physical_address: [8, 8],
      valid: [16, 1],
      writeable: [17, 1],
      usermode: [18, 1],
      pad: [19, 5],
    },
  },
  kvm_interrupt: { size: 4, fields: { irq: [0, 4] } },
  kvm_mp_state: { size: 4, fields: { mp_state: [0, 4] } },
  kvm_vcpu_events: {
    size: 64,
    fields: {
      exception: [0, 16],
      'exception.serror_pending': [0, 1],
      'exception.serror_has_esr': [1, 1],
      'exception.ext_dabt_pending': [2, 1],
      'exception.pad': [3, 5],
      'exception.serror_esr': [8, 8],
      reserved: [16, 48],
    },
  },
  kvm_guest_debug: {
    size: 520,
    fields: {
      control: [0, 4],
      pad: [4, 4],
      arch: [8, 512],
      'arch.dbg_bcr': [8, 128],
      'arch.dbg_bvr': [136, 128],
      'arch.dbg_wcr': [264, 128],
      'arch.dbg_wvr': [392, 128],
    },
  },
  kvm_guest_debug_arch: {
    size: 512,
    fields: { dbg_bcr: [0, 128], dbg_bvr: [128, 128], dbg_wcr: [256, 128], dbg_wvr: [384, 128] },
  },
  kvm_debug_exit_arch: { size: 16, fields: { hsr: [0, 4], hsr_high: [4, 4], far: [8, 8] } },
  kvm_signal_mask: { size: 4, fields: { len: [0, 4], sigset: [4, 0] } },
  kvm_enable_cap: {
    size: 104,
    fields: {
      cap: [0, 4],
      flags: [4, 4],
      'args[0]': [8, 8],
      'args[1]': [16, 8],
      'args[2]': [24, 8],
      'args[3]': [32, 8],
      pad: [40, 64],
    },
  },
  kvm_sync_regs: { size: 8, fields: { device_irq_level: [0, 8] } },

  kvm_create_device: { size: 12, fields: { type: [0, 4], fd: [4, 4], flags: [8, 4] } },
  kvm_device_attr: { size: 24, fields: { flags: [0, 4], group: [4, 4], attr: [8, 8], addr: [16, 8] } },
  kvm_arm_device_addr: { size: 16, fields: { id: [0, 8], addr: [8, 8] } },
  kvm_pmu_event_filter: { size: 8, fields: { base_event: [0, 2], nevents: [2, 2], action: [4, 1], pad: [5, 3] } },
  kvm_smccc_filter: { size: 24, fields: { base: [0, 4], nr_functions: [4, 4], action: [8, 1], pad: [9, 15] } },
  kvm_arm_counter_offset: { size: 16, fields: { counter_offset: [0, 8], reserved: [8, 8] } },
  kvm_arm_copy_mte_tags: {
    size: 48,
    fields: { guest_ipa: [0, 8], length: [8, 8], addr: [16, 8], flags: [24, 8], reserved: [32, 16] },
  },

  kvm_userspace_memory_region: {
    size: 32,
    fields: { slot: [0, 4], flags: [4, 4], guest_phys_addr: [8, 8], memory_size: [16, 8], userspace_addr: [24, 8] },
  },
  kvm_userspace_memory_region2: {
    size: 160,
    fields: {
      slot: [0, 4],
      flags: [4, 4],
      guest_phys_addr: [8, 8],
      memory_size: [16, 8],
      userspace_addr: [24, 8],
      guest_memfd_offset: [32, 8],
      guest_memfd: [40, 4],
      pad1: [44, 4],
      pad2: [48, 112],
    },
  },
  kvm_dirty_log: { size: 16, fields: { slot: [0, 4], padding1: [4, 4], dirty_bitmap: [8, 8] } },
  kvm_clear_dirty_log: {
    size: 24,
    fields: { slot: [0, 4], num_pages: [4, 4], first_page: [8, 8], dirty_bitmap: [16, 8] },
  },
  kvm_dirty_gfn: { size: 16, fields: { flags: [0, 4], slot: [4, 4], offset: [8, 8] } },
  kvm_memory_attributes: { size: 32, fields: { address: [0, 8], size: [8, 8], attributes: [16, 8], flags: [24, 8] } },
  kvm_create_guest_memfd: { size: 64, fields: { size: [0, 8], flags: [8, 8], reserved: [16, 48] } },
  kvm_pre_fault_memory: { size: 64, fields: { gpa: [0, 8], size: [8, 8], flags: [16, 8], padding: [24, 40] } },
  kvm_coalesced_mmio: { size: 24, fields: { phys_addr: [0, 8], len: [8, 4], pio: [12, 4], data: [16, 8] } },
  kvm_coalesced_mmio_ring: { size: 8, fields: { first: [0, 4], last: [4, 4], coalesced_mmio: [8, 0] } },
  kvm_coalesced_mmio_zone: { size: 16, fields: { addr: [0, 8], size: [8, 4], pio: [12, 4] } },

  kvm_irq_level: { size: 8, fields: { irq: [0, 4], status: [0, 4], level: [4, 4] } },
  kvm_irqchip: { size: 520, fields: { chip_id: [0, 4], pad: [4, 4], chip: [8, 512] } },
  kvm_msi: {
    size: 32,
    fields: { address_lo: [0, 4], address_hi: [4, 4], data: [8, 4], flags: [12, 4], devid: [16, 4], pad: [20, 12] },
  },
  kvm_irqfd: { size: 32, fields: { fd: [0, 4], gsi: [4, 4], flags: [8, 4], resamplefd: [12, 4], pad: [16, 16] } },
  kvm_ioeventfd: {
    size: 64,
    fields: { datamatch: [0, 8], addr: [8, 8], len: [16, 4], fd: [20, 4], flags: [24, 4], pad: [28, 36] },
  },
  kvm_irq_routing: { size: 8, fields: { nr: [0, 4], flags: [4, 4], entries: [8, 0] } },
  kvm_irq_routing_entry: {
    size: 48,
    fields: {
      gsi: [0, 4],
      type: [4, 4],
      flags: [8, 4],
      pad: [12, 4],
      u: [16, 32],
      'u.irqchip.irqchip': [16, 4],
      'u.irqchip.pin': [20, 4],
      'u.msi.address_lo': [16, 4],
      'u.msi.address_hi': [20, 4],
      'u.msi.data': [24, 4],
      'u.msi.devid': [28, 4],
    },
  },
  kvm_stats_header: {
    size: 24,
    fields: {
      flags: [0, 4],
      name_size: [4, 4],
      num_desc: [8, 4],
      id_offset: [12, 4],
      desc_offset: [16, 4],
      data_offset: [20, 4],
    },
  },
  kvm_stats_desc: {
    size: 16,
    fields: { flags: [0, 4], exponent: [4, 2], size: [6, 2], offset: [8, 4], bucket_size: [12, 4], name: [16, 0] },
  },

  kvm_run,
} as const satisfies Record<string, StructLayout>
