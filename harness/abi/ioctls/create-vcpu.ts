/** A vcpu that has no features yet: KVM_ARM_VCPU_INIT comes next. */
import { onlyLimit, type Host } from '../../model/host.ts'
import { inReleases } from '../../model/in-releases.ts'
import { api, ioctl, src, type Grant, type Refusal } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { addDescriptor, type Here } from '../../model/world.ts'
import type { Vcpu } from '../../model/vcpu.ts'
import type { Vm } from '../../model/vm.ts'
import { freeRegion, isOutside, isOverDist } from '../vgic/redistributors.ts'
import { newRing } from '../memory/dirty-ring.ts'
import { takes } from '../args/create-vcpu.ts'
import { resetCounters } from '../registers/timers.ts'
import { noFreeDescriptor } from './no-free-descriptor.ts'

const KVM_MAX_VCPU_IDS = 512n

/** Vcpus the VM can have: a GICv2 has eight CPU interfaces, and a GICv2-only host counts from the start. */
export const maxVcpus = (vm: Vm, host: Host): number =>
  vm.vgic?.model === 'v2' ? Math.min(8, host.maxVcpus) : host.maxVcpus

/** 5.10 and 6.1 look at the low 32 bits only. */
const narrow = (id: bigint) => BigInt.asUintN(32, id)

/** The region whose next frame a new vcpu takes; undefined: there is none, or no GICv3. */
const frameFor = ({ vgic }: Vm) => (vgic?.model === 'v3' ? freeRegion(vgic) : undefined)

const takeFrame = (vm: Vm): Pick<Vcpu, 'frame'> => {
  const region = frameFor(vm)
  return region ? { frame: { region, index: region.used++ } } : {}
}

/** `timerIrqs`: what its timers raise where that is not the usual. */
const addVcpu = (here: Here, id: bigint, into: string, timerIrqs?: Vcpu['timerIrqs']): void => {
  const { vm } = here
  const vcpu: Vcpu = {
    id: Number(narrow(id)),
    initialised: false,
    features: 0,
    leaked: 0,
    stuck: 0,
    target: -1,
    off: false,
    sveFinalized: false,
    vls: 0n,
    hasRun: false,
    entered: false,
    wasLoaded: false,
    regs: new Map(),
    run: { bytes: new Map() },
    ...takeFrame(vm),
    ...(timerIrqs && { timerIrqs }),
    ...(vm.dirtyRing !== undefined && { ring: newRing(vm.dirtyRing) }),
  }
  resetCounters(vm)
  vm.vcpus.push(vcpu)
  addDescriptor(here, into, { kind: 'vcpu', vm, vcpu })
}

const isMade: Grant<bigint> = {
  says: 'A vcpu, not initialised.',
  cite: api('4.7', 'This API adds a vcpu to a virtual machine'),
}

const isThere: Refusal<bigint> = {
  why: 'already there',
  says: 'A vcpu id is given once.',
  cite: src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_create_vcpu'),
  errno: 'EEXIST',
  when: ({ vm }, id) => vm.vcpus.some((v) => BigInt(v.id) === narrow(id)),
}

export default ioctl('KVM_CREATE_VCPU', {
  nr: ioctls.KVM_CREATE_VCPU,
  on: ['vm'],
  weight: 5,
  takes,
  makes: (id) => `vcpu${id}`,
  mayMake: (id) => id < 8n,
  refuses: [
    {
      why: 'id too big',
      variant: 'low 32 bits',
      says: 'Ids are below KVM_CAP_MAX_VCPU_ID.',
      cite: api('4.7', 'The vcpu id is an integer in the range [0, max_vcpu_id)'),
      until: '6.11',
      errno: 'EINVAL',
      when: (_, id) => narrow(id) >= KVM_MAX_VCPU_IDS,
    },
    {
      why: 'id too big',
      says: 'Ids are below KVM_CAP_MAX_VCPU_ID, all 64 bits of the argument counted.',
      cite: api('4.7', 'The vcpu id is an integer in the range [0, max_vcpu_id)'),
      since: '6.11',
      errno: 'EINVAL',
      when: (_, id) => id >= KVM_MAX_VCPU_IDS,
    },
    {
      why: 'too many vcpus',
      variant: 'as many as ids',
      says: 'A VM has as many vcpus as there are ids at most.',
      cite: src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_create_vcpu'),
      until: '6.0',
      errno: 'EINVAL',
      when: ({ vm }) => vm.vcpus.length >= Number(KVM_MAX_VCPU_IDS),
      unseen: 'it takes a VM with 512 vcpus, which no list of calls makes',
    },
    {
      why: 'too many vcpus',
      says: 'A VM has KVM_CAP_MAX_VCPUS vcpus at most.',
      cite: api('4.7', 'max_vcpus'),
      since: '6.0',
      errno: 'EINVAL',
      when: ({ vm, host }) => vm.vcpus.length >= maxVcpus(vm, host),
    },
    ...inReleases({ since: '7.3', variant: 'before its redistributor' }, isThere),
    {
      why: 'vgic initialised',
      says: 'Once the interrupt controller knows its vcpus, no more can come.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_precreate'),
      errno: 'EBUSY',
      when: ({ vm }) => vm.vgic?.initialised === true,
    },
    {
      why: 'id beyond the vcpus',
      says: 'An id is also below KVM_CAP_MAX_VCPUS.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_precreate'),
      errno: 'EINVAL',
      when: ({ vm, host }, id) => narrow(id) >= BigInt(maxVcpus(vm, host)),
      lacks: ({ vm, host }) => `KVM_CAP_MAX_VCPUS = ${maxVcpus(vm, host)}`,
    },
    {
      why: 'no room for its redistributor',
      variant: 'whatever the IPA size',
      says: 'With a GICv3 a new vcpu takes a redistributor frame; it cannot where a region lies over the distributor.',
      cite: src('arch/arm64/kvm/vgic/vgic-mmio-v3.c', 'vgic_register_redist_iodev'),
      until: '5.16',
      errno: 'EINVAL',
      when: ({ vm }) => frameFor(vm) !== undefined && isOverDist(vm, vm.vgic!),
      leaves: ({ vm }) => resetCounters(vm),
    },
    {
      why: 'no room for its redistributor',
      says:
        'With a GICv3 a new vcpu takes a redistributor frame; it cannot where a region lies over the distributor '
        + 'or passes the IPA size.',
      cite: src('arch/arm64/kvm/vgic/vgic-mmio-v3.c', 'vgic_register_redist_iodev'),
      since: '5.16',
      errno: 'EINVAL',
      when: ({ vm }) => frameFor(vm) !== undefined && (isOverDist(vm, vm.vgic!) || isOutside(vm, vm.vgic!)),
      notApplicable: onlyLimit,
      leaves: ({ vm }) => resetCounters(vm),
    },
    ...inReleases(
      {
        until: '7.3',
        says: 'A vcpu id is given once. The attempt uses up a redistributor frame all the same.',
        leaves: ({ vm }: Here) => {
          takeFrame(vm)
          resetCounters(vm)
        },
      },
      isThere,
    ),
    noFreeDescriptor(src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_create_vcpu'), {
      says: 'The process may open no more descriptors: RLIMIT_NOFILE. The id is free again, a redistributor frame is used up.',
      leaves: ({ vm }) => {
        takeFrame(vm)
        resetCounters(vm)
      },
    }),
  ],
  grants: [
    ...inReleases({ until: '6.4', variant: 'usual timers', then: addVcpu }, isMade),
    ...inReleases(
      {
        since: '6.4',
        says: 'A vcpu, not initialised. Its timers raise the interrupts that those of other vcpus of the VM raise.',
        then: (here, id, into) => {
          const [other] = here.vm.vcpus
          addVcpu(here, id, into, other?.timerIrqs)
        },
      },
      isMade,
    ),
  ],
})
