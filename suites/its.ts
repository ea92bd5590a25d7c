/** An ITS that is really set up, as laws and sequences say it: its memory, its registers, and commands in its queue. */
import type { Host } from '../harness/model/host.ts'
import { hex } from '../harness/model/scalar.ts'
import { deviceTypes } from '../harness/names/index.ts'
import { gits, itsCommands } from '../harness/names/gic-registers.ts'

/** Where the guest has its memory, and in that the queue and the tables: of devices, collections, events and LPIs. */
export const MEMORY = { at: 0x4000_0000, size: 0x20_0000 }
export const QUEUE = 0x1_0000
export const DEVICES = 0x2_0000
export const COLLECTIONS = 0x3_0000
const PROPERTIES = 0x4_0000
/** One for each vcpu. */
export const PENDING = [0x6_0000, 0x8_0000] as const
export const ITTS = 0xa_0000
const ITS_AT = 0x808_0000
const FIRST_LPI = 8192

const REGS = 'KVM_DEV_ARM_VGIC_GRP_ITS_REGS'
const REDIST = 'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS'
const VALID = 1n << 63n
export const address = (offset: number): bigint => BigInt(MEMORY.at + offset)

/** A trace of lines, and of lists of lines. */
export const all = (...lines: readonly (string | readonly string[])[]) => lines.flat().join('\n')

/** The line that sets a register of the ITS. */
export const setIts = (offset: number, value: bigint, its = 'its') =>
  `${its}: KVM_SET_DEVICE_ATTR(${REGS}, ${hex(offset)}, &${hex(value)}) -> ok`
export const getIts = (offset: number, value: bigint, its = 'its') =>
  `${its}: KVM_GET_DEVICE_ATTR(${REGS}, ${hex(offset)}, &0) -> ok = ${hex(value)}`
const setRedist = (cpu: number, offset: number, value: bigint) =>
  [value & 0xffff_ffffn, value >> 32n].map(
    (word, i) =>
      `gic: KVM_SET_DEVICE_ATTR(${REDIST}, ${hex((BigInt(cpu) << 32n) | BigInt(offset + 4 * i))}, &${hex(word)}) -> ok`,
  )

export const control = (attr: string, its = 'its') => `${its}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, ${attr})`
export const SAVE = `${control('KVM_DEV_ARM_ITS_SAVE_TABLES')} -> ok`
export const RESTORE = `${control('KVM_DEV_ARM_ITS_RESTORE_TABLES')} -> ok`
export const RESET = `${control('KVM_DEV_ARM_ITS_CTRL_RESET')} -> ok`
export const SAVE_PENDING = `${control('KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES', 'gic')} -> ok`

const vcpus = (cpus: number) => Array.from({ length: cpus }, (_, cpu) => cpu)

/** A VM with a GICv3 that is initialised, an ITS, and memory for its tables. */
export const machine = (cpus: number) => [
  ...vcpus(cpus).map((cpu) => `vcpu${cpu} = KVM_CREATE_VCPU(${cpu}) -> ok`),
  ...vcpus(cpus).map((cpu) => `vcpu${cpu}: KVM_ARM_VCPU_INIT(features[] = 0) -> ok`),
  'gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok',
  ...['DIST, &0x8000000', 'REDIST, &0x80a0000'].map(
    (at) => `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_${at}) -> ok`,
  ),
  'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok',
  'its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS) -> ok',
  `its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &${hex(ITS_AT)}) -> ok`,
  `vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = ${hex(MEMORY.at)}, memory_size = ${hex(MEMORY.size)}, userspace_addr = &ram + 0x10000) -> ok`,
]

/** Registers of the ITS that say where its queue and its tables are, of 64K each. */
export const tables = (its = 'its') => [
  setIts(gits.GITS_BASER[0], VALID | address(DEVICES), its),
  setIts(gits.GITS_BASER[0] + 8, VALID | address(COLLECTIONS), its),
  setIts(gits.GITS_CBASER[0], VALID | address(QUEUE), its),
]
/** Where the tables of LPIs are. */
export const lpiTables = (cpus: number) => [
  ...setRedist(0, 0x70, address(PROPERTIES) | 15n),
  ...vcpus(cpus).flatMap((cpu) => setRedist(cpu, 0x78, address(PENDING[cpu]!))),
]
/** GICR_CTLR.EnableLPIs. */
export const enableLpis = (cpus: number, value = 1n) => vcpus(cpus).map((cpu) => setRedist(cpu, 0, value)[0]!)
export const ENABLE = setIts(gits.GITS_CTLR[0], 1n)
/** All of that, and the ITS is enabled. */
export const ready = (cpus: number) => [...machine(cpus), ...tables(), ...lpiTables(cpus), ...enableLpis(cpus), ENABLE]

/** The line that writes words to the guest's memory, and the one that reads a word. */
export const RAM_AT = 0x1_0000
export const writes = (offset: number, ...words: readonly bigint[]) =>
  `vcpu0: ram(${hex(RAM_AT + offset)} = ${words.map(hex).join(', ')}) -> ok`
export const reads = (offset: number, word: bigint) => `vcpu0: ram(${hex(RAM_AT + offset)}) -> ok = ${hex(word)}`

type Words = readonly [bigint, bigint, bigint, bigint]
const word = (command: keyof typeof itsCommands, device = 0) => BigInt(itsCommands[command]) | (BigInt(device) << 32n)
const pair = (low: number, high: number) => BigInt(low) | (BigInt(high) << 32n)

/** Commands of the queue, each its four words. */
export const commands = {
  MAPD: (device: number, itt: number, bits: number): Words => [
    word('MAPD', device),
    BigInt(bits - 1),
    VALID | address(itt),
    0n,
  ],
  unmapDevice: (device: number): Words => [word('MAPD', device), 0n, 0n, 0n],
  MAPC: (collection: number, cpu: number): Words => [
    word('MAPC'),
    0n,
    VALID | (BigInt(cpu) << 16n) | BigInt(collection),
    0n,
  ],
  unmapCollection: (collection: number): Words => [word('MAPC'), 0n, BigInt(collection), 0n],
  MAPTI: (device: number, event: number, lpi: number, collection: number): Words => [
    word('MAPTI', device),
    pair(event, lpi),
    BigInt(collection),
    0n,
  ],
  MAPI: (device: number, event: number, collection: number): Words => [
    word('MAPI', device),
    BigInt(event),
    BigInt(collection),
    0n,
  ],
  MOVI: (device: number, event: number, collection: number): Words => [
    word('MOVI', device),
    BigInt(event),
    BigInt(collection),
    0n,
  ],
  MOVALL: (from: number, to: number): Words => [word('MOVALL'), 0n, BigInt(from) << 16n, BigInt(to) << 16n],
  INT: (device: number, event: number): Words => [word('INT', device), BigInt(event), 0n, 0n],
  CLEAR: (device: number, event: number): Words => [word('CLEAR', device), BigInt(event), 0n, 0n],
  DISCARD: (device: number, event: number): Words => [word('DISCARD', device), BigInt(event), 0n, 0n],
  INV: (device: number, event: number): Words => [word('INV', device), BigInt(event), 0n, 0n],
  INVALL: (collection: number): Words => [word('INVALL'), 0n, BigInt(collection), 0n],
  SYNC: (): Words => [word('SYNC'), 0n, 0n, 0n],
}

/** Commands that the queue gets from number `first` on, and GITS_CWRITER, with which they are done. */
export const queue = (first: number, ...all: readonly Words[]): string[] => {
  const end = BigInt((first + all.length) * 32)
  return [
    ...all.map((one, i) => writes(QUEUE + (first + i) * 32, ...one)),
    setIts(gits.GITS_CWRITER[0], end),
    getIts(gits.GITS_CREADR[0], end),
  ]
}

const runs = (program: string) =>
  `vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(${program})) -> ok`
/** One vcpu that runs the program, with an ITS that is enabled. */
export const guestThat = (program: string) => [
  ...machine(1),
  runs(program),
  ...tables(),
  ...lpiTables(1),
  ...enableLpis(1),
  ENABLE,
]

/** One vcpu whose guest acknowledges interrupts, and those of LPIs that it is given. */
export const guest = [
  ...machine(1),
  runs('acknowledge'),
  'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x0, &0x2) -> ok',
  ...['0xc230, &0xf0', '0xc667, &0x1'].map(
    (register) => `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, ${register}) -> ok`,
  ),
  ...tables(),
  ...lpiTables(1),
  ...enableLpis(1),
  ENABLE,
]
export const given = (...irqs: readonly number[]) =>
  irqs.flatMap((irq) => ['vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO', `vcpu0: kvm_run(mmio.data) -> ok = ${irq}`])

/** A message of a device to the ITS; 1: its interrupt is pending now. */
export const message = (device: number, event: number, answer: string) =>
  `vm: KVM_SIGNAL_MSI(address_lo = ${hex(ITS_AT + 0x1_0040)}, data = ${event}, flags = KVM_MSI_VALID_DEVID, devid = ${device}) -> ${answer}`

/** Words of a vcpu's pending table that are not zero where these LPIs are pending; with their offset. */
const pendingWords = (all: readonly number[]): Map<number, bigint> => {
  const words = new Map<number, bigint>()
  for (const lpi of all) {
    const offset = (lpi >> 6) * 8
    words.set(offset, (words.get(offset) ?? 0n) | (1n << BigInt(lpi & 63)))
  }
  return words
}
/** Where the table has what an LPI is configured as. */
export const propertyAt = (lpi: number) => PROPERTIES + lpi - FIRST_LPI

/**
 * The lines that read the pending tables where these interrupts have their bits; `all`: where others might have theirs.
 */
export const pending = (all: readonly number[], of: readonly (readonly number[])[]): string[] =>
  of.flatMap((mine, cpu) => {
    const words = pendingWords(mine)
    return [...pendingWords(all).keys()].map((offset) => reads(PENDING[cpu]! + offset, words.get(offset) ?? 0n))
  })
/** The interrupts of each vcpu. */
export const byCpu = (cpus: number, all: readonly { lpi: number; cpu: number | undefined }[]): number[][] =>
  vcpus(cpus).map((cpu) => all.filter((one) => one.cpu === cpu).map(({ lpi }) => lpi))

const { KVM_DEV_TYPE_ARM_VGIC_V3: V3, KVM_DEV_TYPE_ARM_VGIC_ITS: ITS } = deviceTypes
export const hasIts = ({ devices }: Host): boolean => devices.includes(V3) && devices.includes(ITS)
/** Where there is none. */
export const LACKS = 'no GICv3 with an ITS'
