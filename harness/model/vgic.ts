/** The state of interrupt controllers that rules speak of. */

/** `used`: frames given out, in order; also to a vcpu whose creation then failed because its id existed. */
export interface RedistRegion {
  index: number
  base: bigint
  count: number
  used: number
}

/**
 * What registers hold that no longer hold what they do at first, by name, owner and number (abi/vgic/registers/held.ts);
 * undefined where nobody knows.
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
  /** KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, from 7.2 on. */
  maintIrq: number
  held: Held
  /** Userspace let some CPU interface take interrupts, so that a guest may be interrupted. */
  delivers?: true
  /** An interrupt was given another route while it was pending: whoever it goes to may not hear of it. */
  isRerouted?: true
}

export interface Its {
  addr?: bigint
  /** Commands of its queue were done, or its tables restored: it may know devices and their events. */
  mayKnow?: true
  held: Held
}
