/** The memory that lists work on, at the same places for every list; bad pointers are really bad. */
import { fstatSync } from 'node:fs'
import { bytesAt, map, keepText, syscall } from './syscalls.ts'
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  NR,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from './numbers.ts'

export const SLOTS = 0x18

const DATA_SIZE = 0x10000,
  GUEST_SIZE = 0x400000,
  RUN_SIZE = 0x2000
const HUGE_PAGE = 0x200000
/** Distance of d, r, u and the v areas: size and guard, with pages of up to 64 KiB. */
const SPAN = 0x20000
const D_AT = GUEST_SIZE + HUGE_PAGE
const SIZE = D_AT + SPAN * (3 + SLOTS)
const KVM_GET_VCPU_MMAP_SIZE = 0xae04

const nothing = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE

const nameOfMemory = keepText('kvm-arm64-abi')
/** Shared memory in a file without a name; gives its descriptor. */
export const memoryFile = (size: number): number => {
  const fd = syscall(NR.memfd_create, nameOfMemory, 1)
  if (fd < 0 || syscall(NR.ftruncate, fd, size) < 0) throw new Error(`memfd_create failed: ${fd}`)
  return fd
}

// A hint that fits into 39 bits: where it is free, pointers that are read back are the same in every run.
const reserved = map(0x2000000000, SIZE + HUGE_PAGE, PROT_NONE, nothing)
const base = Math.ceil(reserved / HUGE_PAGE) * HUGE_PAGE
map(base, GUEST_SIZE, PROT_READ | PROT_WRITE, nothing | MAP_FIXED)
const data = memoryFile(DATA_SIZE)
map(base + D_AT, DATA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, data)
map(base + D_AT + SPAN, DATA_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED, data)
syscall(NR.close, data)

/** All areas with what lies between them, from `areasBase`; only mapped bytes may be touched. */
export const memory = bytesAt(base, SIZE)
export const areasBase = base
/** The end of what was reserved, for who counts mappings. */
export const areasEnd = reserved + SIZE + HUGE_PAGE

const places = { g: 0, d: D_AT, r: D_AT + SPAN, u: D_AT + 2 * SPAN, v: D_AT + 3 * SPAN }
export type Area = keyof typeof places

/** Where an area begins in `memory`; `slot` counts for v alone. */
export const areaAt = (area: Area, slot: number): number => places[area] + (area === 'v' ? SPAN * slot : 0)
export const areaSize = (area: Area): number => (area === 'g' ? GUEST_SIZE : area === 'v' ? RUN_SIZE : DATA_SIZE)

/** Opens /dev/kvm with these words: its path, O_RDWR | O_CLOEXEC. */
export const openKvm = [-100, keepText('/dev/kvm'), 0o2000002] as const

const learnRunSize = (): number => {
  const kvm = syscall(NR.openat, ...openKvm)
  if (kvm < 0) return 0
  const size = syscall(NR.ioctl, kvm, KVM_GET_VCPU_MMAP_SIZE)
  syscall(NR.close, kvm)
  return size < 0 ? 0 : Math.min(size, SPAN / 2)
}

const runSize = learnRunSize()
const mapped = new Uint8Array(SLOTS)

// Of the descriptors of KVM guest_memfd can be mapped too; it is a file, and past its end it is SIGBUS.
const isFile = (fd: number): boolean => {
  try {
    return fstatSync(fd).isFile()
  } catch {
    return true
  }
}

/** Whether the kvm_run of the vcpu in a slot is there; mapped at first use. `fd` is what the slot holds. */
export const hasRun = (slot: number, fd: number): boolean => {
  if (mapped[slot]) return true
  if (fd < 0 || runSize < RUN_SIZE || isFile(fd)) return false
  const at = base + areaAt('v', slot)
  if (syscall(NR.mmap, at, runSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) !== at) return false
  mapped[slot] = 1
  return true
}

/** Unmaps it. Gives whether it is gone. */
export const dropRun = (slot: number): boolean => {
  if (!mapped[slot]) return true
  const at = base + areaAt('v', slot)
  if (syscall(NR.mmap, at, runSize, PROT_NONE, nothing | MAP_FIXED, -1, 0) !== at) return false
  mapped[slot] = 0
  return true
}

/** Zeroes what a list may have written: so many bytes of d, and g or not. Gives whether it could. */
export const clearAreas = (dUsed: number, gUsed: boolean): boolean => {
  memory.fill(0, D_AT, D_AT + dUsed)
  return !gUsed || syscall(NR.madvise, base, GUEST_SIZE, 4) === 0
}
