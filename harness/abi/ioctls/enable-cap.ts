/** Gives a VM what it does not have by itself. Each capability has rules of its own. */
import { api, ioctl, src, type Refusal } from '../../model/rule.ts'
import { caps, ioctls } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { badPointer } from '../../model/bad-pointer.ts'
import { takes, type EnableCap } from '../args/enable-cap.ts'
import { about, hasMemory, hasVcpus, inGeneric } from './enable-cap-of.ts'
import { ofDirtyRing, ringSize } from './enable-dirty-ring.ts'

const {
  KVM_CAP_ARM_MTE: MTE,
  KVM_CAP_ARM_SYSTEM_SUSPEND: SYSTEM_SUSPEND,
  KVM_CAP_ARM_NISV_TO_USER: NISV_TO_USER,
  KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE: CHUNK_SIZE,
  KVM_CAP_ARM_WRITABLE_IMP_ID_REGS: WRITABLE_IMP_ID_REGS,
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL: RING,
  KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP: RING_WITH_BITMAP,
  KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: MANUAL_LOG,
} = caps

/** What can be enabled where KVM_CHECK_EXTENSION says that it is there. */
const asOffered = [
  'KVM_CAP_ARM_NISV_TO_USER',
  'KVM_CAP_ARM_MTE',
  'KVM_CAP_ARM_SYSTEM_SUSPEND',
  'KVM_CAP_ARM_WRITABLE_IMP_ID_REGS',
  'KVM_CAP_ARM_SEA_TO_USER',
  'KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2',
  'KVM_CAP_HALT_POLL',
  'KVM_CAP_DIRTY_LOG_RING_ACQ_REL',
  'KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP',
] as const
const isOffered = ({ host }: Here, cap: number): boolean =>
  asOffered.some((name) => caps[name] === cap && (host.caps[name] ?? 0) !== 0)

/** A block of the second stage has that size, or there are none to be split. */
const isChunk = ({ host }: Here, size: bigint): boolean =>
  size === 0n
  || ((size & (size - 1n)) === 0n && (BigInt(host.caps.KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES ?? 0) & size) !== 0n)
const inArm = src('arch/arm64/kvm/arm.c', 'kvm_vm_ioctl_enable_cap')

const notToBeEnabled: Refusal<EnableCap> = {
  why: 'not to be enabled',
  says: 'The capability is one that is enabled, and the host has it; most are there by themselves.',
  cite: api('4.37', 'Not all extensions are enabled by default'),
  errno: 'EINVAL',
  when: (here, { cap }) => !isOffered(here, cap) && cap !== CHUNK_SIZE && cap !== MTE,
}

export default ioctl<EnableCap>('KVM_ENABLE_CAP', {
  nr: ioctls.KVM_ENABLE_CAP,
  on: ['vm'],
  capability: 'KVM_CAP_ENABLE_CAP_VM',
  weight: 4,
  takes,
  refuses: [
    badPointer(takes, api('4.37', 'struct kvm_enable_cap (in)')),
    notToBeEnabled,
    about('KVM_CAP_ARM_MTE', {
      why: 'no MTE',
      says: 'The host has MTE, and a kernel that gives it to guests.',
      cite: inArm,
      errno: 'EINVAL',
      when: (here) => !isOffered(here, MTE),
      lacks: () => 'KVM_CAP_ARM_MTE = 0',
    }),
    about('KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE', {
      why: 'not known yet',
      says: 'Older kernels split no block in advance. KVM_CHECK_EXTENSION gives 0 for it in newer ones, too.',
      cite: inArm,
      until: '6.5',
      errno: 'EINVAL',
      when: () => true,
    }),
    {
      why: 'unknown flags',
      says: 'No flag has a meaning. Of the size of a dirty ring they are not looked at.',
      cite: api('4.37', 'A bitfield indicating future enhancements. Has to be 0 for now.'),
      errno: 'EINVAL',
      when: (_, { cap, flags }) => flags !== 0 && cap !== RING,
    },
    about('KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2', {
      why: 'unknown options',
      says: 'KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE is the first option, KVM_DIRTY_LOG_INITIALLY_SET needs it.',
      cite: api('7.18', 'With KVM_DIRTY_LOG_INITIALLY_SET set, all the bits', { since: '6.12' }),
      errno: 'EINVAL',
      when: (_, { 'args[0]': options }) => options > 3n || options === 2n,
    }),
    about('KVM_CAP_HALT_POLL', {
      why: 'more than 32 bits',
      says: 'The nanoseconds fit 32 bits.',
      cite: inGeneric,
      errno: 'EINVAL',
      when: (_, { 'args[0]': ns }) => ns >> 32n !== 0n,
    }),
    about('KVM_CAP_ARM_MTE', {
      why: 'has vcpus',
      says: 'Whether a VM has MTE is told before it has a vcpu.',
      cite: api('7.28', 'VMM before creating any VCPUs to allow the guest access'),
      since: '5.14',
      errno: 'EINVAL',
      when: hasVcpus,
    }),
    about('KVM_CAP_ARM_MTE', {
      why: 'guest_memfd',
      says: 'A VM with memory of a guest_memfd gets no MTE.',
      cite: inArm,
      since: '6.18',
      errno: 'EINVAL',
      when: ({ vm }) => vm.memslots.some(({ memfd }) => memfd !== undefined),
    }),
    about('KVM_CAP_ARM_WRITABLE_IMP_ID_REGS', {
      why: 'has vcpus',
      says: 'Whether the registers that name the implementation can be written is told before the VM has a vcpu.',
      cite: inArm,
      since: '6.15',
      errno: 'EINVAL',
      when: hasVcpus,
    }),
    about('KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE', {
      why: 'has memory',
      says: 'The size of chunks is told while the VM has no memory slot.',
      cite: api('8.40', '-EINVAL if any memslot was already created', { until: '7.2' }),
      since: '6.5',
      errno: 'EINVAL',
      when: hasMemory,
    }),
    about('KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE', {
      why: 'no size of a block',
      says: 'A chunk is as large as KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES has blocks; 0 for none.',
      cite: api('8.40', 'The chunk size needs to be a valid block size', { until: '7.2' }),
      since: '6.5',
      errno: 'EINVAL',
      when: (here, { 'args[0]': size }) => !isChunk(here, size),
    }),
    ...ofDirtyRing,
  ],
  grants: {
    says: 'The VM has it from now on. Enabling it again, with other arguments too, is no error.',
    cite: api('4.37', 'can enable an extension, making it available to the guest'),
    then: ({ vm }, arg) => {
      if (arg.cap === CHUNK_SIZE) vm.chunkSize = arg['args[0]']
      if (arg.cap === RING) vm.dirtyRing = ringSize(arg)
      if (arg.cap === RING_WITH_BITMAP) vm.hasRingWithBitmap = true
      if (arg.cap === MANUAL_LOG) vm.manualLog = arg['args[0]']
      if (arg.cap === NISV_TO_USER) vm.toldOfNisv = true
      if (arg.cap === SYSTEM_SUSPEND) vm.hasSystemSuspend = true
      if (arg.cap === MTE) vm.hasMte = true
      if (arg.cap === WRITABLE_IMP_ID_REGS) vm.hasWritableImplementation = true
    },
  },
})
