/** The performance monitors that a host has, and which vcpus were given them. */
import { PMU_TYPES, type Host } from '../../model/host.ts'
import type { Here } from '../../model/world.ts'
import { arm64SysReg, features } from '../../names/index.ts'
import { registersOf } from '../registers/table.ts'
import { PMCR_EL0 } from '../registers/pmu.ts'
import { isStrict } from '../registers/uncharted.ts'

const { KVM_ARM_VCPU_PMU_V3: BIT } = features
const ID_AA64DFR0_EL1 = arm64SysReg(3, 0, 0, 5, 0)
const PMU = 1 << BIT
/** ID_AA64DFR0_EL1.PMUVer, and its value for the PMU of Armv8.0. */
const PMUVER = 8n,
  ARMV8_0 = 1n
/** PMCR_EL0.N. */
const N = 11n

/** The value that a vcpu with a PMU finds in the register. */
const found = (host: Host, id: bigint): bigint => registersOf(host, PMU).get(id)?.reset ?? 0n

/** How many events there are to be counted. */
export const events = (host: Host): number =>
  ((found(host, ID_AA64DFR0_EL1) >> PMUVER) & 15n) === ARMV8_0 ? 1 << 10 : 1 << 16

/** How many event counters there are. */
export const counters = (host: Host): number => Number((found(host, PMCR_EL0) >> N) & 31n)

/** True where a PMU of the host has this type. */
export const isPmu = (host: Host, type: number): boolean => host.pmus?.includes(type) === true

/** Types of PMUs that were not looked for: all, or those from so many on; no type is negative. */
export const isUntriedPmu = (host: Host, type: number): boolean =>
  host.pmus === undefined || (type >= PMU_TYPES && type < 2 ** 31)

/** True where the VM waits for KVM_ARM_VCPU_PMU_V3_SET_PMU: no PMU is taken by default. */
export const awaitsPmu = (here: Here): boolean => isStrict(here) && here.vm.hasChosenPmu !== true

/** Up to 6.1: the vcpu was given KVM_ARM_VCPU_PMU_V3, if by a call that then failed. */
export const hasPmuOfVcpu = ({ vcpu }: Here): boolean => ((vcpu.features | vcpu.leaked) & PMU) !== 0

/** From 6.12 on: some vcpu of the VM was. */
export const hasPmuOfVm = ({ vm }: Here): boolean => ((vm.features ?? 0) & PMU) !== 0
