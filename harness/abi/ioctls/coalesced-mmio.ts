/** Stores of the guest that do not leave it: they are collected in a ring, until it leaves for something else. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl, src, type Refusal, type Statement } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { takes, type CoalescedZone } from '../args/coalesced-mmio.ts'
import { isWithin } from '../memory/store.ts'

const noErrno: readonly Statement[] = [
  { says: 'No errno is given.', cite: api('4.116', 'Coalesced I/O is a performance optimization') },
]
const bad = badPointer(takes, api('4.116', 'Coalesced I/O is a performance optimization'))
const neither = (fn: string): Refusal<CoalescedZone> => ({
  why: 'neither memory nor ports',
  says: 'pio is 0 for memory, and 1 for ports, of which arm64 has none.',
  cite: src('virt/kvm/coalesced_mmio.c', fn),
  text: noErrno,
  errno: 'EINVAL',
  when: (_, { pio }) => pio > 1,
})

export default [
  ioctl<CoalescedZone>('KVM_REGISTER_COALESCED_MMIO', {
    nr: ioctls.KVM_REGISTER_COALESCED_MMIO,
    on: ['vm'],
    capability: 'KVM_CAP_COALESCED_MMIO',
    weight: 1,
    takes,
    refuses: [
      bad,
      neither('kvm_vm_ioctl_register_coalesced_mmio'),
      {
        why: 'too many',
        says: 'A VM has at most 1000 places whose accesses go to the kernel, those of the interrupt controller included.',
        cite: src('virt/kvm/kvm_main.c', 'kvm_io_bus_register_dev'),
        text: noErrno,
        errno: 'ENOSPC',
        when: ({ vm }, { pio }) => (vm.coalesced ?? []).filter((zone) => zone.pio === pio).length >= 1000,
        unseen: 'it takes a VM with 1000 zones, which no list of calls makes',
      },
    ],
    grants: {
      says: 'Stores that lie in the zone are collected. It may be empty, wrap around, and be there several times.',
      cite: api('4.116', 'When a hardware register is configured for coalesced I/O'),
      then: ({ vm }, { addr, size, pio }) => {
        vm.coalesced = [...(vm.coalesced ?? []), { addr, size, pio }]
      },
    },
  }),
  ioctl<CoalescedZone>('KVM_UNREGISTER_COALESCED_MMIO', {
    nr: ioctls.KVM_UNREGISTER_COALESCED_MMIO,
    on: ['vm'],
    capability: 'KVM_CAP_COALESCED_MMIO',
    weight: 1,
    takes,
    refuses: [bad, neither('kvm_vm_ioctl_unregister_coalesced_mmio')],
    grants: {
      says: 'Every zone in which these addresses lie is gone, and it is no error where there is none.',
      cite: src('virt/kvm/coalesced_mmio.c', 'kvm_vm_ioctl_unregister_coalesced_mmio'),
      then: ({ vm }, { addr, size, pio }) => {
        vm.coalesced = (vm.coalesced ?? []).filter((zone) => zone.pio !== pio || !isWithin(zone, addr, size))
      },
    },
  }),
]
