/** What a register holds, as far as the calls so far tell: a value of undefined is one that the table does not know. */
import { arm64SysReg, coreRegs, features, namedRegs, regs } from '../../names/index.ts'
import { reached } from '../../model/release.ts'
import { has } from '../../model/vcpu.ts'
import type { Here } from '../../model/world.ts'
import { isFollowed } from './followed.ts'
import { MPIDR_EL1, resetMpidr } from './mpidr.ts'
import type { OneReg } from './one-reg.ts'
import { isOfPmu, nOf, pairs, PMCR_EL0, withN } from './pmu.ts'
import { isOverflown, pmuValue, setPmu } from './pmu-overflow.ts'
import { readsAfter } from './recorded-writes.ts'
import { allOnes, groupOf, registersOf, sizeOf, type RegisterRow } from './table.ts'
import { isStrict } from './uncharted.ts'
import { counterValue, isCounter, isOfTimer, loadTimers, resetTimers, setTimerRegister, timerValue } from './timers.ts'

export const SVE = 1 << features.KVM_ARM_VCPU_SVE

/** The row of the record for this vcpu; undefined where it has no such register. */
export const rowOf = ({ host, vcpu }: Here, id: bigint): RegisterRow | undefined => registersOf(host, has(vcpu)).get(id)

export const ID_AA64PFR0_EL1 = arm64SysReg(3, 0, 0, 4, 0)
const ID_AA64PFR1_EL1 = arm64SysReg(3, 0, 0, 4, 1)
const ID_PFR1_EL1 = arm64SysReg(3, 0, 0, 1, 1)

/** Registers whose value depends on writes to others: pairs that set and clear the same bits, for instance. */
const dependsOn: ReadonlyMap<bigint, readonly bigint[]> = new Map([
  [namedRegs.KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2, [ID_AA64PFR1_EL1]],
  [PMCR_EL0, [PMCR_EL0]],
  ...pairs.flatMap(({ set, clear }) => [set, clear]).map((id, _, all): [bigint, bigint[]] => [id, [...all, PMCR_EL0]]),
])

const core: ReadonlySet<bigint> = new Set(['sp_el1', 'elr_el1', 'spsr[0]'].map((name) => coreRegs.get(name)!))
const CSSELR_EL1 = arm64SysReg(3, 2, 0, 0, 0)

const between = (...[first, last]: [number[], number[]]): [bigint, bigint] => [
  arm64SysReg(...(first as Encoding)),
  arm64SysReg(...(last as Encoding)),
]
type Encoding = Parameters<typeof arm64SysReg>
/** EL1 from SCTLR_EL1 on, thread ids and timers, and what EL1 sees of AArch32. */
const loadedRanges = [
  between([3, 0, 1, 0, 0], [3, 0, 15, 15, 7]),
  between([3, 3, 13, 0, 0], [3, 3, 14, 3, 7]),
  between([3, 4, 0, 0, 0], [3, 4, 15, 15, 7]),
]

/** Registers that KVM_RUN may put into the CPU's own and read back, less the bits that the CPU does not keep. */
const isLoaded = (id: bigint): boolean =>
  core.has(id) || isOfTimer(id) || id === CSSELR_EL1 || loadedRanges.some(([first, last]) => first <= id && id <= last)

const wasSet = ({ vm, vcpu }: Here, id: bigint): boolean => vcpu.regs.has(id) || vm.idRegs.has(id)

/** No guest changes the version of PSCI, nor which hypercalls there are. */
const isOfFirmware = (id: bigint): boolean =>
  id === namedRegs.KVM_REG_ARM_PSCI_VERSION || groupOf(id) === regs.KVM_REG_ARM_FW_FEAT_BMAP

/** Whether PMCR_EL0.N is one number for all vcpus of a VM, which userspace may lower. */
const isOfVm = ({ host }: Here): boolean => reached(host.kernel.release, '6.7')

const pmcrOf = (here: Here): bigint | undefined => {
  const reset = rowOf(here, PMCR_EL0)?.reset ?? 0n
  const { vm, vcpu } = here
  const value = vcpu.regs.has(PMCR_EL0) ? vcpu.regs.get(PMCR_EL0) : reset
  return value === undefined ? undefined : withN(value, vm.pmuCounters ?? nOf(reset))
}

/** A write to PMCR_EL0 chooses how many counters the VM has, up to those of the CPU, until one of its vcpus has run. */
const chooseCounters = ({ vm }: Here, { reset = 0n }: RegisterRow, value: bigint): void => {
  const [n, most] = [nOf(value), nOf(reset)]
  if (!vm.hasRun && n <= most && (n < most || vm.pmuCounters !== undefined)) vm.pmuCounters = n
}

/** The value that KVM_GET_ONE_REG gives, but for the fields of an ID register that follow the interrupt controller. */
export const valueOf = (here: Here, id: bigint): bigint | undefined => {
  const { vm, vcpu } = here
  if (id === namedRegs.KVM_REG_ARM64_SVE_VLS) return vcpu.vls
  const row = isOfTimer(id) ? rowOf(here, id) : undefined
  if (row) return timerValue(here, row)
  if (vcpu.entered && isFollowed(id)) return vcpu.regs.get(id)
  const ofPmu = isOfPmu(id) ? rowOf(here, id) : undefined
  const written = ofPmu && pmuValue(here, ofPmu, (other) => rowOf(here, other))
  if (written !== undefined) return written
  if (id === PMCR_EL0 && !vcpu.entered && isOfVm(here)) return pmcrOf(here)
  if ((vcpu.entered && !isOfFirmware(id)) || dependsOn.get(id)?.some((other) => wasSet(here, other))) return undefined
  if (vm.pmuCounters !== undefined && isOfPmu(id)) return undefined
  if (vm.idRegs.has(id)) return vm.idRegs.get(id)
  if (vcpu.regs.has(id)) return vcpu.regs.get(id)
  if (vcpu.wasLoaded && isLoaded(id)) return undefined
  return id === MPIDR_EL1 ? resetMpidr(vcpu.id) : rowOf(here, id)?.reset
}

/** True where its PMU raises its interrupt; undefined: nobody can tell. */
export const isPmuOverflown = (here: Here): boolean | undefined =>
  isStrict(here) ? undefined : isOverflown(here, (id) => rowOf(here, id))

/** For the mock, where the table does not know the value. */
export const exampleOf = (here: Here, id: bigint): bigint =>
  isCounter(id) ? counterValue(here.vm, id) : (rowOf(here, id)?.reset ?? 0n)

/** Bytes of a vector register that a vcpu with these vector lengths has. */
const vectorBytes = (id: bigint, vls: bigint): number => vls.toString(2).length * (sizeOf(id) === 256 ? 16 : 2)

/** Bits of a vector register that a vcpu with these vector lengths has. */
const vectorBits = (id: bigint, vls: bigint): bigint => allOnes(vectorBytes(id, vls))

/** How many bytes KVM_SET_ONE_REG reads: those the id stands for, of a vector register those the vcpu has. */
export const bytesRead = ({ vcpu }: Here, id: bigint): number =>
  groupOf(id) === regs.KVM_REG_ARM64_SVE && id !== namedRegs.KVM_REG_ARM64_SVE_VLS
    ? vectorBytes(id, vcpu.vls)
    : sizeOf(id)

/** Keeps what a successful KVM_SET_ONE_REG wrote. */
export const store = (here: Here, id: bigint, value: bigint): void => {
  const row = rowOf(here, id)
  if (!row) return
  if (isOfTimer(id)) return setTimerRegister(here, row, value)
  const { vm, vcpu } = here
  setPmu(vcpu, row, value, (other) => rowOf(here, other))
  const now =
    groupOf(id) === regs.KVM_REG_ARM64_SVE
      ? value & vectorBits(id, vcpu.vls)
      : readsAfter(row, value, valueOf(here, id))
  vm.withoutGicV3?.delete(id)
  const isPmcr = id === PMCR_EL0 && isOfVm(here)
  if (isPmcr) chooseCounters(here, row, value)
  if (row.shared && !isPmcr) vm.idRegs.set(id, now)
  else vcpu.regs.set(id, now)
}

/** KVM_ARM_VCPU_INIT: values go, but for those that it forgets to reset. */
export const forgetValues = ({ host, vcpu }: Here): void => {
  vcpu.entered = vcpu.wasLoaded = false
  const rows = registersOf(host, has(vcpu))
  for (const id of vcpu.regs.keys()) if (!rows.get(id)?.survives) vcpu.regs.delete(id)
  resetTimers(vcpu, rows)
  delete vcpu.pmu
}

/** A KVM_RUN that gets past the vgic: ID_AA64PFR0_EL1.GIC and ID_PFR1_EL1.GIC become true. */
export const noteGic = ({ vm }: Here): void => {
  if (vm.vgic?.model !== 'v3') vm.withoutGicV3 = new Set([ID_AA64PFR0_EL1, ID_PFR1_EL1])
}

/** A KVM_RUN that gets as far as the CPU, if only to come back at once. */
export const load = ({ vcpu }: Here): void => {
  vcpu.wasLoaded = true
  for (const id of vcpu.regs.keys()) if (isLoaded(id)) vcpu.regs.set(id, undefined)
  loadTimers(vcpu)
}

/** 5.10 copies a value straight into the register, and what cannot be read of it counts as zero. */
export const spoil = (here: Here, { id, to }: OneReg): void => {
  const row = rowOf(here, id)
  if (
    row
    && groupOf(id) === regs.KVM_REG_ARM64_SYSREG
    && !isOfTimer(id)
    && (row.write === 'any' || row.write === 'loose')
  )
    here.vcpu.regs.set(id, typeof to !== 'number' && row.write === 'any' ? 0n : undefined)
}
