/** The memory that userspace gives to its guests: it sees what lies there, whatever slots there are. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'memory is zero at first, and has what was written last, of userspace or a program',
  `
  vcpu0: ram(0x0)                                   -> ok = 0
  vcpu0: ram(0x10000 = 0x1, 0x2, 0x3, 0x4)          -> ok
  vcpu0: ram(0x10018)                               -> ok = 4
  vcpu0: ram(0x10008 = 0xffffffffffffffff)          -> ok
  vcpu0: ram(0x10000)                               -> ok = 1
  vcpu0: ram(0x10008)                               -> ok = 0xffffffffffffffff
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(store-at) + 0x10000) -> ok
  vcpu0: ram(0x10000)                               -> ok = 0xb9000062b9000020
  vcpu0: ram(0x10018)                               -> ok = 4
`,
)

sequence(
  'memory is said of a vcpu',
  `
  vcpu0: stats = KVM_GET_STATS_FD -> ok
  stats: ram(0x10000)             -> -EACCES (read-only)
  vm: ram(0x10000)                -> -ENODEV (no vcpu)
`,
  { since: '6.1' },
)
