/** What an ITS translates: guest memory has it while a VM is moved, in tables that KVM saves and restores. */
import { hex } from '../../harness/model/scalar.ts'
import { gicr, gits, itsCommands } from '../../harness/names/gic-registers.ts'
import { type StatePiece } from './state.ts'

/** Where the guest has memory for an ITS, and where that is in the agent's. */
const GUEST = 0x4000_0000n
const RAM = 0x1_0000n
const [QUEUE, DEVICES, COLLECTIONS, PROPERTIES, ITT] = [0x1_0000n, 0x2_0000n, 0x3_0000n, 0x4_0000n, 0x5_0000n]
const PENDING = [0x6_0000n, 0x7_0000n] as const
const VALID = 1n << 63n
/** A device with four events, of which the first and the last are mapped, each to an interrupt of its own vcpu. */
const DEVICE = 1n
const EVENTS = [
  { event: 0n, lpi: 8192n, collection: 0n },
  { event: 3n, lpi: 8193n, collection: 1n },
]

export const memoryLine = `vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = ${hex(GUEST)}, memory_size = 0x100000, userspace_addr = &ram + ${hex(RAM)})`

const writeLine = (offset: bigint, ...words: readonly bigint[]): string =>
  `vcpu0: ram(${hex(RAM + offset)} = ${words.map(hex).join(', ')})`
const set = (device: 'gic' | 'its', group: string, attr: bigint, value: bigint): string =>
  `${device}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_${group}, ${hex(attr)}, &${hex(value)})`
const control = (device: 'gic' | 'its', attr: string): string =>
  `${device}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, ${attr})`
const messageLine = (event: bigint): string =>
  `vm: KVM_SIGNAL_MSI(address_lo = 0x8090040, data = ${event}, flags = KVM_MSI_VALID_DEVID, devid = ${DEVICE})`

const setIts = (at: number, value: bigint) => set('its', 'ITS_REGS', BigInt(at), value)
const setCpu = (cpu: number, at: number, value: bigint) =>
  set('gic', 'REDIST_REGS', (BigInt(cpu) << 32n) | BigInt(at), value)

const { MAPD, MAPC, MAPTI } = itsCommands
const commands: readonly (readonly bigint[])[] = [
  [BigInt(MAPD) | (DEVICE << 32n), 1n, VALID | (GUEST + ITT), 0n],
  ...PENDING.map((_, cpu) => [BigInt(MAPC), 0n, VALID | (BigInt(cpu) << 16n) | BigInt(cpu), 0n]),
  ...EVENTS.map(({ event, lpi, collection }) => [
    BigInt(MAPTI) | (DEVICE << 32n),
    event | (lpi << 32n),
    collection,
    0n,
  ]),
]

/** What the guest's driver does: tables, LPIs, and commands; the last event has come, and nobody has taken it. */
export const fillLines: readonly string[] = [
  ...PENDING.flatMap((table, cpu) => [
    setCpu(cpu, gicr.GICR_PROPBASER[0], GUEST + PROPERTIES + 15n),
    setCpu(cpu, gicr.GICR_PENDBASER[0], GUEST + table),
    setCpu(cpu, gicr.GICR_CTLR[0], 1n),
  ]),
  setIts(gits.GITS_CBASER[0], VALID | (GUEST + QUEUE)),
  setIts(gits.GITS_BASER[0], VALID | (GUEST + DEVICES)),
  setIts(gits.GITS_BASER[0] + 8, VALID | (GUEST + COLLECTIONS)),
  ...commands.map((words, i) => writeLine(QUEUE + BigInt(32 * i), ...words)),
  setIts(gits.GITS_CTLR[0], 1n),
  setIts(gits.GITS_CWRITER[0], BigInt(32 * commands.length)),
  messageLine(EVENTS[1]!.event),
]

/** What KVM knows goes into guest memory. */
export const saveLines: readonly string[] = [
  control('its', 'KVM_DEV_ARM_ITS_SAVE_TABLES'),
  control('gic', 'KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES'),
]
/** What was saved is taken back before GITS_CTLR (devices/arm-vgic-its.rst). */
export const restoreLine = control('its', 'KVM_DEV_ARM_ITS_RESTORE_TABLES')

const words: readonly (readonly [name: string, offset: bigint])[] = [
  ['a device in the device table', DEVICES + 8n * DEVICE],
  ...EVENTS.map(({ event }) => ['an event in a translation table', ITT + 8n * event] as const),
  ...PENDING.map((_, cpu) => ['a collection in the collection table', COLLECTIONS + 8n * BigInt(cpu)] as const),
  ...PENDING.map((table) => ['LPIs in a pending table', table + 1024n] as const),
]
/** Saved anew where it was restored, with nothing in memory that was there before: it is what KVM has taken over. */
export const saveAnewLines: readonly string[] = [...words.map(([, offset]) => writeLine(offset, 0n)), ...saveLines]

/** Words of guest memory in which the tables are. */
export const tablePieces: readonly StatePiece[] = words.map(([name, offset]) => ({
  kind: 'interrupt controller',
  what: `ram(${hex(RAM + offset)})`,
  name,
  read: `vcpu0: ram(${hex(RAM + offset)})`,
  write: (value) => [writeLine(offset, value)],
}))

/** Whether a device's message comes to an interrupt. */
export const messagePieces: readonly StatePiece[] = EVENTS.map(({ event }) => ({
  kind: 'interrupt controller',
  what: `KVM_SIGNAL_MSI, event ${event} of device ${DEVICE}`,
  read: messageLine(event),
  write: () => [],
}))
