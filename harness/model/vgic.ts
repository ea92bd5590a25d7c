/** The state of interrupt controllers that rules speak of. */

/** `used`: frames given out, in order; also to a vcpu whose creation then failed because its id existed. */
export interface RedistRegion {
  index: number
  base: bigint
  count: number
  used: number
}

/**
 * What registers hold that no longer hold what they do at first, by name, owner and number
 * (abi/vgic/registers/held.ts); undefined where nobody knows.
 */
export type Held = Map<string, bigint | undefined>

export interface Vgic {
  model: 'v2' | 'v3'
  initialised: boolean
  /** A first KVM_RUN found everything set up: later ones do not look again. */
  ready: boolean
  /** undefined: not set */
  dist?: bigint
  /** GICv2 only. */
  cpu?: bigint
  /** GICv3 only: count 0 is the one region of the legacy KVM_VGIC_V3_ADDR_TYPE_REDIST. */
  redist: RedistRegion[]
  /** 32, those of each vcpu, until KVM_DEV_ARM_VGIC_GRP_NR_IRQS or the initialisation adds shared ones. */
  nrIrqs: number
  held: Held
  /** Userspace let some CPU interface take interrupts, so that a guest may be interrupted. */
  delivers?: true
  /** An interrupt was given another route while it was pending: whoever it goes to may not hear of it. */
  isRerouted?: true
  /** LPIs by their number. */
  lpis: Map<number, Lpi>
}

export interface Its {
  addr?: bigint
  held: Held
  /** Devices and collections by their ids, in the order in which they were mapped. */
  devices: Map<number, ItsDevice>
  collections: Map<number, ItsCollection>
  /** Translations that it remembers, of a device and an event. */
  remembered?: ReadonlySet<string>
  /** It may remember others. */
  mayRemember?: true
}

/** Of a device: where its interrupt translation table is, how many bits its events have, and those that are mapped. */
export interface ItsDevice {
  itt: bigint
  bits: number
  events: Map<number, ItsEvent>
}

/** `collection`: absent once that is unmapped. */
export interface ItsEvent {
  lpi: number
  collection?: number
}

/** `target`: the id of a vcpu; absent until MAPC says one. */
export interface ItsCollection {
  target?: number
}

/**
 * An interrupt that an ITS translates to. `target`: the id of the vcpu that takes it. `queued`: that of the vcpu that
 * was told of it, and has not run since.
 */
export interface Lpi {
  isPending: boolean
  isEnabled: boolean
  priority: bigint
  target?: number
  queued?: number
}
