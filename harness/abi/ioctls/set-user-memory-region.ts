/** Guest physical memory: a slot maps a range of it to memory of this process. */
import fc from 'fast-check'
import {
  address,
  anyBadPointer,
  faults,
  parseBadPointer,
  printBadPointer,
  put,
  setOnce,
  split,
  type Codec,
  type BadPointer,
} from '../../model/codec.ts'
import { UserError } from '../../process/user-error.ts'
import { program } from '../../model/guest-program.ts'
import { onlyLimit } from '../../model/host.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import { ioctls, memFlags } from '../../names/index.ts'
import { bytes, count, flags, printNumber, u64, unsigned } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'
import type { Here, Memslot } from '../../model/world.ts'

/** `ram`: an offset into the agent's guest memory, in bytes. `guest`: that memory holds the guest program. */
export interface MemoryRegion {
  slot: number
  flags: number
  gpa: bigint
  size: bigint
  ram: number
  guest?: true
  at?: BadPointer
}

const PAGE = 4096n
const known = memFlags.KVM_MEM_LOG_DIRTY_PAGES | memFlags.KVM_MEM_READONLY
const flagBits = { KVM_MEM_LOG_DIRTY_PAGES: 0, KVM_MEM_READONLY: 1, KVM_MEM_GUEST_MEMFD: 2 }

const slotId = count(
  'slot',
  unsigned(32),
  fc.oneof(
    { arbitrary: fc.integer({ min: 0, max: 2 }), weight: 12 },
    { arbitrary: fc.constantFrom(511, 512, 32766, 32767, 0x10000, 0xffff), weight: 2 },
  ),
)
const flagSet = flags(
  'flags',
  flagBits,
  fc.oneof(
    { arbitrary: fc.constant(0), weight: 12 },
    { arbitrary: fc.integer({ min: 0, max: 3 }), weight: 3 },
    { arbitrary: fc.constantFrom(4, 8, 0x80000000), weight: 1 },
  ),
)
const gpa = u64(
  'guest_phys_addr',
  fc.oneof(
    { arbitrary: fc.constantFrom(0n, 0x10000n, 0x40000000n), weight: 8 },
    {
      arbitrary: fc
        .tuple(
          fc.constantFrom(32n, 36n, 40n, 44n, 48n, 52n),
          fc.constantFrom(-0x20000n, -0x10000n, -0x1000n, 0n, 0x1000n),
        )
        .map(([bits, d]) => (1n << bits) + d),
      weight: 4,
    },
    { arbitrary: fc.constantFrom(1n, 0x800n, (1n << 64n) - 0x1000n), weight: 1 },
  ),
)
const size = u64(
  'memory_size',
  fc.oneof(
    { arbitrary: fc.constantFrom(0x1000n, 0x10000n), weight: 8 },
    { arbitrary: fc.constantFrom(0n, 1n, 0x1001n, 1n << 43n, 1n << 63n), weight: 3 },
  ),
)
/** Where the agent's guest memory ends; the guest program must lie before. */
const RAM_END = 0x400000
const ram = count(
  'the offset into the agent’s guest memory',
  { min: 0n, max: BigInt(RAM_END - program.length / 2) },
  fc.oneof({ arbitrary: fc.constantFrom(0, 0x10000), weight: 9 }, { arbitrary: fc.constantFrom(1, 0x800), weight: 1 }),
)

const plainly = fc
  .tuple(slotId.any, flagSet.any, gpa.any, size.any, ram.any)
  .map(([slot, f, g, s, r]): MemoryRegion => ({ slot, flags: f, gpa: g, size: s, ram: r }))
const any = fc.oneof(
  { arbitrary: plainly, weight: 24 },
  {
    arbitrary: fc.tuple(plainly, anyBadPointer(32, false)).map(([arg, at]): MemoryRegion => ({ ...arg, at })),
    weight: 1,
  },
)

const takes: Codec<MemoryRegion> = {
  any: () => any,
  parse(text) {
    const arg: Partial<MemoryRegion> = {}
    for (const part of split(text)) {
      const odd = parseBadPointer(part)
      const [, key, value = ''] = /^(\w+) = (.*)$/.exec(part) ?? []
      const [, where, offset] = /^&(ram|guest)(?: \+ (.+))?$/.exec(value) ?? []
      if (odd !== undefined) setOnce(arg, 'at', odd, 'the pointer')
      else if (key === 'slot') setOnce(arg, 'slot', slotId.parse(value))
      else if (key === 'flags') setOnce(arg, 'flags', flagSet.parse(value))
      else if (key === 'guest_phys_addr') setOnce(arg, 'gpa', gpa.parse(value), key)
      else if (key === 'memory_size') setOnce(arg, 'size', size.parse(value), key)
      else if (key === 'userspace_addr' && where) {
        setOnce(arg, 'ram', ram.parse(offset ?? '0'), key)
        if (where === 'guest') arg.guest = true
      } else
        throw new UserError(
          `struct kvm_userspace_memory_region: cannot place ${quoted(part)}; userspace_addr is &ram, &ram + 0x1000 or &guest`,
        )
    }
    return { slot: 0, flags: 0, gpa: 0n, size: 0n, ram: 0, ...arg }
  },
  print: ({ slot, flags: f, gpa: g, size: s, ram: r, guest, at }) =>
    [
      ...(at === undefined ? [] : [printBadPointer(at)]),
      `slot = ${slotId.print(slot)}`,
      ...(f === 0 ? [] : [`flags = ${flagSet.print(f)}`]),
      `guest_phys_addr = ${gpa.print(g)}`,
      `memory_size = ${size.print(s)}`,
      `userspace_addr = &${guest ? 'guest' : 'ram'}${r === 0 ? '' : ` + ${printNumber(r)}`}`,
    ].join(', '),
  pack({ slot, flags: f, gpa: g, size: s, ram: r, guest, at }) {
    const struct = put(at, bytes(slot, 4) + bytes(f, 4) + bytes(g, 8) + bytes(s, 8) + '00'.repeat(8))
    const pointer = at === undefined ? `p,d:18,@g:${r.toString(16)} ` : ''
    return {
      before: struct + pointer + (guest ? `w,g:${r.toString(16)},${program} ` : ''),
      arg: address(at),
      after: '',
    }
  },
}

const same = ({ vm }: Here, id: number): Memslot | undefined => vm.memslots.find((s) => s.id === id)
const isFull = ({ slot }: MemoryRegion) => slot >>> 16 !== 0

export default ioctl('KVM_SET_USER_MEMORY_REGION', {
  nr: ioctls.KVM_SET_USER_MEMORY_REGION,
  on: ['vm'],
  takes,
  refuses: [
    {
      why: 'bad pointer',
      says: 'The whole struct is read.',
      cite: api('4.35', 'struct kvm_userspace_memory_region (in)'),
      errno: 'EFAULT',
      when: (_, { at }) => faults(at, 32),
    },
    {
      why: 'unknown flag',
      says: 'Flags are KVM_MEM_LOG_DIRTY_PAGES and KVM_MEM_READONLY.',
      cite: api('4.35', 'The flags field supports two flags'),
      errno: 'EINVAL',
      when: (_, { flags: f }) => (f & ~known) !== 0,
    },
    {
      why: 'not whole pages',
      says: 'Size, guest address and userspace address are multiples of the page size.',
      cite: src('virt/kvm/kvm_main.c', '__kvm_set_memory_region'),
      errno: 'EINVAL',
      when: (_, { gpa: g, size: s, ram: r }) => g % PAGE !== 0n || s % PAGE !== 0n || r % 4096 !== 0,
    },
    {
      why: 'address space',
      says: 'The upper half of the slot number is an address space; arm64 has one.',
      cite: api('4.35', 'If KVM_CAP_MULTI_ADDRESS_SPACE is available'),
      errno: 'EINVAL',
      when: (_, arg) => isFull(arg),
    },
    {
      why: 'slot number',
      says: 'Slots are numbered below KVM_CAP_NR_MEMSLOTS.',
      cite: api('4.35', 'The maximum allowed slots can be queried using KVM_CAP_NR_MEMSLOTS'),
      errno: 'EINVAL',
      when: ({ host }, { slot }) => (slot & 0xffff) >= (host.caps.KVM_CAP_NR_MEMSLOTS ?? 0),
    },
    {
      why: 'wraps around',
      says: 'The range does not pass the end of 64 bits.',
      cite: src('virt/kvm/kvm_main.c', '__kvm_set_memory_region'),
      errno: 'EINVAL',
      when: (_, { gpa: g, size: s }) => g + s >= 1n << 64n,
    },
    {
      why: 'too big',
      says: 'A slot has fewer than 2^31 pages.',
      cite: src('virt/kvm/kvm_main.c', '__kvm_set_memory_region'),
      errno: 'EINVAL',
      when: (_, { size: s }) => s / PAGE > (1n << 31n) - 1n,
    },
    {
      why: 'nothing to delete',
      says: 'Size 0 deletes a slot, which must be there.',
      cite: api('4.35', 'Deleting a slot is done by passing zero for memory_size'),
      errno: 'EINVAL',
      when: (here, { slot, size: s }) => s === 0n && !same(here, slot),
    },
    {
      why: 'changed for good',
      says: 'A slot keeps its size, its userspace address and KVM_MEM_READONLY.',
      cite: api('4.35', 'When changing an existing slot'),
      errno: 'EINVAL',
      when: (here, { slot, size: s, flags: f, ram: r }) => {
        const old = same(here, slot)
        return (
          old !== undefined
          && s !== 0n
          && (old.size !== s || old.hva !== BigInt(r) || ((old.flags ^ f) & memFlags.KVM_MEM_READONLY) !== 0)
        )
      },
    },
    {
      why: 'overlaps',
      says: 'Slots do not overlap in guest physical memory.',
      cite: src('virt/kvm/kvm_main.c', '__kvm_set_memory_region'),
      errno: 'EEXIST',
      when: (here, { slot, gpa: g, size: s }) =>
        s !== 0n
        && same(here, slot)?.gpa !== g
        && here.vm.memslots.some((o) => o.id !== slot && g < o.gpa + o.size && o.gpa < g + s),
    },
    {
      why: 'beyond the IPA size',
      says: 'A slot ends within the guest physical addresses of the VM. Not E2BIG, which device addresses get.',
      cite: src('arch/arm64/kvm/mmu.c', 'kvm_arch_prepare_memory_region'),
      text: [
        {
          says: 'No limit and no errno is given; of device addresses it is E2BIG.',
          cite: api('4.35', 'Slots may not overlap in guest physical address space'),
        },
      ],
      errno: 'EFAULT',
      when: (here, { slot, flags: f, gpa: g, size: s }) => {
        const old = same(here, slot)
        const isNoChange = old !== undefined && old.gpa === g && old.flags === f
        return s !== 0n && !isNoChange && g + s > 1n << BigInt(here.vm.ipa)
      },
      notApplicable: onlyLimit,
    },
  ],
  grants: {
    says: 'The slot is there, moved, changed or deleted.',
    cite: api('4.35', 'allows the user to create, modify or delete a guest physical memory slot'),
    then: ({ vm }, { slot, flags: f, gpa: g, size: s, ram: r, guest }) => {
      vm.memslots = vm.memslots.filter((o) => o.id !== slot)
      if (s !== 0n) vm.memslots.push({ id: slot, flags: f, gpa: g, size: s, hva: BigInt(r), ...(guest && { guest }) })
    },
  },
})
