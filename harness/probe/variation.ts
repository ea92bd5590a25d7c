/**
 * In what the recordings of two sound kernels of one branch may differ: in what their machines have, and how they were
 * configured. This file says it all; in everything else a kernel is compared with those that were recorded, so that a
 * defect of the kernel under test does not pass for the nature of its machine.
 */
import { featureIds } from '../abi/args/arm-get-reg-writable-masks.ts'
import { isOfPmu } from '../abi/registers/pmu.ts'
import { groupOf } from '../abi/registers/table.ts'
import { MPIDR_EL1 } from '../abi/registers/mpidr.ts'
import { hasPmu, type Host } from '../model/host.ts'
import { namedRegs, regs, type caps } from '../names/index.ts'

/** Capabilities whose value may be another on another machine, or in another configuration, and why. */
export const capsThatVary: Partial<Record<keyof typeof caps, string>> = {
  KVM_CAP_NR_VCPUS: 'CPUs that are online',
  KVM_CAP_MAX_VCPUS: 'eight with a GICv2',
  KVM_CAP_MAX_VCPU_ID: 'eight with a GICv2',
  KVM_CAP_IRQCHIP: 'a GIC that can be virtualized',
  KVM_CAP_GUEST_DEBUG_HW_BPS: 'of the CPU',
  KVM_CAP_GUEST_DEBUG_HW_WPS: 'of the CPU',
  KVM_CAP_ARM_VM_IPA_SIZE: 'of the CPU',
  KVM_CAP_ARM_INJECT_SERROR_ESR: 'FEAT_RAS',
  KVM_CAP_ARM_EL1_32BIT: 'of the CPU',
  KVM_CAP_ARM_PMU_V3: 'of the CPU',
  KVM_CAP_ARM_SVE: 'of the CPU, CONFIG_ARM64_SVE',
  KVM_CAP_ARM_PTRAUTH_ADDRESS: 'of the CPU, CONFIG_ARM64_PTR_AUTH',
  KVM_CAP_ARM_PTRAUTH_GENERIC: 'of the CPU, CONFIG_ARM64_PTR_AUTH',
  KVM_CAP_ARM_MTE: 'of the CPU, CONFIG_ARM64_MTE',
  KVM_CAP_ARM_EL2: 'FEAT_NV2, kvm-arm.mode=nested',
  KVM_CAP_ARM_EL2_E2H0: 'FEAT_NV2, kvm-arm.mode=nested',
  KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED: 'FEAT_S2FWB and CTR_EL0.DIC',
  KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES: 'the size of pages',
  KVM_CAP_STEAL_TIME: 'CONFIG_SCHED_INFO',
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL: 'the size of pages',
  KVM_CAP_GUEST_MEMFD: 'CONFIG_KVM_GUEST_MEMFD',
  KVM_CAP_GUEST_MEMFD_FLAGS: 'CONFIG_KVM_GUEST_MEMFD',
}

const {
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3,
} = namedRegs
const workarounds: readonly bigint[] = [
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3,
]

/** Registers whose first value, and which values they take, may be another on another machine, and why. */
const registersThatVary: readonly { why: string; has(id: bigint): boolean }[] = [
  {
    why: 'what the CPU has, as far as the kernel is configured for it',
    has: (id) => id !== MPIDR_EL1 && featureIds.includes(id),
  },
  { why: 'its caches', has: (id) => groupOf(id) === regs.KVM_REG_ARM_DEMUX },
  { why: 'what it needs against speculation', has: (id) => workarounds.includes(id) },
  { why: 'the length of its vectors', has: (id) => groupOf(id) === regs.KVM_REG_ARM64_SVE },
  {
    why: 'how many event counters it has',
    has: isOfPmu,
  },
]

/**
 * Why a register's first value, and which values it takes, may be another on another machine; undefined: they may not.
 */
export const whyRegisterVaries = (id: bigint): string | undefined => registersThatVary.find(({ has }) => has(id))?.why

/**
 * Whether KVM_ARM_VCPU_INIT may leave a register alone that it resets on other machines: 5.10 forgets nothing of a PMU
 * that the machine does not have.
 */
export const mayStay = (host: Pick<Host, 'caps'>, id: bigint): boolean => isOfPmu(id) && !hasPmu(host)

/** Whether a machine may have a register that others of its branch have not, or the other way round. */
export const mayBeAbsent = (id: bigint): boolean => groupOf(id) === regs.KVM_REG_ARM_DEMUX

/**
 * Whether a machine may have a register that none of the recorded ones has: system registers come with features of
 * newer CPUs, which KVM shows where the CPU has them.
 */
export const mayBeNew = (id: bigint): boolean => mayBeAbsent(id) || groupOf(id) === regs.KVM_REG_ARM64_SYSREG
