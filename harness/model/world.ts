/** The state that rules speak of, as plain data: what one process has made of /dev/kvm so far. */
import type { Contents, ProgramInMemory } from './contents.ts'
import type { DescriptorNumber } from './descriptor-number.ts'
import type { Host } from './host.ts'
import type { Release } from './release.ts'
import type { Vcpu } from './vcpu.ts'
import type { Its } from './vgic.ts'
import type { GuestMemfd, Irqfd, Vm } from './vm.ts'

/** What a descriptor is. A device's kind is its type; `device` is one the table says nothing more of. */
export type Kind = 'kvm' | 'vm' | 'vcpu' | 'gic-v2' | 'gic-v3' | 'its' | 'device' | 'guest-memfd' | 'stats'

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
  ram: Contents
  /** Those of all VMs, also of VMs whose name has another descriptor by now. */
  irqfds?: readonly Irqfd[]
  /** Eventfds that were signalled, and that nobody has read since. */
  signalled?: ReadonlySet<DescriptorNumber>
  /** A descriptor that the notation cannot tell was made an irqfd or an ioeventfd. */
  isAnyEventfd?: true
  /** Vcpus of which another thread has begun a KVM_RUN, by the name that they had then. */
  background?: Map<string, Here>
  /** Descriptors by name; a name that is not here has no descriptor: EBADF. */
  descriptors: Map<string, Here>
}

/** What a new descriptor is, and the state that belongs to one of its kind. */
type Descriptor =
  | { kind: 'kvm' }
  | ({ vm: Vm } & (
      | { kind: 'vm' | 'gic-v2' | 'gic-v3' | 'device' }
      | { kind: 'vcpu'; vcpu: Vcpu }
      | { kind: 'stats'; vcpu?: Vcpu }
      | { kind: 'its'; its: Its }
      | { kind: 'guest-memfd'; memfd: GuestMemfd }
    ))

/**
 * Adds a descriptor, or replaces the one of that name. Rules get all of Here: those of an ioctl look only at what the
 * kinds have that it is made for.
 */
export const addDescriptor = (
  { world, host }: Pick<Here, 'world' | 'host'>,
  name: string,
  descriptor: Descriptor,
): void => {
  world.descriptors.set(name, { world, host, ...descriptor } as Partial<Here> as Here)
}

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
  addDescriptor({ world, host }, name, { kind: 'vm', vm })
  return vm
}
