/** The state of a VM that rules speak of, as plain data: its vcpus, its memory, and what its ioctls have made it. */
import type { Contents } from './contents.ts'
import type { DescriptorNumber } from './descriptor-number.ts'
import type { El1Timer, Vcpu } from './vcpu.ts'
import type { Its, Vgic } from './vgic.ts'

/** Memory that KVM_CREATE_GUEST_MEMFD made, of `vm` alone. */
export interface GuestMemfd {
  vm: Vm
  size: bigint
  /** With GUEST_MEMFD_FLAG_MMAP; only such memory can be a slot's. */
  isMappable: boolean
  /** With GUEST_MEMFD_FLAG_INIT_SHARED: userspace sees it. */
  isShared: boolean
  /** What userspace, or a guest, wrote there. */
  content: Contents
  /** Its descriptor was closed, and the memory is gone. */
  isClosed?: true
}

/**
 * `hva`: the userspace address; from 2^64 on, an offset into the agent's guest memory. `log`: which of its first 1024
 * pages are dirty; absent: it has no bitmap for that. `memfd`: its memory lies there instead, from `memfdOffset` on.
 */
export interface Memslot {
  id: number
  flags: number
  gpa: bigint
  size: bigint
  hva: bigint
  memfd?: GuestMemfd
  memfdOffset?: bigint
  log?: bigint
  /** Pages that were stored to since the kernel last began to watch them, where the VM has rings. */
  written?: ReadonlySet<bigint> | 'unknown'
  /** Pages may be dirty of which the table does not know. */
  isLogUnknown?: boolean
}

/** Where stores of the guest are collected; `pio`: 1 for ports. */
export interface CoalescedZone {
  addr: bigint
  size: number
  pio: number
}

/**
 * Stores of the guest of which an eventfd hears; `len`: 0 for any, `datamatch`: of this value alone. Ports and ccw are
 * of no use on arm64, and kept all the same.
 */
export interface Ioeventfd {
  bus: 'mmio' | 'pio' | 'ccw'
  addr: bigint
  len: number
  eventfd: DescriptorNumber
  datamatch?: bigint
}

/** An eventfd that raises an interrupt of the VM. */
export interface Irqfd {
  vm: Vm
  eventfd: DescriptorNumber
  gsi: number
}

/** A range of an SMCCC filter; `action`: one of smcccActions. */
export interface SmcccRange {
  first: number
  last: number
  action: number
}

/** A message to an ITS, in the words of struct kvm_msi. */
export interface Message {
  address_lo: number
  address_hi: number
  data: number
  devid: number
}

/** True while a KVM_RUN of one of its vcpus is under way in another thread. */
export const hasRunningVcpu = ({ vcpus }: Vm): boolean => vcpus.some(({ running }) => running !== undefined)

export interface Vm {
  name: string
  /** IPA size in bits. */
  ipa: number
  /** From 6.1 on a failed first KVM_RUN kills the VM: EIO from then on. */
  dead: boolean
  /** Some vcpu of the VM has run. */
  hasRun: boolean
  /** How many vcpus it had when the first of them ran. */
  atFirstRun?: number
  /** ID registers that a KVM_RUN made say that there is no GICv3 (from 6.12), by register id. */
  withoutGicV3?: Set<bigint>
  vcpus: Vcpu[]
  vgic?: Vgic
  /** KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, where it is not 0; there may be no vgic yet. */
  maintIrq?: number
  /** It has its one KVM_DEV_TYPE_VFIO. */
  vfio?: true
  memslots: Memslot[]
  /** An ITS was made. */
  hasIts?: true
  /** Its ITSes that have an address, also those whose descriptor was closed. */
  placedIts?: Its[]
  /** Nobody knows what its ITSes translate any more, and which LPIs are pending. */
  isTranslationLost?: true
  /** From 6.12 on features belong to the VM: those of the first KVM_ARM_VCPU_INIT, without POWER_OFF. */
  features?: number
  /** 6.1: EL1_32BIT or not is fixed for the VM, even by a KVM_ARM_VCPU_INIT that then fails. */
  width?: 32 | 64
  /** What KVM_ENABLE_CAP told it: bytes of a dirty ring, and of a block that is split in advance. */
  dirtyRing?: number
  chunkSize?: bigint
  /**
   * Options of its dirty log, of KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2; and whether pages go into bitmaps despite a ring.
   */
  manualLog?: bigint
  hasRingWithBitmap?: true
  coalesced?: CoalescedZone[]
  /** The ring of those stores. */
  coalescedRing: Contents
  /** KVM_CAP_ARM_NISV_TO_USER: userspace hears of accesses that the CPU does not describe. */
  toldOfNisv?: true
  /** It has KVM_CAP_ARM_MTE, or KVM_CAP_ARM_WRITABLE_IMP_ID_REGS. */
  hasMte?: true
  hasWritableImplementation?: true
  /** From 6.12 on: the interrupts of its timers are for good those that a vcpu had as it first ran. */
  hasFixedTimerIrqs?: true
  /** KVM_ARM_VCPU_PMU_V3_SET_PMU. */
  hasChosenPmu?: true
  /** How many event counters it has since KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS; registers of its PMU depend on that. */
  pmuCounters?: number
  /** What userspace has set its counters to, from where they have gone on. */
  counters?: Readonly<Partial<Record<El1Timer, bigint>>>
  /** What KVM_ARM_SET_COUNTER_OFFSET took off its counters. */
  counterOffset?: bigint
  ioeventfds?: readonly Ioeventfd[]
  /** Pins of the interrupt controller by their GSI; absent: those that its initialisation gives, a GSI to each pin. */
  pins?: ReadonlyMap<number, number>
  /** Messages by their GSI, each as its route has it. */
  messages?: ReadonlyMap<number, Message>
  /** Ranges of function ids, both ends included, and what becomes of the guest's calls. */
  smcccFilter?: readonly SmcccRange[]
  /** KVM_CAP_ARM_SYSTEM_SUSPEND: userspace hears of PSCI's SYSTEM_SUSPEND. */
  hasSystemSuspend?: true
  /** What a dialect keeps of the VM; no rule of the table looks at it. */
  proposed?: unknown
  /** Values of registers that all vcpus share, set through KVM_SET_ONE_REG, by register id. */
  idRegs: Map<bigint, bigint | undefined>
}
