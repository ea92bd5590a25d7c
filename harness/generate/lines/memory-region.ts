/** Slots of guest memory: good ones, bad ones, and those that end at the IPA limit. */
import { hex } from '../../model/scalar.ts'
import { remembered } from './remembered.ts'

/** A slot; `rest`: its fields from guest_phys_addr on. */
export const slot = (n: number, rest: string) => `vm: KVM_SET_USER_MEMORY_REGION(slot = ${n}, ${rest})`
/** The one from which a guest begins, with that guest program in it. */
export const programSlot = (name: string): string =>
  slot(0, `guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(${name})`)
const memory = (gpa: bigint, size: bigint, flags = '', ram = '&ram') =>
  `${flags}guest_phys_addr = ${hex(gpa)}, memory_size = ${hex(size)}, userspace_addr = ${ram}`
export const memoryAtLimit = remembered((ipa: number): readonly string[] => {
  const end = 1n << BigInt(ipa)
  return [
    memory(end - 0x1000n, 0x1000n),
    memory(end - 0x2000n, 0x1000n),
    memory(end - 0x1000n, 0x2000n),
    memory(end, 0x1000n),
    memory(end - 0x1_0000n, 0x1_0000n),
    memory(end - 0x1_0000n, 0x1_1000n),
  ]
})
export const goodMemory = remembered((_ipa: number): readonly string[] => [
  memory(0x1_0000n, 0x1000n),
  memory(0n, 0x1000n),
  memory(0n, 0x1_0000n),
  memory(0x1_0000n, 0x1_0000n),
])
export const badMemory = remembered((ipa: number): readonly string[] => [
  memory(0x800n, 0x1000n),
  memory(0n, 0x1001n),
  memory(0n, 0x1000n, '', '&ram + 0x800'),
  memory(0n, 0x1000n, 'flags = 1 << 2, '),
  memory(0n, 0x1000n, 'flags = 1 << 31, '),
  memory(1n << BigInt(ipa), 0x1000n),
  memory(0n, 1n << 43n),
  memory(-0x1000n, 0x1000n),
  memory(0n, 0x1000n, 'flags = KVM_MEM_READONLY, '),
  `&short(31), ${memory(0n, 0x1000n)}`,
  `&unmapped, ${memory(0n, 0x1000n, 'flags = 1 << 3, ')}`,
])
export const noMemory = [memory(0n, 0n), memory(0x1_0000n, 0n)]
export const neighbouringSlots = [
  [
    slot(0, memory(0x1_0000n, 0x1000n)),
    slot(1, memory(0x1_0000n, 0x1000n)),
    slot(1, memory(0x1_1000n, 0x1000n)),
    slot(2, memory(0xf000n, 0x1000n)),
  ],
  [
    slot(0, memory(0n, 0x1000n)),
    slot(0, memory(0n, 0x2000n)),
    slot(0, memory(0x1_0000n, 0x1000n)),
    slot(0, memory(0n, 0n)),
  ],
  [
    slot(0, memory(0n, 0x1000n)),
    slot(0, memory(0n, 0x1000n, 'flags = KVM_MEM_READONLY, ')),
    slot(0, memory(0n, 0x1000n, 'flags = KVM_MEM_LOG_DIRTY_PAGES, ')),
  ],
  [
    slot(0, memory(0n, 0x1000n)),
    slot(1, memory(0x4000_0000n, 0x1000n)),
    slot(1, memory(0n, 0x1000n, '', '&ram + 0x1000')),
    slot(1, memory(0n, 0x1000n)),
  ],
  [
    slot(32766, memory(0n, 0x1000n)),
    slot(32767, memory(0n, 0x1000n)),
    slot(511, memory(0n, 0x1000n)),
    slot(0x10000, memory(0n, 0x1000n)),
  ],
]
