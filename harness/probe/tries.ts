/** Trying values of one register on fresh vcpus: which are taken, and what it reads then. */
import { sizeOf } from '../abi/registers/table.ts'
import type { Host, Reg } from '../model/host.ts'
import type { Played } from '../link/lines.ts'
import { featureWord, ioctls, regName } from '../names/index.ts'
import { bytes, fromBytes } from '../model/scalar.ts'
import { ready } from './feature-sets.ts'
import { vmType } from './machine.ts'
import type { Draft } from './merge.ts'
import { finalizing, hasMuch, isSound, note, played, spokenLines, type ProbeSession } from './player.ts'

export type ProbedMachine = Pick<Host, 'caps' | 'preferredTarget' | 'features'>

/** Where things stand in the agent's data area. */
const [ID, INIT, VALUE] = ['d:0', 'd:40', 'd:100']
const nr = (name: keyof typeof ioctls): string => ioctls[name].toString(16)
const GET = (vcpu: number) => `i,${vcpu},${nr('KVM_GET_ONE_REG')},@${ID}`
const SET = (vcpu: number) => `i,${vcpu},${nr('KVM_SET_ONE_REG')},@${ID}`
const RESET = (vcpu: number) => `i,${vcpu},${nr('KVM_ARM_VCPU_INIT')},@${INIT}`
const [VCPU0, VCPU1] = [2, 3]

/** Its arguments lie where the id will. */
const finalize = (session: ProbeSession, slot: number): string[] =>
  spokenLines(session, ...finalizing(session)).flatMap(({ on, ioctl, arg }) => {
    const { before, arg: word, after } = ioctl.takes.pack(arg, on, {} as Host)
    return `${before}i,${slot},${ioctl.nr!.toString(16)},${word}${after}`.split(' ')
  })

/** A vcpu in slot 2, on demand another in slot 3, and the struct kvm_one_reg of one register. */
const setUp = (session: ProbeSession, machine: ProbedMachine, { id, set }: Draft, withSecond = false): string[] => {
  const vcpu = (id: number, slot: number) => [
    `i,1,${nr('KVM_CREATE_VCPU')},${id},${slot}`,
    RESET(slot),
    ...(set.names.includes('KVM_ARM_VCPU_SVE') ? finalize(session, slot) : []),
  ]
  return [
    'k,0',
    `i,0,${nr('KVM_CREATE_VM')},${vmType(machine).toString(16)},1`,
    `w,${INIT},${bytes(machine.preferredTarget, 4)}${bytes(featureWord(set.names), 4)}`,
    ...vcpu(0, VCPU0),
    ...(withSecond ? vcpu(1, VCPU1) : []),
    `w,${ID},${bytes(id, 8)}`,
    `p,d:8,@${VALUE}`,
  ]
}

/** A value that was written, whether it was taken, and what the register read afterwards. */
export interface Tried {
  value: bigint
  accepted: boolean
  then: bigint
}

/** The same in the notation, for one value: noted where that did not end well. */
const inWords = (session: ProbeSession, machine: ProbedMachine, { id, set, reset = 0n }: Draft, value: bigint) =>
  spokenLines(
    session,
    ...ready(session, machine, set.names, 1),
    ...[reset, value].map((v) => `vcpu0: KVM_SET_ONE_REG(${regName(id)}, &0x${hex(v)})`),
    `vcpu0: KVM_GET_ONE_REG(${regName(id)})`,
  )

/** Values that one list has room for: a list has 512 ops, of which the set-up takes fewer than 20, and a value 7. */
const AT_ONCE = 70

/**
 * Writes each value, and reads the register; the first value is brought back in between by a write. KVM_ARM_VCPU_INIT
 * would not bring back what all vcpus share, and 6.12 warns when it comes across a PMU version of 0. Undefined where a
 * write did not end well, or the register cannot be read.
 */
export const tryAll = async (
  session: ProbeSession,
  machine: ProbedMachine,
  draft: Draft,
  values: readonly bigint[],
): Promise<Tried[] | undefined> => {
  const tried: Tried[] = []
  for (let at = 0; at < values.length; at += AT_ONCE) {
    const some = await trySome(session, machine, draft, values.slice(at, at + AT_ONCE))
    if (!some) return undefined
    tried.push(...some)
  }
  return tried
}

const trySome = async (
  session: ProbeSession,
  machine: ProbedMachine,
  draft: Draft,
  values: readonly bigint[],
): Promise<Tried[] | undefined> => {
  const size = sizeOf(draft.id)
  const first = bytes(draft.reset ?? 0n, size)
  const setUpOps = setUp(session, machine, draft)
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
  const came = await played(session, opsOf(values))
  if (!isSound(came)) {
    const answered = came.answers.length - setUpOps.filter((op) => /^[ki],/.test(op)).length
    // One that hung says where.
    if (came.outcome === 'hung')
      note(session, inWords(session, machine, draft, values[Math.floor(answered / 3)] ?? values[0]!), came)
    else await noteFirst(session, machine, draft, values, opsOf)
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
  session: ProbeSession,
  machine: ProbedMachine,
  draft: Draft,
  values: readonly bigint[],
  opsOf: (some: readonly bigint[]) => string,
): Promise<void> => {
  for (const value of values) {
    if (hasMuch(session)) return
    const came: Played = await played(session, opsOf([value]))
    if (!isSound(came)) return note(session, inWords(session, machine, draft, value), came)
  }
}

/** Whether a value shows on another vcpu, or is still there after KVM_ARM_VCPU_INIT. */
export const lingers = async (
  session: ProbeSession,
  machine: ProbedMachine,
  draft: Draft,
  value: bigint,
): Promise<Pick<Reg, 'survives' | 'shared'>> => {
  const size = sizeOf(draft.id)
  const read = `w,${VALUE},${bytes(0, size)}`
  const start = [...setUp(session, machine, draft, true), `w,${VALUE},${bytes(value, size)}`, SET(VCPU0)]
  const end = (vcpu: number) => [read, GET(vcpu), `x,${VALUE},${size.toString(16)}`]
  const seen = async (...ops: string[]) => {
    const came = await played(session, [...start, ...ops].join(' '))
    if (!isSound(came)) note(session, inWords(session, machine, draft, value), came)
    return fromBytes(came.answers.at(-1)?.data[0] ?? '')
  }
  if ((await seen(...end(VCPU1))) !== draft.reset) return { shared: true }
  return (await seen(RESET(VCPU0), ...end(VCPU0))) !== draft.reset ? { survives: true } : {}
}

const hex = (value: bigint): string => value.toString(16)
