/** What holds of the registers of a device, whatever their values. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { hex, anyNumber } from '../../../model/scalar.ts'
import { graf, maydell } from './registers.ts'

const set = (vm: string, id: string, value: bigint): string => `${vm}: KVM_SET_DEV_REG(1, ${id}, ${hex(value)})`
const get = (vm: string, id: string): string => `${vm}: KVM_GET_DEV_REG(1, ${id})`

const PLACES = ['GICD_BASE', 'GICC_BASE'] as const
/** The list that userspace keeps of what it copies, without the places. */
const STATE = ['GICD_CTLR', 'GICD_IGROUPR0', 'GICC_PMR'] as const
const ALL = [...PLACES, ...STATE]

const anyState = fc.tuple(...STATE.map(() => anyNumber(32, [0n, 1n, 0xf0n, 0xffff_ffffn])))
const DIST = 0x800_0000n
const CPU = 0x801_0000n
const anyPlaces = fc.constantFrom<[bigint, bigint]>([DIST, CPU], [0n, 0x1_0000n], [0xff_ffff_0000n, 0n])

const made = (vm: string): string => `${vm}: KVM_CREATE_IRQCHIP -> ok`
/** Places that let it run, and a run. */
const run = (vm: string): string[] => [
  `${set(vm, 'GICD_BASE', DIST)} -> ok`,
  `${set(vm, 'GICC_BASE', CPU)} -> ok`,
  `${vm}: KVM_CREATE_VCPU(0) -> ok`,
  `${vm === 'vm' ? 'vcpu0' : `${vm}.vcpu0`}: KVM_ARM_VCPU_INIT(features[] = 0) -> ok`,
  `${vm === 'vm' ? 'vcpu0' : `${vm}.vcpu0`}: KVM_RUN(immediate_exit) -> -EINTR`,
]
const MACHINES = ['vm = KVM_CREATE_VM(0) -> ok', 'vm1 = KVM_CREATE_VM(0) -> ok', made('vm'), made('vm1')]

export const laws: readonly Law[] = [
  {
    title: 'state can be written at any time, and reads as it was written',
    cite: maydell('it needs to be always possible to write them'),
    body: (tools) =>
      tools.forAll(fc.tuple(anyState, anyState), async ([before, after]) => {
        const lines = (values: readonly bigint[]) => [
          ...STATE.map((id, i) => `${set('vm', id, values[i]!)} -> ok`),
          ...STATE.map((id, i) => `${get('vm', id)} -> ok = ${values[i]}`),
        ]
        await tools.ask(
          ['vm = KVM_CREATE_VM(0) -> ok', made('vm'), ...lines(before), ...run('vm'), ...lines(after)].join('\n'),
        )
      }),
  },
  {
    title: 'a place can be changed until a vcpu runs, and keeps its last value from then on',
    cite: graf('may or may not be writable during certain times'),
    body: (tools) =>
      tools.forAll(fc.tuple(anyPlaces, anyPlaces, fc.constantFrom(...PLACES)), async ([[a, b], [c, d], late]) => {
        const place = (dist: bigint, cpu: bigint) => [
          `${set('vm', 'GICD_BASE', dist)} -> ok`,
          `${set('vm', 'GICC_BASE', cpu)} -> ok`,
          `${get('vm', 'GICD_BASE')} -> ok = ${dist}`,
          `${get('vm', 'GICC_BASE')} -> ok = ${cpu}`,
        ]
        await tools.ask(
          [
            'vm = KVM_CREATE_VM(0) -> ok',
            made('vm'),
            ...place(a, b),
            ...place(c, d),
            ...run('vm'),
            `${set('vm', late, c)} -> -EPERM`,
            `${get('vm', 'GICD_BASE')} -> ok = ${DIST}`,
            `${get('vm', 'GICC_BASE')} -> ok = ${CPU}`,
          ].join('\n'),
        )
      }),
  },
  {
    title: 'a copy of the state makes a device read as another, also where the copy runs already',
    cite: graf('You need to somewhere encode a list of registers you want to synchronize for migration anyways'),
    body: (tools) =>
      tools.forAll(fc.tuple(anyState, fc.boolean()), async ([state, isRunning]) => {
        const source = STATE.map((id, i) => `${set('vm', id, state[i]!)} -> ok`)
        const { answers } = await tools.ask([...MACHINES, ...source, ...STATE.map((id) => get('vm', id))].join('\n'))
        const read = answers.slice(-STATE.length).map(({ value }) => value!)
        await tools.ask(
          [
            ...MACHINES,
            ...(isRunning ? run('vm1') : []),
            ...STATE.map((id, i) => `${set('vm1', id, read[i]!)} -> ok`),
            ...STATE.map((id, i) => `${get('vm1', id)} -> ok = ${state[i]}`),
          ].join('\n'),
        )
      }),
  },
  {
    title:
      'a copy of all registers makes a device read as another where the copy has not run, and is refused where it has',
    cite: maydell('doing a complete copy of all ONE_REG (and DEV_REG if we have it) state from source to destination'),
    body: (tools) =>
      tools.forAll(fc.tuple(anyPlaces, anyState), async ([places, state]) => {
        const values = [...places, ...state]
        const source = ALL.map((id, i) => `${set('vm', id, values[i]!)} -> ok`)
        const reads = ALL.map((id, i) => `${get('vm', id)} -> ok = ${values[i]}`)
        const copied = ALL.map((id, i) => `${set('vm1', id, values[i]!)} -> ok\n${get('vm1', id)} -> ok = ${values[i]}`)
        const refused = PLACES.map((id, i) => `${set('vm1', id, values[i]!)} -> -EPERM`)
        await tools.ask([...MACHINES, ...source, ...reads, ...copied].join('\n'))
        await tools.ask([...MACHINES, ...source, ...run('vm1'), ...refused].join('\n'))
      }),
  },
  {
    title: 'only the handle that the creation gave names a device, of this VM alone',
    cite: graf('it also gets a unique dev id that gets created during in-kernel device creation'),
    body: (tools) =>
      tools.forAll(fc.tuple(anyNumber(64, [0n, 2n]), anyNumber(64, [0n, 2n])), async ([dev, id]) => {
        if (dev === 1n) return
        const [handle, register] = [String(dev), hex(id)]
        await tools.ask(`
          vm = KVM_CREATE_VM(0) -> ok
          vm1 = KVM_CREATE_VM(0) -> ok
          ${made('vm')}
          vm: KVM_SET_DEV_REG(${handle}, ${register}, 0x0) -> -ENODEV
          vm: KVM_GET_DEV_REG(${handle}, ${register}) -> -ENODEV
          vm1: KVM_GET_DEV_REG(1, GICD_CTLR) -> -ENODEV`)
      }),
  },
]
