/** What the first KVM_RUN finds wrong with the interrupt controller. */
import { onlyLimit } from '../../model/host.ts'
import { inReleases } from '../../model/in-releases.ts'
import { api, type Refusal, type Statement, src } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import type { RunArg } from '../args/run.ts'
import { KiB } from './address.ts'
import { isOutside, isOverDist } from './redistributors.ts'
import { loseAll } from './registers/held.ts'
import { noteRun } from './running.ts'

const DIST_V2 = 4n * KiB
const CPU_V2 = 8n * KiB

/** The VM is dead from then on. */
const die = ({ vm }: Here) => {
  vm.dead = true
}

/**
 * 5.10: the vgic is taken apart but for the addresses of a GICv2 and of the distributor, and this vcpu counts as
 * having run.
 */
const takeApart = ({ vm, vcpu }: Here) => {
  vcpu.hasRun = true
  Object.assign(vm.vgic!, { initialised: false, redist: [], nrIrqs: 32 })
  loseAll(vm.vgic!.held)
}

/** Shared interrupts of a GIC that was initialised without a word on their number. */
export const DEFAULT_IRQS = 256

/** The distributor, if there is one, knows its vcpus and interrupts from now on; routes from before are gone. */
export const initialise = ({ vm }: Here): void => {
  const { vgic } = vm
  if (!vgic || vgic.initialised) return
  vgic.initialised = true
  if (vgic.nrIrqs === 32) vgic.nrIrqs = DEFAULT_IRQS
  delete vm.pins
  delete vm.messages
}

/** A GICv2 as it is once a call on it has initialised it. */
export const asInitialised = (here: Here): Here => {
  const vgic = here.vm.vgic!
  const nrIrqs = vgic.nrIrqs === 32 ? DEFAULT_IRQS : vgic.nrIrqs
  return { ...here, vm: { ...here.vm, vgic: { ...vgic, nrIrqs } } }
}

/** A first KVM_RUN found the vgic in order: a GICv2 is initialised then at the latest. */
export const vgicIsReady = (here: Here): void => {
  if (!here.vm.vgic) return
  initialise(here)
  here.vm.vgic.ready = true
  noteRun(here)
}

/** What api.rst lists of errors of KVM_RUN. */
const listed = 'EINTR an unmasked signal is pending'
export const onlyEintr: readonly Statement[] = [
  { says: 'EINTR is the only error.', cite: api('4.10', listed), until: '6.1' },
]
export const onlyFour: readonly Statement[] = [
  { says: 'The errors are EINTR, ENOEXEC, ENOSYS and EPERM.', cite: api('4.10', listed), since: '6.1' },
]

/** Rows that hold at the first run of a vcpu with such a vgic that no vcpu has found ready. */
const atFirstRun = (model: 'v2' | 'v3', rows: readonly Omit<Refusal<RunArg>, 'leaves'>[]): Refusal<RunArg>[] =>
  rows.flatMap((row) => {
    const ofModel: Refusal<RunArg> = {
      ...row,
      of: { vgic: model },
      when: (here, run, by) =>
        here.vm.vgic?.model === model && !here.vcpu.hasRun && !here.vm.vgic.ready && row.when(here, run, by),
    }
    return [
      ...inReleases({ until: '6.1', variant: `${model} taken apart`, leaves: takeApart, text: onlyEintr }, ofModel),
      ...inReleases({ since: '6.1', leaves: die, text: onlyFour }, ofModel),
    ]
  })

const v3 = src('arch/arm64/kvm/vgic/vgic-v3.c', 'vgic_v3_map_resources')
const v2 = src('arch/arm64/kvm/vgic/vgic-v2.c', 'vgic_v2_map_resources')

export const unreadyVgic: readonly Refusal<RunArg>[] = [
  ...atFirstRun('v3', [
    {
      why: 'no redistributor',
      says: 'Every vcpu of the VM has a redistributor frame.',
      cite: v3,
      errno: 'ENXIO',
      when: ({ vm }) => vm.vcpus.some((v) => !v.frame),
    },
    {
      why: 'no distributor',
      says: 'The distributor has its address.',
      cite: v3,
      errno: 'ENXIO',
      when: ({ vm }) => vm.vgic!.dist === undefined,
    },
    {
      why: 'frames overlap',
      says: 'No redistributor lies over the distributor.',
      cite: v3,
      errno: 'EINVAL',
      when: ({ vm }) => isOverDist(vm, vm.vgic!),
    },
    {
      why: 'frames beyond the IPA size',
      says: 'All redistributors lie within the guest physical addresses of the VM.',
      cite: v3,
      since: '6.1',
      errno: 'EINVAL',
      // A vcpu that is being created does not count, so that the region may end beyond the IPA size.
      example: `gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)
        gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0)
        gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0xffffff0000)
        vcpu0 = KVM_CREATE_VCPU(0)
        KVM_ARM_VCPU_INIT(features[] = 0)
        gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)
        KVM_RUN(immediate_exit)`,
      when: ({ vm }) => isOutside(vm, vm.vgic!),
      notApplicable: onlyLimit,
    },
    {
      why: 'vgic not initialised',
      says: 'A GICv3 is initialised through KVM_DEV_ARM_VGIC_CTRL_INIT.',
      cite: v3,
      errno: 'EBUSY',
      when: ({ vm }) => !vm.vgic!.initialised,
    },
  ]),
  ...atFirstRun('v2', [
    {
      why: 'no GICv2 address',
      says: 'The distributor and the cpu interface have their addresses.',
      cite: v2,
      errno: 'ENXIO',
      when: ({ vm: { vgic } }) => vgic!.dist === undefined || vgic!.cpu === undefined,
    },
    {
      why: 'frames overlap',
      says: 'The distributor and the cpu interface do not overlap.',
      cite: v2,
      errno: 'EINVAL',
      when: ({ vm: { vgic: { dist, cpu } = {} } }) =>
        dist !== undefined && cpu !== undefined && dist < cpu + CPU_V2 && cpu < dist + DIST_V2,
    },
    {
      why: 'frames beyond the IPA size',
      says: 'The whole cpu interface lies within the guest physical addresses of the VM.',
      cite: v2,
      until: '6.1',
      errno: 'ERANGE',
      example: `KVM_CREATE_IRQCHIP
        KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0)
        KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xfffffff000)
        KVM_ARM_VCPU_INIT(features[] = 0)
        KVM_RUN(immediate_exit)`,
      when: ({ vm }) => vm.vgic?.cpu !== undefined && vm.vgic.cpu + CPU_V2 > 1n << BigInt(vm.ipa),
      notApplicable: onlyLimit,
    },
  ]),
]
