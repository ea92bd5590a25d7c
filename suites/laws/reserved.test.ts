/** Bits that mean nothing yet: a kernel that lets one of them pass can never give it a meaning. */
import type { Host } from '../../harness/model/host.ts'
import { reached } from '../../harness/model/release.ts'
import { src } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { structs } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { models } from './gic-registers.ts'

interface Reserved {
  /** What comes before the call, on a VM of its own. */
  before?: readonly string[]
  call(value: string): string
  /** The first bit that means nothing, and how many bits the field has. */
  from?: number
  bits: number
  isOffered?(host: Host): boolean
}

const INIT = 'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok'
const MASKED = 'ARM64_SYS_REG(3, 0, 0, 4, 0)'
const bitsOf = ([, bytes]: readonly [number, number]): number => 8 * bytes
const since = (release: Parameters<typeof reached>[1]) => (host: Host) => reached(host.kernel.release, release)
const vgic = (host: Host): string[] => [
  `gic = KVM_CREATE_DEVICE(${models(host)[0]}) -> ok`,
  'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok',
]

const fields = (host: Host): Reserved[] => [
  {
    before: [INIT],
    call: (value) => `vcpu0: KVM_SET_VCPU_EVENTS(exception.pad = ${value})`,
    bits: bitsOf(structs.kvm_vcpu_events.fields['exception.pad']),
  },
  {
    before: [INIT],
    call: (value) => `vcpu0: KVM_SET_VCPU_EVENTS(reserved = ${value})`,
    bits: bitsOf(structs.kvm_vcpu_events.fields.reserved),
  },
  {
    call: (value) => `vm: KVM_ARM_SET_COUNTER_OFFSET(0x0, reserved = ${value})`,
    bits: bitsOf(structs.kvm_arm_counter_offset.fields.reserved),
    isOffered: since('6.12'),
  },
  {
    call: (value) => `vm: KVM_ARM_GET_REG_WRITABLE_MASKS(${MASKED}, reserved = ${value})`,
    bits: bitsOf(structs.reg_mask_range.fields.reserved),
    isOffered: since('6.12'),
  },
  {
    call: (value) => `vm: KVM_ARM_GET_REG_WRITABLE_MASKS(${MASKED}, range = ${value})`,
    bits: bitsOf(structs.reg_mask_range.fields.range),
    isOffered: since('6.12'),
  },
  {
    call: (value) =>
      `vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x1, nr_functions = 1, action = 0, pad = ${value}))`,
    bits: bitsOf(structs.kvm_smccc_filter.fields.pad),
    isOffered: since('6.12'),
  },
  ...['reserved', 'flags'].map((field): Reserved => ({
    before: ['KVM_ENABLE_CAP(KVM_CAP_ARM_MTE) -> ok'],
    call: (value) => `vm: KVM_ARM_MTE_COPY_TAGS(0x0, ${field} = ${value})`,
    from: field === 'flags' ? 1 : 0,
    bits: bitsOf(structs.kvm_arm_copy_mte_tags.fields[field as 'reserved' | 'flags']),
    isOffered: ({ caps }) => (caps.KVM_CAP_ARM_MTE ?? 0) !== 0,
  })),
  ...['KVM_CAP_ARM_NISV_TO_USER', 'KVM_CAP_HALT_POLL', 'KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2'].map((cap): Reserved => ({
    call: (value) => `vm: KVM_ENABLE_CAP(${cap}, flags = ${value})`,
    bits: 32,
  })),
  {
    call: (value) => `vm: KVM_SET_USER_MEMORY_REGION(flags = ${value}, guest_phys_addr = 0, memory_size = 0x1000)`,
    from: 3,
    bits: 32,
  },
  { call: (value) => `vm: KVM_SET_GSI_ROUTING(flags = ${value})`, bits: 32 },
  { call: (value) => `vm: KVM_IOEVENTFD(addr = 0, len = 8, fd = eventfd0, flags = ${value})`, from: 5, bits: 32 },
  {
    before: vgic(host),
    call: (value) => `vm: KVM_IRQFD(fd = eventfd0, gsi = 0, flags = ${value})`,
    from: 2,
    bits: 32,
    isOffered: () => models(host).length > 0,
  },
  {
    call: (value) => `vm: KVM_CREATE_GUEST_MEMFD(size = 0x1000, flags = ${value})`,
    from: 2,
    bits: bitsOf(structs.kvm_create_guest_memfd.fields.flags),
    isOffered: ({ caps }) => (caps.KVM_CAP_GUEST_MEMFD ?? 0) !== 0,
  },
]

law(
  'of a field that has to be 0, and of flags that nobody knows, each bit alone is EINVAL',
  src('arch/arm64/kvm/arm.c', 'kvm_arm_vcpu_set_events'),
  async ({ host, askEach }) => {
    for (const { before = [], call, from = 0, bits, isOffered } of fields(host)) {
      if (isOffered?.(host) === false) continue
      const each = Array.from({ length: bits - from }, (_, i) => 1n << BigInt(i + from))
      await askEach(
        before,
        each.map((bit) => `${call(hex(bit))} -> -EINVAL`),
      )
    }
  },
)
