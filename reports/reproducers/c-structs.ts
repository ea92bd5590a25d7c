/** Bytes of an argument as a struct in C, with the names that the headers have. */
import { fromBytes } from '../../harness/model/scalar.ts'
import { regInC, isInHeaders, nameInC } from '../../harness/names/in-c.ts'
import {
  caps,
  deviceFlags,
  deviceTypes,
  features,
  memFlags,
  mpStates,
  structs,
  targets,
  vcpuGroups,
  vgicGroups,
  type StructLayout,
} from '../../harness/names/index.ts'

/** The struct that an ioctl points to. What is not here is written as bytes. */
const structOf: Readonly<Record<string, keyof typeof structs>> = {
  KVM_ARM_GET_REG_WRITABLE_MASKS: 'reg_mask_range',
  KVM_ARM_MTE_COPY_TAGS: 'kvm_arm_copy_mte_tags',
  KVM_ARM_PREFERRED_TARGET: 'kvm_vcpu_init',
  KVM_ARM_SET_COUNTER_OFFSET: 'kvm_arm_counter_offset',
  KVM_ARM_SET_DEVICE_ADDR: 'kvm_arm_device_addr',
  KVM_ARM_VCPU_INIT: 'kvm_vcpu_init',
  KVM_CLEAR_DIRTY_LOG: 'kvm_clear_dirty_log',
  KVM_CREATE_DEVICE: 'kvm_create_device',
  KVM_CREATE_GUEST_MEMFD: 'kvm_create_guest_memfd',
  KVM_ENABLE_CAP: 'kvm_enable_cap',
  KVM_GET_DEVICE_ATTR: 'kvm_device_attr',
  KVM_GET_DIRTY_LOG: 'kvm_dirty_log',
  KVM_GET_MP_STATE: 'kvm_mp_state',
  KVM_GET_ONE_REG: 'kvm_one_reg',
  KVM_GET_REG_LIST: 'kvm_reg_list',
  KVM_SET_REGS: 'kvm_regs',
  KVM_SIGNAL_MSI: 'kvm_msi',
  KVM_TRANSLATE: 'kvm_translation',
  KVM_GET_VCPU_EVENTS: 'kvm_vcpu_events',
  KVM_HAS_DEVICE_ATTR: 'kvm_device_attr',
  KVM_IOEVENTFD: 'kvm_ioeventfd',
  KVM_IRQFD: 'kvm_irqfd',
  KVM_IRQ_LINE: 'kvm_irq_level',
  KVM_IRQ_LINE_STATUS: 'kvm_irq_level',
  KVM_REGISTER_COALESCED_MMIO: 'kvm_coalesced_mmio_zone',
  KVM_SET_DEVICE_ATTR: 'kvm_device_attr',
  KVM_SET_GUEST_DEBUG: 'kvm_guest_debug',
  KVM_SET_MP_STATE: 'kvm_mp_state',
  KVM_SET_ONE_REG: 'kvm_one_reg',
  KVM_SET_USER_MEMORY_REGION: 'kvm_userspace_memory_region',
  KVM_SET_USER_MEMORY_REGION2: 'kvm_userspace_memory_region2',
  KVM_SET_VCPU_EVENTS: 'kvm_vcpu_events',
  KVM_UNREGISTER_COALESCED_MMIO: 'kvm_coalesced_mmio_zone',
}

/** A struct that the headers have. */
export interface CStruct {
  name: string
  layout: StructLayout
}

/** The struct that the ioctl points to; undefined where it is none, or the headers do not have it. */
export const cStructOf = (ioctl: string): CStruct | undefined => {
  const name = structOf[ioctl]
  return name !== undefined && isInHeaders(name) ? { name, layout: structs[name] } : undefined
}

/** The number that bytes are, the lowest first. */
export const numberOf = (bytes: Buffer): bigint => fromBytes(bytes.toString('hex'))

/** A number in C: small ones in decimal. */
export const numberInC = (n: bigint): string =>
  n < 10n ? String(n) : `0x${n.toString(16)}${n >> 63n === 1n ? 'ULL' : ''}`

/** Bits as names, those without one as numbers. */
const bitsInC = (names: Readonly<Record<string, number>>, value: bigint): string => {
  const parts: string[] = []
  for (let bit = 0n; value >> bit !== 0n; bit++)
    if ((value >> bit) & 1n) parts.push(`1${bit === 31n ? 'U' : ''} << ${nameInC(names, bit) ?? bit}`)
  return parts.join(' | ')
}

/** Fields that are pointers in C, where others are numbers that hold an address. */
const POINTERS = ['kvm_arm_copy_mte_tags.addr', 'kvm_dirty_log.dirty_bitmap', 'kvm_clear_dirty_log.dirty_bitmap']

type Spell = (value: bigint, on: 'vcpu' | 'device' | 'vm' | 'kvm') => string | undefined

/** Fields whose numbers have names. */
const spellings: Readonly<Record<string, Spell>> = {
  'kvm_vcpu_init.target': (value) => nameInC(targets, value),
  'kvm_one_reg.id': (value) => regInC(value),
  'kvm_create_device.type': (value) => nameInC(deviceTypes, value),
  'kvm_create_device.flags': (value) => nameInC(deviceFlags, value),
  'kvm_device_attr.group': (value, on) => nameInC(on === 'vcpu' ? vcpuGroups : vgicGroups, value),
  'kvm_enable_cap.cap': (value) => nameInC(caps, value),
  'kvm_userspace_memory_region.flags': (value) => nameInC(memFlags, value),
  'kvm_mp_state.mp_state': (value) => nameInC(mpStates, value),
}

/** The words of features[], which is an array. */
const featureWords = (bytes: Buffer): string => {
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => BigInt(bytes.readUInt32LE(i * 4)))
  while (words.at(-1) === 0n) words.pop()
  return `{ ${words.map((word, i) => (i === 0 ? bitsInC(features, word) || '0' : numberInC(word))).join(', ')} }`
}

const NUMBERS = [1, 2, 4, 8]

/** A field that is a number or features[], and not a struct whose members are fields of their own. */
const isLeaf = (key: string, length: number, fields: StructLayout['fields']): boolean =>
  length > 0 && !Object.keys(fields).some((other) => other.startsWith(`${key}.`))

/**
 * The initializers of a struct with these bytes: `.id = …`, without those that are 0. `pointers`: the text of those
 * that are no numbers, by their offset. Undefined where a field is an array that no name is known of.
 */
export const initializers = (
  { name, layout }: CStruct,
  bytes: Buffer,
  pointers: ReadonlyMap<number, string>,
  on: 'vcpu' | 'device' | 'vm' | 'kvm',
): string[] | undefined => {
  const whole = Buffer.concat([bytes, Buffer.alloc(Math.max(0, layout.size - bytes.length))])
  const parts: string[] = []
  const covered = new Set<number>()
  for (const [key, [at, length]] of Object.entries(layout.fields)) {
    // Of a union the first member is named.
    if (!isLeaf(key, length, layout.fields) || covered.has(at)) continue
    for (let i = at; i < at + length; i++) covered.add(i)
    const pointer = pointers.get(at)
    const own = whole.subarray(at, at + length)
    const cast = POINTERS.includes(`${name}.${key}`) ? '(void *)' : ''
    if (pointer !== undefined) parts.push(`.${key} = ${cast}${pointer}`)
    else if (own.every((byte) => byte === 0)) continue
    else if (key === 'features' && name === 'kvm_vcpu_init') parts.push(`.features = ${featureWords(own)}`)
    else if (!NUMBERS.includes(length)) return undefined
    else {
      const value = numberOf(own)
      parts.push(`.${key} = ${cast}${spellings[`${name}.${key}`]?.(value, on) ?? numberInC(value)}`)
    }
  }
  // Bytes between the fields, which a struct could not set.
  return whole.some((byte, i) => byte !== 0 && !covered.has(i)) ? undefined : parts
}
