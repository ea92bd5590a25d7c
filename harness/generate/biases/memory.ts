/** The log of dirty pages: what it begins with, what is read of it, and what becomes of it when its slot changes. */
import { oneOf, onVm, type Bias } from './bias.ts'
import { slot } from '../lines/memory-region.ts'
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
