/** The state of a vcpu that rules speak of, as plain data. */
import type { Contents } from './contents.ts'
import type { RedistRegion } from './vgic.ts'

/** Timers of a vcpu, its PMU, and the GIC of its hypervisor: what raises private interrupts. */
export type Timer = 'vtimer' | 'ptimer' | 'hvtimer' | 'hptimer'

export type PrivateDevice = Timer | 'pmu' | 'maintenance'

/** Those of a guest without EL2. */
export type El1Timer = Extract<Timer, 'vtimer' | 'ptimer'>

export type TimerIrqs = Partial<Record<Timer, number>>

/**
 * What userspace has written to the registers of a timer; `wasLoaded`: a KVM_RUN put its control word into the CPU
 * since.
 */
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
  /** A KVM_RUN that another thread has begun is under way. `isUnknown`: the guest may leave by itself. */
  running?: { wasOff: boolean; isUnknown?: true }
  /** Where its guest is, and what it does next, is not known any more. */
  isLost?: boolean
  /** A guest of its VM may have switched it on or off. */
  isPowerUnknown?: true
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
  /** Its lines of KVM_IRQ_LINE that are known to be high: 1 that of IRQ, 2 that of FIQ. */
  lines?: number
  /** KVM_SET_MP_STATE suspended it. */
  isSuspended?: boolean
  /** The control word of KVM_SET_GUEST_DEBUG; 0 where the guest is not debugged. */
  debug?: number
  /** The debug registers of that call, sixteen of 64 bits each. */
  debugRegisters?: Record<'bcr' | 'bvr' | 'wcr' | 'wvr', bigint>
  /** It has made a step of which userspace has not heard; unknown after a guest that nobody could follow. */
  stepIsDue?: true | 'unknown'
  /** How often its guest did what its statistics count, as far as that is known; by their names. */
  counted?: Readonly<Record<string, number>>
  /** What is in its struct kvm_run. */
  run: Contents
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
  page: Contents
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

/**
 * An access that userspace has to complete, of so many bytes; `loads`: the register that gets them, filled up with the
 * sign to so many bits, or with zeros. Unknown where nobody knows why the guest left.
 */
export type Mmio = { size: number; loads?: number; signed: 0 | 32 | 64 } | 'unknown'

/**
 * True where a KVM_RUN is under way, and nobody knows for how long: the guest may leave by itself, or was disturbed.
 */
export const isRunUnknown = ({ running, off, start, isLost }: Vcpu): boolean =>
  running !== undefined
  && (running.isUnknown === true || running.wasOff !== off || start !== undefined || isLost === true)

/** Bits of the features that the vcpu behaves as if it had. */
export const has = ({ features, stuck }: Vcpu): number => features | stuck
