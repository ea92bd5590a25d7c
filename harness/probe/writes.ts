/**
 * How each register takes a write: tried on a fresh vcpu with the first value, 0, all ones, and single bits flipped.
 */
import { allOnes, sizeOf } from '../abi/registers/table.ts'
import type { Host, Reg, Write } from '../model/host.ts'
import type { Played } from '../link/lines.ts'
import { features, ioctls, regName, type Feature } from '../names/index.ts'
import { bytes, fromBytes } from '../model/scalar.ts'
import { ready } from './feature-sets.ts'
import { vmType } from './machine.ts'
import type { Draft } from './merge.ts'
import { hasMuch, isSound, lines, note, played, type ProbeSession } from './player.ts'

type Machine = Pick<Host, 'caps' | 'preferredTarget' | 'features'>

/** Bytes of the longest register that there is; ids can claim more. */
const BIGGEST = 256

/** Of registers longer than this only some bits are tried. */
const LONG = 64
const SOME_BITS = [0, 1, 63, 64, 127, 128, 255, 256, 511, 512, 1023, 1024, 2047]

/** Where things stand in the agent's data area. */
const [ID, INIT, WHAT, VALUE] = ['d:0', 'd:40', 'd:80', 'd:100']
const nr = (name: keyof typeof ioctls): string => ioctls[name].toString(16)
const GET = (vcpu: number) => `i,${vcpu},${nr('KVM_GET_ONE_REG')},@${ID}`
const SET = (vcpu: number) => `i,${vcpu},${nr('KVM_SET_ONE_REG')},@${ID}`
const RESET = (vcpu: number) => `i,${vcpu},${nr('KVM_ARM_VCPU_INIT')},@${INIT}`
const [VCPU0, VCPU1] = [2, 3]

/** Two vcpus in slots 2 and 3, and the struct kvm_one_reg of one register. */
const setUp = (machine: Machine, { id, set }: Draft): string[] => {
  const bits = set.names.reduce((all, name) => all | (1 << features[name as Feature]), 0)
  const vcpu = (id: number, slot: number) => [
    `i,1,${nr('KVM_CREATE_VCPU')},${id},${slot}`,
    RESET(slot),
    ...(set.names.includes('KVM_ARM_VCPU_SVE') ? [`i,${slot},${nr('KVM_ARM_VCPU_FINALIZE')},@${WHAT}`] : []),
  ]
  return [
    'k,0',
    `i,0,${nr('KVM_CREATE_VM')},${vmType(machine).toString(16)},1`,
    `w,${INIT},${bytes(machine.preferredTarget, 4)}${bytes(bits, 4)}`,
    `w,${WHAT},${bytes(features.KVM_ARM_VCPU_SVE, 4)}`,
    ...vcpu(0, VCPU0),
    ...vcpu(1, VCPU1),
    `w,${ID},${bytes(id, 8)}`,
    `p,d:8,@${VALUE}`,
  ]
}

interface Tried {
  value: bigint
  accepted: boolean
  then: bigint
}

/** The same in the notation, for one value: noted where that did not end well. */
const inWords = (machine: Machine, { id, set, reset = 0n }: Draft, value: bigint) =>
  lines(
    ...ready(machine, set.names, 2),
    ...[reset, value].map((v) => `vcpu0: KVM_SET_ONE_REG(${regName(id)}, &0x${hex(v)})`),
    `vcpu0: KVM_GET_ONE_REG(${regName(id)})`,
  )

/**
 * Writes each value, and reads the register; the first value is brought back in between by a write. KVM_ARM_VCPU_INIT
 * would not bring back what all vcpus share, and 6.12 warns when it comes across a PMU version of 0. Undefined where a
 * write did not end well, or the register cannot be read.
 */
const tryAll = async (
  recorder: ProbeSession,
  machine: Machine,
  draft: Draft,
  values: readonly bigint[],
): Promise<Tried[] | undefined> => {
  const size = sizeOf(draft.id)
  const first = bytes(draft.reset ?? 0n, size)
  const setUpOps = setUp(machine, draft)
  const opsOf = (some: readonly bigint[]) =>
    [
      ...setUpOps,
      ...some.flatMap((value) => [
        `w,${VALUE},${first}`,
        SET(VCPU0),
        `w,${VALUE},${bytes(value, size)}`,
        SET(VCPU0),
        `w,${VALUE},${bytes(0, size)}`,
        GET(VCPU0),
        `x,${VALUE},${size.toString(16)}`,
      ]),
    ].join(' ')
  const came = await played(recorder, opsOf(values))
  if (!isSound(came)) {
    const answered = came.answers.length - setUpOps.filter((op) => /^[ki],/.test(op)).length
    // One that hung says where.
    if (came.outcome === 'hung')
      note(recorder, inWords(machine, draft, values[Math.floor(answered / 3)] ?? values[0]!), came)
    else await noteFirst(recorder, machine, draft, values, opsOf)
    return undefined
  }
  const answers = came.answers.slice(-values.length * 3)
  if (values.some((_, i) => answers[i * 3 + 2]!.ret < 0)) return undefined
  return values.map((value, i) => ({
    value,
    accepted: answers[i * 3 + 1]!.ret >= 0,
    then: fromBytes(answers[i * 3 + 2]!.data[0] ?? ''),
  }))
}

/** Tries the values one by one until one does not end well. */
const noteFirst = async (
  recorder: ProbeSession,
  machine: Machine,
  draft: Draft,
  values: readonly bigint[],
  opsOf: (some: readonly bigint[]) => string,
): Promise<void> => {
  for (const value of values) {
    if (hasMuch(recorder)) return
    const came: Played = await played(recorder, opsOf([value]))
    if (!isSound(came)) return note(recorder, inWords(machine, draft, value), came)
  }
}

/** Whether a value shows on another vcpu, or is still there after KVM_ARM_VCPU_INIT. */
const lingers = async (
  recorder: ProbeSession,
  machine: Machine,
  draft: Draft,
  value: bigint,
): Promise<Pick<Reg, 'survives' | 'shared'>> => {
  const size = sizeOf(draft.id)
  const read = `w,${VALUE},${bytes(0, size)}`
  const start = [...setUp(machine, draft), `w,${VALUE},${bytes(value, size)}`, SET(VCPU0)]
  const end = (vcpu: number) => [read, GET(vcpu), `x,${VALUE},${size.toString(16)}`]
  const seen = async (...ops: string[]) => {
    const came = await played(recorder, [...start, ...ops].join(' '))
    if (!isSound(came)) note(recorder, inWords(machine, draft, value), came)
    return fromBytes(came.answers.at(-1)?.data[0] ?? '')
  }
  if ((await seen(...end(VCPU1))) !== draft.reset) return { shared: true }
  return (await seen(RESET(VCPU0), ...end(VCPU0))) !== draft.reset ? { survives: true } : {}
}

const hex = (value: bigint): string => value.toString(16)

const classify = (reset: bigint, tried: readonly Tried[], ones: bigint): Write => {
  const accepted = tried.filter((t) => t.accepted)
  if (accepted.length === tried.length) {
    if (tried.every((t) => t.then === t.value)) return 'any'
    if (tried.every((t) => t.then === reset)) return 'ignored'
    const zero = tried.find((t) => t.value === 0n)!.then
    const kept = tried.find((t) => t.value === ones)!.then ^ zero
    return kept !== 0n && tried.every((t) => t.then === ((t.value & kept) | zero))
      ? { keeps: hex(kept), sets: hex(zero) }
      : 'loose'
  }
  if (accepted.every((t) => t.value === reset)) return 'same'
  const isAccepted = (value: bigint) => accepted.some((t) => t.value === value)
  const flips = tried.slice(3).reduce((mask, t) => (t.accepted ? mask | (t.value ^ tried[0]!.value) : mask), 0n)
  return {
    flips: hex(flips),
    zero: isAccepted(0n),
    ones: isAccepted(ones),
    ...(tried[0]!.value !== reset && { first: tried[0]!.accepted }),
  }
}

/** Tries `base`, the value of the register's first row, 0, all ones, and `base` with single bits flipped. */
export const probeWrite = async (
  recorder: ProbeSession,
  machine: Machine,
  draft: Draft,
  base: bigint,
): Promise<Pick<Reg, 'write' | 'survives' | 'shared'>> => {
  if (sizeOf(draft.id) > BIGGEST || recorder.stuck.has(draft.id)) return { write: 'loose' }
  const width = sizeOf(draft.id) * 8
  const ones = allOnes(width / 8)
  const bits = width <= LONG ? [...Array(width).keys()] : SOME_BITS.filter((bit) => bit < width)
  const tried = await tryAll(recorder, machine, draft, [
    base,
    0n,
    ones,
    ...bits.map((bit) => base ^ (1n << BigInt(bit))),
  ])
  if (!tried) return { write: 'loose' }
  const changed = tried.find((t) => t.accepted && t.then !== draft.reset)
  return {
    write: classify(draft.reset ?? base, tried, ones),
    ...(changed && draft.reset !== undefined && (await lingers(recorder, machine, draft, changed.value))),
  }
}
