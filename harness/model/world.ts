/** The state that rules speak of, as plain data: what one process has made of /dev/kvm so far. */
import type { Host } from './host.ts'
import type { Release } from './release.ts'
import type { Its, RedistRegion, Vgic } from './vgic.ts'

/** What a descriptor is. A device's kind is its type; `device` is one the table says nothing more of. */
export type Kind = 'kvm' | 'vm' | 'vcpu' | 'gic-v2' | 'gic-v3' | 'its' | 'device' | 'guest-memfd' | 'stats'

/** Timers of a vcpu, its PMU, and the GIC of its hypervisor: what raises private interrupts. */
export type Timer = 'vtimer' | 'ptimer' | 'hvtimer' | 'hptimer'
export type PrivateDevice = Timer | 'pmu' | 'maintenance'
/** Those of a guest without EL2. */
export type El1Timer = Extract<Timer, 'vtimer' | 'ptimer'>
export type TimerIrqs = Partial<Record<Timer, number>>

/** What userspace has written to the registers of a timer; `wasLoaded`: a KVM_RUN put its control word into the CPU since. */
export interface TimerState {
  ctl: bigint
  cval: bigint
  wasLoaded?: boolean
}

/** What userspace has written to registers of a PMU, which pairs of them may share; undefined: nobody can tell. */
export interface PmuState {
  pmcr?: bigint | undefined
  overflown?: bigint | undefined
  interrupts?: bigint | undefined
  counting?: bigint | undefined
}

export interface Vcpu {
  id: number
  initialised: boolean
  /** Bits of features[0] given to the KVM_ARM_VCPU_INIT that succeeded first, KVM_ARM_VCPU_POWER_OFF included. */
  features: number
  /** Target of the last KVM_ARM_VCPU_INIT. */
  target: number
  /** Powered off by the last KVM_ARM_VCPU_INIT or by SYSTEM_OFF since: KVM_RUN waits. */
  off: boolean
  sveFinalized: boolean
  /** Vector lengths chosen through KVM_REG_ARM64_SVE_VLS. */
  vls: bigint
  /** A KVM_RUN got as far as the guest or -EINTR; in 5.10 also one that found the vgic not ready. */
  hasRun: boolean
  /** Where its guest is, and what it does next, is not known any more. */
  isLost?: boolean
  /**
   * It left for an MMIO, which the next KVM_RUN completes; even after a KVM_ARM_VCPU_INIT, so that the program then
   * misses its store.
   */
  mmio?: Mmio
  /** The address that its guest could not access, of which KVM_RUN told userspace when it last came back. */
  faultAddress?: bigint
  /** Its next KVM_RUN resets it and begins here: PSCI's CPU_ON of another vcpu. */
  start?: Start
  /** The next KVM_RUN has it take an external abort, even after a KVM_ARM_VCPU_INIT. */
  abortIsDue?: true
  /** The guest has executed instructions: what its registers hold is its own affair. */
  entered: boolean
  /** A KVM_RUN put the vcpu's system registers into the CPU. */
  wasLoaded: boolean
  /**
   * Values set through KVM_SET_ONE_REG since the last reset, by register id; undefined where it reads something else
   * now.
   */
  regs: Map<bigint, bigint | undefined>
  /** 5.10 and 6.1 keep features of a KVM_ARM_VCPU_INIT that failed with -ENOENT. */
  leaked: number
  /**
   * They also let the vcpu behave for ever as if it had SVE or PTRAUTH where KVM_ARM_VCPU_INIT failed after giving it
   * those.
   */
  stuck: number
  /** GICv3: the redistributor frame that is its own, by its number in the region. */
  frame?: { region: RedistRegion; index: number }
  /** The syndrome of the SError that is pending since KVM_SET_VCPU_EVENTS. */
  serror?: bigint
  /** The interrupt that its PMU shall raise, and whether KVM_ARM_VCPU_PMU_V3_INIT followed. */
  pmuIrq?: number
  hasPmuInit?: true
  /** The interrupts of its timers that are not the usual ones. */
  timerIrqs?: Readonly<TimerIrqs>
  /** Its PMU, as far as it is not as it is at first. */
  pmu?: Readonly<PmuState>
  /** Its timers, where they are not as they are at first. */
  el1Timers?: Readonly<Partial<Record<El1Timer, TimerState>>>
  /** Its first run found the interrupts of its timers in order. */
  hasTimers?: true
  /** Private interrupts that one of its own devices has claimed for good. */
  irqOwners?: ReadonlyMap<number, PrivateDevice>
  /** The address of its stolen time. */
  stolenTime?: bigint
  /** KVM_SET_MP_STATE suspended it. */
  isSuspended?: boolean
  /** The control word of KVM_SET_GUEST_DEBUG; 0 where the guest is not debugged. */
  debug?: number
  /** The debug registers of that call, sixteen of 64 bits each. */
  debugRegisters?: Record<'bcr' | 'bvr' | 'wcr' | 'wvr', bigint>
  /** It has made a step of which userspace has not heard; unknown after a guest that nobody could follow. */
  stepIsDue?: true | 'unknown'
  /** What is in its struct kvm_run. */
  run: KvmRun
  /** Pages that its guest made dirty, where its VM has rings. */
  ring?: DirtyRing
  /** What a dialect keeps of the vcpu; no rule of the table looks at it. */
  proposed?: unknown
}

/** The ring of a vcpu; its indices count on and on, in 32 bits. */
export interface DirtyRing {
  /** Of entries. */
  size: number
  dirty: number
  reset: number
  /** Bytes of the entries. */
  page: KvmRun
  /** Since it was last nearly full, KVM_RUN has not found room in it. */
  isFullDue?: true
  isUnknown?: true
  /** KVM was given back more entries than it had filled. */
  isOverdrawn?: true
}

/** Where CPU_ON has a vcpu begin, and what it finds in x0; undefined: a value that the table does not know. */
export interface Start {
  pc: bigint | undefined
  x0: bigint | undefined
}

/** Bytes of a struct kvm_run, or of another page that userspace shares with the kernel, by their offset, undefined where they are not known; 0 where nobody has written. */
export interface KvmRun {
  bytes: Map<number, number | undefined>
  /** Nobody knows what the kernel has written; those that userspace wrote since are known. */
  isUnknown?: true
}

/** Memory that KVM_CREATE_GUEST_MEMFD made, of `vm` alone. */
export interface GuestMemfd {
  vm: Vm
  size: bigint
  /** With GUEST_MEMFD_FLAG_MMAP; only such memory can be a slot's. */
  isMappable: boolean
  /** With GUEST_MEMFD_FLAG_INIT_SHARED: userspace sees it. */
  isShared: boolean
  /** What userspace, or a guest, wrote there. */
  content: KvmRun
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

/** A guest program in memory, and the offsets of its instructions that were overwritten since. */
export interface ProgramInMemory {
  name: string
  overwritten: bigint[] | 'anywhere'
}

/**
 * An access that userspace has to complete, of so many bytes; `loads`: the register that gets them, filled up with the
 * sign to so many bits, or with zeros. Unknown where nobody knows why the guest left.
 */
export type Mmio = { size: number; loads?: number; signed: 0 | 32 | 64 } | 'unknown'

/** Where stores of the guest are collected; `pio`: 1 for ports. */
export interface CoalescedZone {
  addr: bigint
  size: number
  pio: number
}

/**
 * Stores of the guest of which an eventfd hears; `len`: 0 for any, `datamatch`: of this value alone. Ports and ccw are of no
 * use on arm64, and kept all the same.
 */
export interface Ioeventfd {
  bus: 'mmio' | 'pio' | 'ccw'
  addr: bigint
  len: number
  eventfd: number
  datamatch?: bigint
}

/** An eventfd that raises an interrupt of the VM. */
export interface Irqfd {
  vm: Vm
  eventfd: number
  gsi: number
}

/** A range of an SMCCC filter; `action`: one of smcccActions. */
export interface SmcccRange {
  first: number
  last: number
  action: number
}

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
  /** Options of its dirty log, of KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2; and whether pages go into bitmaps despite a ring. */
  manualLog?: bigint
  hasRingWithBitmap?: true
  coalesced?: CoalescedZone[]
  /** The ring of those stores. */
  coalescedRing: KvmRun
  /** KVM_CAP_ARM_NISV_TO_USER: userspace hears of accesses that the CPU does not describe. */
  toldOfNisv?: true
  /** It has KVM_CAP_ARM_MTE, or KVM_CAP_ARM_WRITABLE_IMP_ID_REGS. */
  hasMte?: true
  hasWritableImplementation?: true
  /** From 6.12 on: the interrupts of its timers are for good those that a vcpu had as it first ran. */
  hasFixedTimerIrqs?: true
  /** How many event counters it has since KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS; registers of its PMU depend on that. */
  pmuCounters?: number
  /** What userspace has set its counters to, from where they have gone on. */
  counters?: Readonly<Partial<Record<El1Timer, bigint>>>
  /** What KVM_ARM_SET_COUNTER_OFFSET took off its counters. */
  counterOffset?: bigint
  ioeventfds?: readonly Ioeventfd[]
  /** Pins of the interrupt controller by their GSI; absent: those that its initialisation gives, a GSI to each pin. */
  pins?: ReadonlyMap<number, number>
  /** Ranges of function ids, both ends included, and what becomes of the guest's calls. */
  smcccFilter?: readonly SmcccRange[]
  /** KVM_CAP_ARM_SYSTEM_SUSPEND: userspace hears of PSCI's SYSTEM_SUSPEND. */
  hasSystemSuspend?: true
  /** What a dialect keeps of the VM; no rule of the table looks at it. */
  proposed?: unknown
  /** Values of registers that all vcpus share, set through KVM_SET_ONE_REG, by register id. */
  idRegs: Map<bigint, bigint | undefined>
}

/** A descriptor by its name in a trace, and all a rule may look at when a call is made on it. */
export interface Here {
  world: World
  host: Host
  kind: Kind
  /** Absent for /dev/kvm only; rules of vm, vcpu and device calls may rely on it. */
  vm: Vm
  /** Present for a vcpu, and for the statistics of one. */
  vcpu: Vcpu
  /** Present for an ITS. */
  its: Its
  /** Present for a guest_memfd. */
  memfd: GuestMemfd
}

export interface World {
  host: Host
  release: Release
  /** Guest programs by their offset in the agent's guest memory. */
  programs: Map<number, ProgramInMemory>
  /** Bytes of the agent's guest memory, which all its VMs share. */
  ram: KvmRun
  /** Those of all VMs, also of VMs whose name has another descriptor by now. */
  irqfds?: readonly Irqfd[]
  /** Eventfds that were signalled, and that nobody has read since. */
  signalled?: ReadonlySet<number>
  /** A descriptor that the notation cannot tell was made an irqfd or an ioeventfd. */
  isAnyEventfd?: true
  /** Descriptors by name; a name that is not here has no descriptor: EBADF. */
  descriptors: Map<string, Here>
}

/** Bits of the features that the vcpu behaves as if it had. */
export const has = ({ features, stuck }: Vcpu): number => features | stuck

/** Adds a VM without vcpus and memory, as a call that creates one on /dev/kvm does, with `ipa` bits; gives it. */
export const addVm = ({ world, host }: Pick<Here, 'world' | 'host'>, name: string, ipa: number): Vm => {
  const vm: Vm = {
    name,
    ipa,
    dead: false,
    hasRun: false,
    vcpus: [],
    memslots: [],
    coalescedRing: { bytes: new Map() },
    idRegs: new Map(),
  }
  world.descriptors.set(name, { world, host, kind: 'vm', vm } as Partial<Here> as Here)
  return vm
}
