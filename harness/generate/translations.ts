/** Sequences about an ITS that is set up: commands in its queue, and tables that are saved, restored and looked at. */
import fc from 'fast-check'
import type { Call } from '../model/call.ts'
import { hex } from '../model/scalar.ts'
import { gits, itsCommands } from '../names/gic-registers.ts'
import { CTRL_INIT } from './lines/device-attr.ts'
import { place } from './lines/vgic-address.ts'
import { Picker } from './pick.ts'
import { shrunkCalls, valueOf } from './any-calls.ts'
import { callsIn, initialState } from './state.ts'

/** Where its guest has memory, and in the agent's the queue and the tables. */
const GUEST = 0x4000_0000
const [QUEUE, DEVICES, COLLECTIONS, PROPERTIES, PENDING, ITTS] = [
  0x2_0000, 0x3_0000, 0x4_0000, 0x5_0000, 0x6_0000, 0x8_0000,
]
const MEMORY = `vm: KVM_SET_USER_MEMORY_REGION(slot = 3, guest_phys_addr = ${hex(GUEST)}, memory_size = 0x200000, userspace_addr = &ram)`
const VALID = 1n << 63n
const address = (offset: number) => BigInt(GUEST + offset)

const set = (on: string, group: string, at: bigint | number, value: bigint) =>
  `${on}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_${group}, ${hex(at)}, &${hex(value)})`
const setIts = (at: number, value: bigint) => set('its', 'ITS_REGS', at, value)
const control = (attr: string, on = 'its') => `${on}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, ${attr})`
const words = (vcpu: string, at: number, ...all: readonly bigint[]) =>
  `${vcpu}: ram(${hex(at)} = ${all.map(hex).join(', ')})`

const registers = [
  setIts(gits.GITS_BASER[0], VALID | address(DEVICES)),
  setIts(gits.GITS_BASER[0] + 8, VALID | address(COLLECTIONS)),
  setIts(gits.GITS_CBASER[0], VALID | address(QUEUE)),
]
const ofCpu = (cpu: number, isEnabled: boolean) => {
  const at = (offset: number) => (BigInt(cpu) << 32n) | BigInt(offset)
  return [
    set('gic', 'REDIST_REGS', at(0x70), address(PROPERTIES) | 15n),
    set('gic', 'REDIST_REGS', at(0x78), address(PENDING + cpu * 0x1_0000)),
    ...(isEnabled ? [set('gic', 'REDIST_REGS', at(0), 1n)] : []),
  ]
}

/** Numbers few enough to meet, and those around what is allowed. */
const device = (pick: Picker) => BigInt(pick.of([0, 1, 1, 1, 5, 0x1fff, 0x2000]))
const event = (pick: Picker) => BigInt(pick.of([0, 0, 1, 2, 3, 4]))
const lpi = (pick: Picker) => BigInt(pick.of([8191, 8192, 8192, 8193, 8200, 65535, 65536]))
const collection = (pick: Picker) => BigInt(pick.of([0, 0, 1, 1, 2, 0x1fff, 0x2000]))
const target = (pick: Picker) => BigInt(pick.of([0, 0, 0, 1, 1, 2])) << 16n
const valid = (pick: Picker) => (pick.once(5) ? 0n : VALID)
const names = Object.keys(itsCommands) as (keyof typeof itsCommands)[]
const often: typeof names = ['MAPD', 'MAPC', 'MAPTI', 'MAPTI', 'INT']

const command = (pick: Picker): bigint[] => {
  const name = pick.of(pick.once(2) ? often : names)
  const first = BigInt(itsCommands[name]) | (device(pick) << 32n)
  if (name === 'MAPD')
    return [first, BigInt(pick.of([1, 1, 2, 15, 16])), valid(pick) | address(ITTS + 0x100 * pick.nat(2)), 0n]
  if (name === 'MAPC') return [first, 0n, valid(pick) | target(pick) | collection(pick), 0n]
  if (name === 'MOVALL') return [first, 0n, target(pick), target(pick)]
  return [first, event(pick) | (lpi(pick) << 32n), collection(pick), 0n]
}

const message = (pick: Picker) =>
  `vm: KVM_SIGNAL_MSI(address_lo = 0x8090040, data = ${event(pick)}, flags = KVM_MSI_VALID_DEVID, devid = ${device(pick)})`
const tables = [DEVICES, DEVICES + 8, COLLECTIONS, COLLECTIONS + 8, ITTS, ITTS + 8, PENDING + 1024, PENDING + 0x1_0400]
const entry = (pick: Picker) =>
  pick.of([0n, VALID | pick.of([0n, 1n, 0x1_0001n]), VALID | (address(ITTS) >> 3n) | 1n, 0x2000_0000n, 0x1_2001_0001n])

/** What is done with it, one of several things at a time. */
const step = (vcpu: string, pick: Picker): string[] =>
  pick.of<() => string[]>([
    () => [message(pick)],
    () => [message(pick), message(pick)],
    () => [control('KVM_DEV_ARM_ITS_SAVE_TABLES'), `${vcpu}: ram(${hex(pick.of(tables))})`],
    () => [control('KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES', 'gic'), `${vcpu}: ram(${hex(pick.of(tables))})`],
    () => [
      control('KVM_DEV_ARM_ITS_CTRL_RESET'),
      ...registers,
      ...(pick.once(2) ? [words(vcpu, pick.of(tables), entry(pick))] : []),
      control('KVM_DEV_ARM_ITS_RESTORE_TABLES'),
      setIts(gits.GITS_CTLR[0], 1n),
    ],
    () => [words(vcpu, pick.of(tables), entry(pick)), `${vcpu}: ram(${hex(pick.of(tables))})`],
  ])()

/** Commands from the first of the queue on; its registers are set anew for that. */
const queue = (vcpu: string, pick: Picker): string[] => {
  const all = Array.from({ length: 2 + pick.nat(8) }, () => command(pick))
  return [
    setIts(gits.GITS_CTLR[0], 0n),
    ...registers,
    ...all.map((one, i) => words(vcpu, QUEUE + 32 * i, ...one)),
    setIts(gits.GITS_CTLR[0], 1n),
    setIts(gits.GITS_CWRITER[0], BigInt(32 * all.length)),
    `its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, ${hex(gits.GITS_CREADR[0])}, &0x0)`,
  ]
}

const CPUS = [0, 1]
const begin = (pick: Picker) => [
  'kvm: KVM_CREATE_VM(0)',
  ...CPUS.map((cpu) => `vm: KVM_CREATE_VCPU(${cpu})`),
  ...CPUS.map((cpu) => `vcpu${cpu}: KVM_ARM_VCPU_INIT(features[] = 0)`),
  'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)',
  CTRL_INIT,
  'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)',
  place('KVM_VGIC_ITS_ADDR_TYPE', '0x8080000', 'its'),
  MEMORY,
  ...CPUS.flatMap((cpu) => ofCpu(cpu, !pick.once(8))),
]
const MOST_ROUNDS = 4

class Translations extends fc.Arbitrary<readonly Call[]> {
  generate(random: fc.Random): fc.Value<readonly Call[]> {
    const pick = new Picker(random)
    const vcpu = 'vcpu0'
    const rounds = Array.from({ length: 1 + pick.nat(MOST_ROUNDS - 1) }, () => [
      ...queue(vcpu, pick),
      ...step(vcpu, pick),
      ...step(vcpu, pick),
    ])
    const { ioctls } = initialState()
    return valueOf(
      [...begin(pick), ...rounds.flat()].flatMap((line) => callsIn(line, ioctls)!.map((call) => ({ call }))),
    )
  }

  canShrinkWithoutContext(_value: unknown): _value is readonly Call[] {
    return false
  }

  shrink(_calls: readonly Call[], context: unknown): fc.Stream<fc.Value<readonly Call[]>> {
    return shrunkCalls(context)
  }
}

/** An ITS of a VM with two vcpus, and whatever it may be told. */
export const translations = (): fc.Arbitrary<readonly Call[]> => new Translations()
