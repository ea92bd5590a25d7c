/** What one machine with one kernel offers. Recorded by the probe, never written from memory. */
import { featureWord } from '../names/index.ts'
import type { Release } from './release.ts'

/** How a register takes a write, as the probe saw it on a fresh vcpu. */
export type Write =
  /** every value, and it reads back as written */
  | 'any'
  /** every value, but only the bits of `keeps` are kept; those of `sets` read as one always */
  | { keeps: string; sets: string }
  /** only the value it already has; anything else is refused */
  | 'same'
  /**
   * by field, each value of every field of four bits tried alone (field-values.ts says how it is written). Several
   * fields at once take what each of them takes, unless this did not hold when it was tried: `isJoint`
   */
  | { fields: string; isJoint?: true }
  /** some values, and which is said by rules of KVM_SET_ONE_REG */
  | 'some'
  /** every value, without effect */
  | 'ignored'
  /** every value; what it reads afterwards depends on more than that */
  | 'loose'
  /** nobody knows: it could not be read, or a write of it did not end well */
  | 'untried'

/** One register of KVM_GET_REG_LIST. Numbers are hexadecimal text, since they exceed what JSON numbers hold. */
export interface Reg {
  id: string
  /** Its value right after KVM_ARM_VCPU_INIT; absent where two vcpus differ (counters, MPIDR_EL1). */
  reset?: string
  /** How KVM_SET_ONE_REG takes it. */
  write: Write
  /**
   * Listed only with this feature, or (`!`) only without it, or both of two (`A & !B`); what differs is a row of its
   * own.
   */
  with?: string
  /** KVM_ARM_VCPU_INIT does not bring it back to `reset`. */
  survives?: true
  /** All vcpus of the VM have it in common, so that KVM_ARM_VCPU_INIT leaves it alone. */
  shared?: true
  /** The bits that it may change, as KVM_ARM_GET_REG_WRITABLE_MASKS says; absent where none. */
  mask?: string
}

export interface Host {
  name: string
  /** One sentence: which machine, which kernel, recorded how. */
  about: string
  /** `dialect`: that of harness/dialects which it speaks; absent for what shipped. */
  kernel: { release: Release; unameR: string; unameV: string; machine: string; dialect?: string }
  /** KVM_CHECK_EXTENSION on /dev/kvm, zeros left out. */
  caps: Record<string, number>
  /** Those of them that answer otherwise on a fresh VM. */
  vmCaps: Record<string, number>
  /** KVM_GET_VCPU_MMAP_SIZE, bytes. */
  mmapSize: number
  /** What KVM_ARM_PREFERRED_TARGET gives, and every target KVM_ARM_VCPU_INIT accepts. */
  preferredTarget: number
  targets: number[]
  /** Names of the vcpu features that KVM_ARM_VCPU_INIT accepts (the two PTRAUTH ones together). */
  features: string[]
  /** Device types that KVM_CREATE_DEVICE with KVM_CREATE_DEVICE_TEST accepts. */
  devices: number[]
  /** Which of the numbers below PMU_TYPES KVM_ARM_VCPU_PMU_V3_SET_PMU accepts; absent where nobody has looked. */
  pmus?: number[]
  /** KVM_CAP_MAX_VCPUS of a fresh VM. */
  maxVcpus: number
  /** KVM_REG_ARM64_SVE_VLS after KVM_ARM_VCPU_INIT with SVE, hexadecimal; '0' without SVE. */
  vls: string
  /**
   * What ICC_CTLR_EL1 and GICD_TYPER2 of a fresh GICv3 read, hexadecimal; absent where it has none, or was not asked.
   */
  gicv3?: { ctlr: string; typer2: string }
  /** `kvm-arm.mode=protected`: KVM_CREATE_VM ignores the IPA size. */
  isProtected?: true
  /** Vcpus with other features list registers in another order, so that the order says nothing. */
  isUnordered?: true
  /**
   * Lists of calls that did not come back while this was recorded, or made the kernel log complain: with those lines of
   * it.
   */
  trouble?: { trace: string; log: string[] }[]
  /** The registers of KVM_GET_REG_LIST in its order, of all feature sets together. */
  regs: Reg[]
}

/** The types of perf's PMUs that are tried: numbers that the host gives away as it finds PMUs, low ones first. */
export const PMU_TYPES = 240

/** Bits of the largest IPA the host can give a VM. Before KVM_CAP_ARM_VM_IPA_SIZE it was always 40. */
export const ipaLimit = (host: Host): number => host.caps.KVM_CAP_ARM_VM_IPA_SIZE ?? 40

/** Why nothing can be asked of the host that takes a VM of another size: it gives every VM its limit. */
export const onlyLimit = (host: Host): string | undefined =>
  host.isProtected && `kvm-arm.mode=protected: every VM has ${ipaLimit(host)} bits`

/** True where the host has a PMU to give. 5.10 takes KVM_ARM_VCPU_PMU_V3 without one, so that the feature tells nothing. */
export const hasPmu = ({ caps }: Pick<Host, 'caps'>): boolean => caps.KVM_CAP_ARM_PMU_V3 === 1

/** True where KVM_ARM_VCPU_INIT on this host accepts the feature with bit number `bit`. */
export const offers = (host: Host, bit: number): boolean => {
  let bits = offered.get(host)
  if (bits === undefined) {
    bits = featureWord(host.features)
    offered.set(host, bits)
  }
  return (bits & (1 << bit)) !== 0
}
const offered = new WeakMap<Host, number>()
