/** PSCI 0.2 and later, for a vcpu with KVM_ARM_VCPU_PSCI_0_2, as arch/arm64/kvm/psci.c has it. */
import { exitReasons, runFlags, systemEvents } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import {
  INTERNAL_FAILURE,
  INVALID_PARAMETERS,
  IS_64_BIT,
  NOT_SUPPORTED,
  returns,
  SUCCESS,
  type HypercallArgs,
  type HypercallResult,
  type LeftToUserspace,
} from './hypercall.ts'
import type { RunWrite } from './entered.ts'
import { affinityInfo, cpuOff, cpuOn } from './psci-cpus.ts'

const narrow = (x: HypercallArgs['x']) => x.map((one) => (one === undefined ? one : BigInt.asUintN(32, one)))

/** What kvm_run says of an event, all of which is 0 otherwise; 5.10 has one word of flags, and does not count it. */
const eventOf = (type: number, flags: bigint): RunWrite[] => [
  { field: 'system_event.type', value: BigInt(type) },
  { field: 'system_event.ndata', value: 0n, until: '5.18' },
  { field: 'system_event.ndata', value: 1n, since: '5.18' },
  { field: 'system_event.data[0]', value: 0n, length: 128, since: '5.18' },
  { field: 'system_event.data[0]', value: flags },
]

/** SYSTEM_OFF and its kin power every vcpu of the VM off. */
const event = (type: number, flags = 0n): LeftToUserspace => ({
  exit: exitReasons.KVM_EXIT_SYSTEM_EVENT,
  run: eventOf(type, flags),
  gives: INTERNAL_FAILURE,
  then: ({ vm }) => {
    for (const vcpu of vm.vcpus) vcpu.off = true
  },
})
const off = event(systemEvents.KVM_SYSTEM_EVENT_SHUTDOWN)
const off2 = event(systemEvents.KVM_SYSTEM_EVENT_SHUTDOWN, BigInt(runFlags.KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2))
const reset = event(systemEvents.KVM_SYSTEM_EVENT_RESET)
const reset2 = event(systemEvents.KVM_SYSTEM_EVENT_RESET, BigInt(runFlags.KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2))

/**
 * `since`: the minor version of PSCI 1 that has it. `feature`: what FEATURES says of it, NOT_SUPPORTED where absent.
 */
interface PsciFunction {
  fn: number
  /** There is a function with 64 bit arguments, too. */
  wide?: true
  since?: number
  feature: bigint
  /** The VM was told of KVM_CAP_ARM_SYSTEM_SUSPEND. */
  isOptional?: true
  call(here: Here, x: HypercallArgs['x'], minor: number | undefined): HypercallResult
}

const VENDOR_RESETS = 0x8000_0000n
const HIBERNATE_OFF = 1n
const ARM_SMCCC_VERSION_FUNC_ID = 0x8000_0000

/** By name, as PSCI has it. `minor`: of PSCI 1; undefined where it is 0.2. */
const psciFunctions: Readonly<Record<string, PsciFunction>> = {
  PSCI_VERSION: {
    fn: 0x8400_0000,
    feature: SUCCESS,
    call: (_here, _x, minor) => returns(minor === undefined ? 2n : 0x1_0000n | BigInt(minor)),
  },
  CPU_SUSPEND: { fn: 0x8400_0001, wide: true, feature: SUCCESS, call: () => ({ gives: SUCCESS, waits: true }) },
  CPU_OFF: {
    fn: 0x8400_0002,
    feature: SUCCESS,
    call: () => cpuOff,
  },
  CPU_ON: { fn: 0x8400_0003, wide: true, feature: SUCCESS, call: (here, x) => cpuOn(here, x, false) },
  AFFINITY_INFO: { fn: 0x8400_0004, wide: true, feature: SUCCESS, call: affinityInfo },
  MIGRATE_INFO_TYPE: { fn: 0x8400_0006, feature: SUCCESS, call: () => returns(2n) },
  SYSTEM_OFF: { fn: 0x8400_0008, feature: SUCCESS, call: () => off },
  SYSTEM_RESET: { fn: 0x8400_0009, feature: SUCCESS, call: () => reset },
  PSCI_FEATURES: { fn: 0x8400_000a, since: 0, feature: SUCCESS, call: featureOf },
  SYSTEM_SUSPEND: {
    fn: 0x8400_000e,
    wide: true,
    since: 0,
    feature: SUCCESS,
    isOptional: true,
    call: () => ({
      exit: exitReasons.KVM_EXIT_SYSTEM_EVENT,
      run: [
        { field: 'system_event.data[0]', value: 0n, length: 128 },
        { field: 'system_event.type', value: BigInt(systemEvents.KVM_SYSTEM_EVENT_SUSPEND) },
        { field: 'system_event.ndata', value: 0n },
      ],
      keeps: 'lower halves',
    }),
  },
  SYSTEM_RESET2: {
    fn: 0x8400_0012,
    wide: true,
    since: 1,
    feature: SUCCESS,
    call(_, [type]) {
      if (type === undefined) return undefined
      const kind = BigInt.asUintN(32, type)
      return kind === 0n || kind >= VENDOR_RESETS ? reset2 : returns(INVALID_PARAMETERS)
    },
  },
  SYSTEM_OFF2: {
    fn: 0x8400_0015,
    wide: true,
    since: 3,
    feature: HIBERNATE_OFF,
    call(_, [type, mustBeZero]) {
      if (type === undefined || mustBeZero === undefined) return undefined
      const kind = BigInt.asUintN(32, type)
      return kind <= HIBERNATE_OFF && mustBeZero === 0n ? off2 : returns(INVALID_PARAMETERS)
    },
  },
}

const named = (fn: number, minor: number | undefined): PsciFunction | undefined =>
  Object.values(psciFunctions).find(
    (one) =>
      (one.fn === fn || (one.wide === true && (one.fn | IS_64_BIT) >>> 0 === fn))
      && (one.since === undefined || (minor !== undefined && minor >= one.since)),
  )

const isThere = ({ vm }: Here, { isOptional }: PsciFunction): boolean => !isOptional || vm.hasSystemSuspend === true

function featureOf(here: Here, [x1]: HypercallArgs['x'], minor: number | undefined): HypercallResult {
  if (x1 === undefined) return undefined
  const fn = Number(BigInt.asUintN(32, x1))
  if (fn === ARM_SMCCC_VERSION_FUNC_ID) return returns(SUCCESS)
  const known = named(fn, minor)
  return returns(known && isThere(here, known) ? known.feature : NOT_SUPPORTED)
}

/** What PSCI of this version, as KVM_REG_ARM_PSCI_VERSION has it, answers; undefined where nobody has looked. */
export const psci = (here: Here, { fn, x }: HypercallArgs, version: bigint): HypercallResult => {
  const minor = version >> 16n === 1n ? Number(version & 0xffffn) : undefined
  const known = named(fn, minor)
  if (!known || !isThere(here, known)) return returns(NOT_SUPPORTED)
  const result = known.call(here, fn & IS_64_BIT ? x : narrow(x), minor)
  return result && 'keeps' in result && fn & IS_64_BIT ? { ...result, keeps: 'registers' } : result
}
