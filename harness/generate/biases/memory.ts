/** The log of dirty pages: what it begins with, what is read of it, and what becomes of it when its slot changes. */
import { oneOf, onVcpu, onVm, type Bias } from './bias.ts'
import { programSlot, slot } from '../lines/memory-region.ts'
import { X } from '../../names/index.ts'
import type { Picker } from '../pick.ts'

const places = ['guest_phys_addr = 0, ', 'guest_phys_addr = 0x10000, ']
const sizes = ['memory_size = 0x10000', 'memory_size = 0x50000', 'memory_size = 0']
const logged = (pick: Picker, id: number) =>
  slot(id, `${pick.of(['flags = KVM_MEM_LOG_DIRTY_PAGES, ', ''])}${pick.of(places)}${pick.of(sizes)}`)
const options = (pick: Picker) =>
  `vm: KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = ${pick.of(['3', '3', '1', '0'])})`
const ranges = ['num_pages = 16', 'num_pages = 64', 'num_pages = 80', 'first_page = 64, num_pages = 16']
const bitmaps = ['&0xff', '&0xffffffffffffffffffffffff', '&short(8)', '&unmapped']
const reads = (pick: Picker, id: number) => [
  `vm: KVM_CLEAR_DIRTY_LOG(slot = ${id}, ${pick.of(ranges)}, dirty_bitmap = ${pick.of(bitmaps)})`,
  `vm: KVM_GET_DIRTY_LOG(slot = ${id}${pick.of(['', '', ', dirty_bitmap = &short(8)', ', dirty_bitmap = &unmapped'])})`,
  `vm: KVM_GET_DIRTY_LOG(slot = ${id})`,
]
const rings = ['KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000', 'KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP']

/** A log that is switched on and off, read and cleared, with a ring and without. */
export const dirtyLog: Bias = {
  name: 'log of dirty pages',
  weight: 3,
  lines: oneOf([
    onVm((pick) => [options(pick), logged(pick, 0), ...reads(pick, 0)]),
    onVm((pick) => [logged(pick, 0), logged(pick, 0), ...reads(pick, 0)]),
    onVm((pick) => [options(pick), logged(pick, 1), options(pick), logged(pick, 1), ...reads(pick, 1)]),
    onVm((pick) => [
      `vm: KVM_ENABLE_CAP(${rings[0]})`,
      ...(pick.once(2) ? [`vm: KVM_ENABLE_CAP(${rings[1]})`] : []),
      logged(pick, 0),
      'vm: KVM_RESET_DIRTY_RINGS',
      ...reads(pick, 0),
    ]),
  ]),
}

const sizes2 = ['0x1000', '0x2000', '0x10000']
const memfd = (pick: Picker, vm: string, name: string) =>
  `${vm}: ${name} = KVM_CREATE_GUEST_MEMFD(size = ${pick.of(sizes2)}${pick.once(4) ? '' : `, flags = ${pick.of(['0x1', '0x3', '0x3', '0x2'])}`})`
const bind = (pick: Picker, id: number) =>
  `vm: KVM_SET_USER_MEMORY_REGION2(slot = ${id}, ${pick.once(8) ? '' : 'flags = KVM_MEM_GUEST_MEMFD, '}${pick.of([...places, 'guest_phys_addr = 0x20000, '])}`
  + `memory_size = ${pick.of([...sizes2, '0x1000', '0x0'])}, guest_memfd_offset = ${pick.of(['0', '0', '0x1000', '0xf000', '0x800'])}, `
  + `guest_memfd = ${pick.of(['memfd', 'memfd', 'memfd', 'memfd1', 'vm'])})`

const holes = (pick: Picker) =>
  `memfd: fallocate(FALLOC_FL_KEEP_SIZE${pick.once(3) ? '' : ' | FALLOC_FL_PUNCH_HOLE'}, offset = ${pick.of(['0', '0x1000', '0x1000', '0x2000', '0x800'])}, `
  + `len = ${pick.of(['0x1000', '0x1000', '0x2000', '0x10000', '0x1001'])})`
const pages = (pick: Picker, more = '') =>
  `memfd: mmap(MAP_SHARED, page = ${pick.of(['0', '1', '1', '2', '15', '16'])}${more})`

/** Memory of a guest_memfd: parts of it in several slots, another's, and what a guest finds there. */
export const guestMemfd: Bias = {
  name: 'guest_memfd',
  weight: 2,
  lines: oneOf([
    onVm((pick) => [memfd(pick, 'vm', 'memfd'), bind(pick, 1), bind(pick, 2), bind(pick, 1)]),
    onVm((pick) => [
      'vm: memfd = KVM_CREATE_GUEST_MEMFD(size = 0x10000, flags = 0x3)',
      pages(pick, ', value = 0x1234'),
      pages(pick, ', value = 0x5678'),
      ...(pick.once(2) ? [bind(pick, 1)] : []),
      holes(pick),
      pages(pick),
      pages(pick),
      ...(pick.once(4) ? ['memfd: mmap(MAP_PRIVATE)'] : []),
    ]),
    onVm((pick, { vms }) => [
      memfd(pick, pick.of(vms), 'memfd'),
      memfd(pick, 'vm', 'memfd1'),
      bind(pick, 1),
      ...(pick.once(3) ? ['memfd: close'] : []),
      bind(pick, 2),
    ]),
    onVm((pick, { vcpus }) => [
      memfd(pick, 'vm', 'memfd'),
      programSlot('store-at'),
      'vm: KVM_SET_USER_MEMORY_REGION2(slot = 1, flags = KVM_MEM_GUEST_MEMFD, guest_phys_addr = 0x20000, memory_size = 0x1000, guest_memfd = memfd)',
      ...vcpus
        .slice(0, 1)
        .flatMap((vcpu) => [
          `${vcpu}: KVM_SET_ONE_REG(${X(1)}, &0x20000)`,
          `${vcpu}: KVM_RUN`,
          ...(pick.once(2) ? ['memfd: close'] : []),
          `${vcpu}: KVM_RUN`,
          `${vcpu}: kvm_run(${pick.of(['exit_reason', 'memory_fault.flags', 'memory_fault.gpa', 'memory_fault.size'])})`,
        ]),
    ]),
  ]),
}

const logging = (id: number) =>
  slot(
    id,
    `flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x${id}00000, memory_size = 0x10000, userspace_addr = &ram + 0x${id}00000`,
  )
const stores = ['0x100000', '0x101000', '0x10fffc', '0x200000', '0x201004', '0x300000']
const entries = ['0', '0', '1', '2', '3']

/**
 * A guest that stores, and userspace that takes what it finds in the ring. Of a VM without rings there is nothing to be
 * found.
 */
export const dirtyRing: Bias = {
  name: 'ring of dirty pages',
  weight: 2,
  lines: onVcpu((vcpu, pick) => {
    const turn = () => [
      `${vcpu}: KVM_SET_ONE_REG(${X(pick.of([1, 3]))}, &${pick.of(stores)})`,
      `${vcpu}: KVM_RUN`,
      `${vcpu}: kvm_dirty_gfn(${pick.of(entries)})`,
      ...(pick.once(3)
        ? []
        : [
            `${vcpu}: kvm_dirty_gfn(0, flags = KVM_DIRTY_GFN_F_RESET)`,
            ...(pick.once(2) ? [`${vcpu}: kvm_dirty_gfn(1, flags = ${pick.of(['2', '3', '0'])})`] : []),
            'vm: KVM_RESET_DIRTY_RINGS',
          ]),
    ]
    return [
      programSlot('store-at'),
      logging(1),
      ...(pick.once(2) ? [logging(2)] : []),
      `${vcpu}: KVM_SET_ONE_REG(${X(1)}, &${pick.of(stores)})`,
      `${vcpu}: KVM_SET_ONE_REG(${X(3)}, &${pick.of(stores)})`,
      ...turn(),
      ...turn(),
      ...turn(),
    ]
  }),
}

const places2 = ['0', '1', '2', '85', '86', '168', '169', '170']
const looks = [
  'first',
  'last',
  'last',
  'coalesced_mmio[0].phys_addr',
  'coalesced_mmio[0].data',
  'coalesced_mmio[169].len',
]

/** Stores that are collected, where the ring has room or not. */
export const coalescedRing: Bias = {
  name: 'ring of coalesced MMIO',
  weight: 1,
  lines: onVcpu((vcpu, pick) => [
    programSlot(pick.of(['store-at', 'store-then-off'])),
    'vm: KVM_REGISTER_COALESCED_MMIO(addr = 0x10000000, size = 0x1000)',
    ...(pick.once(2) ? [`${vcpu}: kvm_coalesced_mmio_ring(first = ${pick.of(places2)})`] : []),
    `${vcpu}: kvm_coalesced_mmio_ring(last = ${pick.of(places2)})`,
    `${vcpu}: KVM_SET_ONE_REG(${X(1)}, &${pick.of(['0x20000000', '0x10000ffc', '0x10000010'])})`,
    `${vcpu}: KVM_RUN`,
    `${vcpu}: kvm_coalesced_mmio_ring(${pick.of(looks)})`,
    `${vcpu}: kvm_coalesced_mmio_ring(${pick.of(looks)})`,
  ]),
}
