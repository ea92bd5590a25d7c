/** The kernel's files that face userspace: those over which reach is counted, from the top of its tree. */
export const files = [
  'arch/arm64/kvm/arm.c',
  'arch/arm64/kvm/guest.c',
  'arch/arm64/kvm/reset.c',
  'arch/arm64/kvm/sys_regs.c',
  'arch/arm64/kvm/hypercalls.c',
  'arch/arm64/kvm/pmu-emul.c',
  'arch/arm64/kvm/arch_timer.c',
  'arch/arm64/kvm/pvtime.c',
  'arch/arm64/kvm/mmu.c',
  'arch/arm64/kvm/vgic/vgic-init.c',
  'arch/arm64/kvm/vgic/vgic-kvm-device.c',
  'arch/arm64/kvm/vgic/vgic-mmio-v3.c',
  'arch/arm64/kvm/vgic/vgic-mmio-v2.c',
  'arch/arm64/kvm/vgic/vgic-its.c',
  'arch/arm64/kvm/vgic/vgic-irqfd.c',
  'virt/kvm/kvm_main.c',
  'virt/kvm/irqchip.c',
  'virt/kvm/coalesced_mmio.c',
  'virt/kvm/eventfd.c',
  'virt/kvm/dirty_ring.c',
] as const

/** The notes that gcc leaves beside an object while it compiles, which gcov needs with the counters. */
export const notesOf = (file: string): string => file.replace(/\.c$/, '.gcno')

/** The name of the counters of an object. */
export const countersOf = (file: string): string => file.replace(/\.c$/, '.gcda')
