/** Saving: what a VM on a host holds, read piece by piece. */
import { isOfPmu } from '../../harness/abi/registers/pmu.ts'
import { allOnes, groupOf, registersOf, sizeOf, type RegisterRow } from '../../harness/abi/registers/table.ts'
import type { Call } from '../../harness/model/call.ts'
import { hex } from '../../harness/model/scalar.ts'
import { gicc, gicd, gicr, icc } from '../../harness/names/gic-registers.ts'
import { arm64SysReg, coreRegs, featureWord, namedRegs, regs, vgicGroups } from '../../harness/names/index.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { printCall, printReply } from '../../harness/table/notation.ts'
import type { Side } from '../diff/side.ts'
import { gicPieces } from './gic-state.ts'
import { fillLines, saveLines } from './its-state.ts'
import { callsOf, playAfter } from './play.ts'
import { events, mpState, registerPiece, type StatePiece } from './state.ts'
import { setUpLines, VCPUS, type MigratedVm } from './vm.ts'

export interface Saved {
  piece: StatePiece
  /** Absent where it could not be read. */
  value?: bigint
  /** What was answered instead. */
  refused?: string
}

/** What decides where the guest goes on, and how. */
const OF_THE_GUEST: ReadonlySet<bigint> = new Set([
  coreRegs.get('regs.pc')!,
  coreRegs.get('regs.pstate')!,
  arm64SysReg(3, 0, 1, 0, 0), // SCTLR_EL1
  arm64SysReg(3, 0, 1, 0, 2), // CPACR_EL1
  arm64SysReg(3, 0, 0, 0, 5), // MPIDR_EL1
  arm64SysReg(2, 0, 0, 2, 0), // MDCCINT_EL1
  arm64SysReg(2, 0, 0, 2, 2), // MDSCR_EL1
  namedRegs.KVM_REG_ARM_TIMER_CNT,
  namedRegs.KVM_REG_ARM_PTIMER_CNT,
])
const TIMERS: readonly bigint[] = [namedRegs.KVM_REG_ARM_TIMER_CTL, namedRegs.KVM_REG_ARM_PTIMER_CTL]
/** IMASK: the timer raises no interrupt. */
const MASKED = 2n
/** DBGBCRn_EL1 and DBGWCRn_EL1 switch breakpoints on. */
const isDebugControl = (id: bigint): boolean =>
  [5n, 7n].some((op2) => (id & ~0x78n) === (arm64SysReg(2, 0, 0, 0, 0) | op2))

/** Bits that no two registers have alike, so that one that is lost or taken for another shows. */
const patternOf = (id: bigint): bigint => {
  let pattern = 0n
  for (let n = 0n; n < 32n; n++)
    pattern |= (((id * 0x9e37_79b9_7f4a_7c15n) >> (n % 8n)) & 0xffff_ffff_ffff_ffffn) << (n * 64n)
  return pattern
}

/** A value that is not the one after KVM_ARM_VCPU_INIT, where the guest goes on as before with it. */
const filled = ({ id, write }: RegisterRow): bigint | undefined => {
  if (TIMERS.includes(id)) return MASKED
  const isVector = groupOf(id) === regs.KVM_REG_ARM64_SVE && id !== namedRegs.KVM_REG_ARM64_SVE_VLS
  if ((write !== 'any' && !isVector) || OF_THE_GUEST.has(id) || isDebugControl(id) || isOfPmu(id)) return undefined
  return patternOf(id) & allOnes(sizeOf(id))
}

const SECOND_VCPU = 1n << 32n
const setGic = (group: keyof typeof vgicGroups, at: number | bigint, value: bigint): string =>
  `gic: KVM_SET_DEVICE_ATTR(${group}, ${hex(at)}, &${hex(value)})`
const DIST = 'KVM_DEV_ARM_VGIC_GRP_DIST_REGS'
const REDIST = 'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS'

/** The word of GICD_ISENABLER and the first of GICD_IPRIORITYR that are of shared interrupts: from 32 on. */
const sharedFill = [
  setGic(DIST, gicd.GICD_ISENABLER[0] + 4, 0x5a5a_5a5an),
  setGic(DIST, gicd.GICD_IPRIORITYR[0] + 32, 0xa0b0_c0d0n),
]
const gicFill: Readonly<Record<'v2' | 'v3', readonly string[]>> = {
  v3: [
    setGic(DIST, gicd.GICD_CTLR[0], 2n),
    ...sharedFill,
    setGic(DIST, gicd.GICD_IROUTER[0] + 32 * 8, 1n),
    setGic(REDIST, gicr.GICR_ISENABLER0[0], 0x5a5an),
    setGic(REDIST, SECOND_VCPU | BigInt(gicr.GICR_IPRIORITYR0[0]), 0xa0a0_a0a0n),
    setGic('KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS', icc.ICC_PMR_EL1, 0xf0n),
  ],
  v2: [...sharedFill, setGic('KVM_DEV_ARM_VGIC_GRP_CPU_REGS', gicc.GICC_PMR[0], 0xf0n)],
}

/**
 * The guest runs until it leaves for an MMIO, which is completed, as a VMM does before it saves; then registers get
 * values that no fresh vcpu has.
 */
const useLines = (side: Side, vm: MigratedVm): string[] => [
  'vcpu0: KVM_RUN',
  'vcpu0: KVM_RUN(immediate_exit)',
  ...[...registersOf(side.host, featureWord(vm.features)).values()].flatMap((row) => {
    const value = filled(row)
    return value === undefined ? [] : registerPiece(row.id).write(value)
  }),
  'vcpu0: KVM_SET_VCPU_EVENTS(exception.serror_pending = 1)',
  ...(vm.gic ? gicFill[vm.gic] : []),
]

/** The calls that make the VM on the host that it is saved on. A recorded host knows the values of a fresh one only. */
export const sourceLines = (side: Side, vm: MigratedVm): string[] => [
  ...setUpLines(vm),
  ...(vm.hasIts ? fillLines : []),
  ...(side.isTable ? [] : useLines(side, vm)),
  ...(vm.hasIts ? saveLines : []),
]

/** The registers that a vcpu of the VM lists, once it is set up. Throws a UserError where it cannot be. */
export const listOn = async (side: Side, vm: MigratedVm): Promise<bigint[]> => {
  const setUp = callsOf(setUpLines(vm))
  const { before, answers } = await playAfter(side, setUp, callsOf(['vcpu0: KVM_GET_REG_LIST(n = 1000)']))
  const at = setUp.findIndex((_, i) => (before[i]?.ret ?? -1) < 0)
  if (at >= 0)
    throw new UserError(
      `${side.name} cannot make such a VM: ${inWords(setUp[at]!)} -> `
        + `${before[at] ? printReply(before[at], setUp[at]!) : 'no answer'}; say --features that both have`,
    )
  return answers[0]?.list ?? []
}

/** A call as a person writes it. */
const inWords = (call: Call): string => printCall(call, new Set(['kvm', 'vm']))

/** What the VM holds, in the order in which it is restored, and what the kernel log said meanwhile. */
export const save = async (
  side: Side,
  vm: MigratedVm,
  list: readonly bigint[],
): Promise<{ saved: Saved[]; troubles: string[] }> => {
  const pieces = [...list.map(registerPiece), events, ...VCPUS.map(mpState), ...gicPieces(vm)]
  const reads = callsOf(pieces.map(({ read }) => read))
  const { answers, troubles } = await playAfter(side, callsOf(sourceLines(side, vm)), reads)
  const saved = pieces.map((piece, i): Saved => {
    const answer = answers[i]
    if (answer && answer.ret >= 0 && answer.value !== undefined) return { piece, value: answer.value }
    return { piece, refused: answer ? printReply(answer, reads[i]!) : 'no answer' }
  })
  return { saved, troubles }
}
