/** Every register of an interrupt controller is looked at and written, and the oracle judges each answer. */
import fc from 'fast-check'
import { gicc, gicd, gicdV2, gicr, gits, icc } from '../names/gic-registers.ts'
import { deviceTypes } from '../names/index.ts'
import type { Call } from '../model/call.ts'
import type { Judgeable } from '../model/kernel.ts'
import type { Report, Verdict } from '../model/verdict.ts'
import { parse } from '../table/notation.ts'
import { confirmedReport } from './confirm.ts'
import { causeOf, judgedReport } from './judged-report.ts'

/** The registers of a group, and how a machine is made that has them. */
export interface Swept {
  group: string
  /** The device that has them, a number of KVM_CREATE_DEVICE. */
  type: number
  /** Offsets at which every register begins, in steps of this many bytes. */
  step: number
  ranges: readonly (readonly [at: number, size: number])[]
  /** How far offsets go: some of those without a register are asked for, too. */
  frame: number
}

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3, KVM_DEV_TYPE_ARM_VGIC_ITS: ITS } = deviceTypes
const encodings = Object.values(icc).map((encoding) => [encoding, 4] as const)

export const swept: readonly Swept[] = [
  { group: 'DIST_REGS', type: V3, step: 4, ranges: Object.values(gicd), frame: 0x1_0000 },
  { group: 'REDIST_REGS', type: V3, step: 4, ranges: Object.values(gicr), frame: 0x2_0000 },
  { group: 'CPU_SYSREGS', type: V3, step: 1, ranges: encodings, frame: 0x1_0000 },
  { group: 'LEVEL_INFO', type: V3, step: 32, ranges: [[0, 0x400]], frame: 0x800 },
  {
    group: 'DIST_REGS',
    type: V2,
    step: 4,
    ranges: [...Object.values(gicd), ...Object.values(gicdV2)],
    frame: 0x1000,
  },
  { group: 'CPU_REGS', type: V2, step: 4, ranges: Object.values(gicc), frame: 0x2000 },
  { group: 'ITS_REGS', type: ITS, step: 4, ranges: Object.values(gits), frame: 0x1_0000 },
]

/** Offsets without a register that one sweep asks for, and registers that one list of calls has room for. */
const ELSEWHERE = 200
const A_LIST = 24

const machine = (type: number): string[] =>
  type === ITS
    ? [
        `its = KVM_CREATE_DEVICE(${ITS})`,
        'its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000)',
      ]
    : [
        'vcpu0 = KVM_CREATE_VCPU(0)',
        'vcpu3 = KVM_CREATE_VCPU(3)',
        'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)',
        'vcpu3: KVM_ARM_VCPU_INIT(features[] = 0)',
        `gic = KVM_CREATE_DEVICE(${type})`,
        'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &992)',
        'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)',
      ]

const some = <T>(arbitrary: fc.Arbitrary<T>, seed: number, numRuns: number): T[] =>
  fc.sample(arbitrary, { seed, numRuns })

/** The lists of calls of one sweep; the same for the same seed. */
export const sweepOf = ({ group, type, step, ranges, frame }: Swept, seed: number): Call[][] => {
  const there = ranges.flatMap(([at, size]) =>
    Array.from({ length: Math.max(Math.floor(size / step), 1) }, (_, i) => at + i * step),
  )
  const offsets = [...new Set([...there, ...some(fc.nat(frame - 1), seed, ELSEWHERE)])]
  const bits = group === 'ITS_REGS' || group === 'CPU_SYSREGS' ? 64 : 32
  const all = (1n << BigInt(bits)) - 1n
  const values = some(fc.oneof(fc.bigInt({ min: 0n, max: all }), fc.constantFrom(0n, all)), seed, offsets.length)
  const on = type === ITS ? 'its' : 'gic'
  const cpu = type === ITS ? 0n : 3n << 32n
  const lines = offsets.map((offset, i) => {
    const attr = `KVM_DEV_ARM_VGIC_GRP_${group}, 0x${(cpu | BigInt(offset)).toString(16)}`
    const get = `${on}: KVM_GET_DEVICE_ATTR(${attr}, &0x0)`
    const set = `${on}: KVM_SET_DEVICE_ATTR(${attr}, &0x${values[i]!.toString(16)})`
    return [`${on}: KVM_HAS_DEVICE_ATTR(${attr})`, get, set, get]
  })
  return Array.from({ length: Math.ceil(lines.length / A_LIST) }, (_, i) => {
    const text = ['vm = KVM_CREATE_VM(0)', ...machine(type), ...lines.slice(i * A_LIST, (i + 1) * A_LIST).flat()].join(
      '\n',
    )
    return parse(text, 'sweep').map(({ call }) => call)
  })
}

/** What tells most of a sweep comes first. */
const worst: readonly Verdict[] = ['violates', 'broken', 'drifts', 'not reproduced', 'known', 'not offered', 'conforms']

/** Plays and judges the lists; the report of the worst of them, with the calls of all. */
export const sweep = async ({ kernel, release }: Judgeable, lists: readonly Call[][]): Promise<Report> => {
  const reports = await Promise.all(
    lists.map((calls) => confirmedReport(kernel, (on) => judgedReport({ kernel: on, release }, calls), causeOf)),
  )
  const { steps: _, ...first } = reports.toSorted((a, b) => worst.indexOf(a.verdict) - worst.indexOf(b.verdict))[0]!
  const unknown = reports.reduce((sum, report) => sum + (report.unknown ?? 0), 0)
  return {
    ...first,
    lists: reports.length,
    calls: reports.reduce((sum, report) => sum + report.calls, 0),
    ...(unknown > 0 && { unknown }),
  }
}
