/** The ring of coalesced MMIO: what a guest stored to a zone, which userspace reads in the second page of a vcpu. */
import { sequence } from '../../harness/suite/sequence.ts'

const guest = (program: string, zone = 'addr = 0x10000000, size = 0x1000') => `
   vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2)                                                   -> ok
   vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest(${program})) -> ok
   vm: KVM_REGISTER_COALESCED_MMIO(${zone})                                                                       -> ok`
const look = (field: string, value: string) => `vcpu0: kvm_coalesced_mmio_ring(${field}) -> ok = ${value}\n`
const entry = (n: number, phys: string, len: number, data: string) =>
  look(`coalesced_mmio[${n}].phys_addr`, phys)
  + look(`coalesced_mmio[${n}].len`, String(len))
  + look(`coalesced_mmio[${n}].pio`, '0')
  + look(`coalesced_mmio[${n}].data`, data)

sequence(
  'a store that stays in the guest is in the ring, and last moves on',
  `${guest('store-then-off')}
   ${look('first', '0')}
   ${look('last', '0')}
   vcpu0: KVM_RUN -> ok = KVM_EXIT_SYSTEM_EVENT
   ${look('last', '1')}
   ${look('first', '0')}
   ${entry(0, '0x10000000', 4, '0x2a')}
   ${look('coalesced_mmio[1].phys_addr', '0')}`,
)

sequence(
  'a ring that is full but for one entry has no room: the store leaves; userspace makes room by moving first',
  `${guest('mmio-stores')}
   vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[0]), &0x8877665544332211) -> ok
   vcpu0: kvm_coalesced_mmio_ring(first = 1)                                       -> ok
   vcpu0: kvm_coalesced_mmio_ring(last = 166)                                      -> ok
   vcpu0: KVM_RUN                                                                  -> ok = KVM_EXIT_MMIO
   ${look('last', '0')}
   ${entry(166, '0x10000000', 1, '0x11')}
   ${entry(167, '0x10000000', 2, '0x2211')}
   ${entry(168, '0x10000000', 4, '0x44332211')}
   ${entry(169, '0x10000000', 8, '0x8877665544332211')}
   ${look('coalesced_mmio[0].len', '0')}
   vcpu0: kvm_run(mmio.len)                                                        -> ok = 1
   vcpu0: kvm_coalesced_mmio_ring(first = 4)                                       -> ok
   vcpu0: KVM_RUN                                                                  -> ok = KVM_EXIT_MMIO
   ${look('last', '3')}
   ${entry(0, '0x10000000', 2, '0x2211')}
   ${entry(1, '0x10000000', 4, '0x44332211')}
   ${entry(2, '0x10000000', 8, '0x8877665544332211')}`,
  { since: '6.12' },
)

sequence(
  'older kernels find a ring full that has room',
  `${guest('store-then-off')}
   vcpu0: kvm_coalesced_mmio_ring(first = 0)  -> ok
   vcpu0: kvm_coalesced_mmio_ring(last = 85)  -> ok
   vcpu0: KVM_RUN                             -> ok = KVM_EXIT_MMIO
   ${look('last', '85')}`,
  { until: '6.12' },
)

sequence(
  'older kernels find room in a ring that is full, which is empty then',
  `${guest('store-then-off')}
   vcpu0: kvm_coalesced_mmio_ring(last = 169) -> ok
   vcpu0: KVM_RUN                             -> ok = KVM_EXIT_SYSTEM_EVENT
   ${look('last', '0')}
   ${entry(169, '0x10000000', 4, '0x2a')}`,
  { until: '6.12' },
)

sequence(
  'a ring with room up to its end is not full',
  `${guest('store-then-off')}
   vcpu0: kvm_coalesced_mmio_ring(last = 85)  -> ok
   vcpu0: KVM_RUN                             -> ok = KVM_EXIT_SYSTEM_EVENT
   ${look('last', '86')}
   vcpu0: kvm_coalesced_mmio_ring(last = 169) -> ok
   vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
   vcpu0: KVM_RUN                             -> ok = KVM_EXIT_MMIO
   ${look('last', '169')}`,
  { since: '6.12' },
)

sequence(
  'where userspace puts last behind the ring, a store leaves',
  `${guest('store-then-off')}
   vcpu0: kvm_coalesced_mmio_ring(last = 170) -> ok
   vcpu0: KVM_RUN                             -> ok = KVM_EXIT_MMIO
   ${look('last', '170')}`,
)

sequence(
  'all vcpus of a VM share one ring; another VM has another, and a VM has none itself',
  `vcpu0: kvm_coalesced_mmio_ring(first = 7)                     -> ok
   vcpu1: kvm_coalesced_mmio_ring(first)                         -> ok = 7
   vcpu1: kvm_coalesced_mmio_ring(coalesced_mmio[169].data = 1)  -> ok
   vcpu0: kvm_coalesced_mmio_ring(coalesced_mmio[169].data)      -> ok = 1
   vm1.vcpu0: kvm_coalesced_mmio_ring(first)                     -> ok = 0
   vm: kvm_coalesced_mmio_ring(first)                            -> -ENODEV (no vcpu)`,
)
