/** The line that gives a guest its program, so that a KVM_RUN which is not refused comes back with ok. */
export const GUEST =
  'vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok'
