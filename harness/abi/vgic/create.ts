/** Making the VM's interrupt controller, which KVM_CREATE_IRQCHIP and KVM_CREATE_DEVICE share. */
import { api, doc, src, type Refusal } from '../../model/rule.ts'
import { deviceTypes } from '../../names/index.ts'
import { vcpuRuns } from './vcpu-runs.ts'
import type { Vgic } from '../../model/vgic.ts'
import type { Here } from '../../model/world.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const MAX_VCPUS_V2 = 8

const hasV2 = ({ host }: Here): boolean => host.devices.includes(V2)
/** The host has an interrupt controller that can be virtualized at all. */
export const hasVgic = ({ host }: Here): boolean => host.devices.includes(V2) || host.devices.includes(V3)

/** The vgic of the VM from now on. */
export const createVgic = ({ vm }: Here, model: Vgic['model']): void => {
  vm.vgic = {
    model,
    initialised: false,
    ready: false,
    redist: [],
    nrIrqs: 32,
    held: new Map(),
    lpis: new Map(),
  }
}

const inIt = 'arch/arm64/kvm/vgic/vgic-init.c'

/** What a VM may lack for a vgic of that model, in the kernel's order. */
export const noVgic: readonly Refusal<Vgic['model']>[] = [
  { ...vcpuRuns<Vgic['model']>(src(inIt, 'kvm_vgic_create')), since: ['6.4', '6.1.28'] },
  {
    why: 'already there',
    says: 'A VM has one interrupt controller, whatever its model.',
    cite: doc('devices/arm-vgic-v3.rst', 'Only one VGIC instance may be instantiated'),
    errno: 'EEXIST',
    when: ({ vm }) => vm.vgic !== undefined,
  },
  {
    why: 'has run',
    says: 'The interrupt controller comes before the first KVM_RUN.',
    cite: src(inIt, 'kvm_vgic_create'),
    errno: 'EBUSY',
    when: ({ vm }) => vm.vcpus.some((v) => v.hasRun),
  },
  {
    why: 'too many vcpus',
    says: 'A GICv2 has eight CPU interfaces.',
    cite: src(inIt, 'kvm_vgic_create'),
    errno: 'E2BIG',
    when: ({ vm }, model) => model === 'v2' && vm.vcpus.length > MAX_VCPUS_V2,
    unseen: 'a host with a GICv2 alone gives no VM a ninth vcpu; one whose GICv3 can pass for a GICv2 would',
  },
]

/** KVM_CREATE_IRQCHIP finds out by itself whether the host has a GICv2. */
export const noV2: Refusal<unknown> = {
  why: 'no GICv2',
  says: 'The host has no GICv2, nor a GICv3 that can pass for one.',
  cite: api('4.24', 'arm64, a GICv2 is created'),
  errno: 'ENODEV',
  when: (here) => !hasV2(here),
  lacks: () => 'no GICv2',
}
