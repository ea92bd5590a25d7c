/** Registers of an ITS: its_registers. Those from GITS_TYPER to GITS_BASER have 64 bits, the others 32. */
import type { Its } from '../../../model/vgic.ts'
import type { Vm } from '../../../model/vm.ts'
import type { World } from '../../../model/world.ts'
import { gits } from '../../../names/gic-registers.ts'
import { command, freeCollection, freeDevice, type Words } from '../its/commands.ts'
import { doubt, forget } from '../its/remembered.ts'
import { load, loseTranslation } from '../its/translation.ts'
import { held, hold } from './held.ts'
import { sanitised } from './sanitised.ts'

/** An ITS register that is looked at: `index` counts registers of 64 bits in its place, or of 32. */
export interface AtIts {
  world: World
  vm: Vm
  its: Its
  index: number
}
interface Behaviour {
  reads(at: AtIts): bigint
  /** Absent: writes are ignored. */
  writes?(at: AtIts, value: bigint): void
}
export interface ItsRegister extends Behaviour {
  at: number
  size: number
}
const placed = ([at, size]: readonly [number, number], behaviour: Behaviour): ItsRegister => ({
  at,
  size,
  ...behaviour,
})

type Name = 'enabled' | 'GITS_CBASER' | 'GITS_CWRITER' | 'GITS_CREADR' | 'GITS_BASER'

const VALID = 1n << 63n
const cachedAt = { shareability: 10n, inner: 59n, outer: 53n }
const ENTRY = 8n
/** Of a table: its kind, the size of its entries, and that KVM has pages of 64K only. */
const DEVICES = 1n
const COLLECTIONS = 4n
const [PAGES, PAGES_64K] = [3n << 8n, 2n << 8n]
const READ_ONLY = (0x1fn << 48n) | (7n << 56n)
const INDIRECT = 1n << 62n
const fixed = (kind: bigint) => ((ENTRY - 1n) << 48n) | (kind << 56n)
/** Cached, inner shareable, pages of 64K. */
const INITIALLY = (3n << 59n) | (1n << 10n) | PAGES_64K
const OFFSET = 0xf_ffe0n

const get = ({ its }: Pick<AtIts, 'its'>, name: Name, index = 0): bigint =>
  held(its.held, name, 'shared', index, name === 'GITS_BASER' && index < 2 ? INITIALLY | fixed(kinds[index]!) : 0n)!
const put = ({ its }: Pick<AtIts, 'its'>, name: Name, value: bigint, index = 0): void =>
  hold(its.held, name, 'shared', index, value)
const kinds = [DEVICES, COLLECTIONS]

/** The bytes of the queue of commands. */
const queueSize = (its: Its) => ((get({ its }, 'GITS_CBASER') & 0xffn) + 1n) << 12n
export const isEnabled = (its: Its): boolean => get({ its }, 'enabled') === 1n
/** True where GITS_CREADR would lie behind the queue. */
export const isBehindQueue = (its: Its, value: bigint): boolean => (value & OFFSET) >= queueSize(its)

const COMMAND = 32
/** The command at that address of the guest; 'EFAULT': it has no memory there. */
const fetched = (at: AtIts, address: bigint): Words | 'EFAULT' | undefined => {
  const words = [0n, 8n, 16n, 24n].map((offset) => load(at, address + offset, 8))
  if (words.includes('EFAULT')) return 'EFAULT'
  return words.includes(undefined) ? undefined : (words as readonly bigint[] as Words)
}

/** Commands are all done at once, up to the last; those that cannot be read are passed over. */
const process = (at: AtIts) => {
  const { its, vm } = at
  if (!isEnabled(its)) return
  const [base, end] = [get(at, 'GITS_CBASER') & 0xf_ffff_ffff_f000n, get(at, 'GITS_CWRITER')]
  for (let next = get(at, 'GITS_CREADR'); next !== end;) {
    // Of LPIs without a GICv3 that is initialised nobody has looked.
    if (vm.vgic?.model !== 'v3' || !vm.vgic.initialised || vm.isTranslationLost) {
      loseTranslation(at)
      break
    }
    const words = fetched(at, base + next)
    if (words !== undefined && words !== 'EFAULT') command(at, words)
    next = (next + BigInt(COMMAND)) % queueSize(its)
  }
  put(at, 'GITS_CREADR', end)
}

const control: Behaviour = {
  reads: (at) => (get(at, 'GITS_CREADR') === get(at, 'GITS_CWRITER') ? 0x8000_0000n : 0n) | get(at, 'enabled'),
  writes: (at, value) => {
    const enable = value & 1n
    const tables = [get(at, 'GITS_BASER', 0), get(at, 'GITS_BASER', 1), get(at, 'GITS_CBASER')]
    if (enable === 1n && !isEnabled(at.its) && tables.some((table) => (table & VALID) === 0n)) return
    put(at, 'enabled', enable)
    if (enable === 0n) forget(at, at.its)
    process(at)
  },
}
const queue: Behaviour = {
  reads: (at) => get(at, 'GITS_CBASER'),
  writes: (at, value) => {
    if (isEnabled(at.its)) return
    put(at, 'GITS_CBASER', sanitised(value, cachedAt) & ~0xf000n)
    put(at, 'GITS_CREADR', 0n)
    put(at, 'GITS_CWRITER', 0n)
  },
}
const writer: Behaviour = {
  reads: (at) => get(at, 'GITS_CWRITER'),
  writes: (at, value) => {
    if (isBehindQueue(at.its, value)) return
    put(at, 'GITS_CWRITER', value & OFFSET)
    process(at)
  },
}
/** The ITS knows no device any more, or no collection. */
const free = (at: Omit<AtIts, 'index'>, kind: bigint): void => {
  if (kind === DEVICES) for (const id of at.its.devices.keys()) freeDevice(at, id)
  else for (const id of at.its.collections.keys()) freeCollection(at, id)
}
/** It knows nothing any more. */
export const forgetMapped = (at: Omit<AtIts, 'index'>): void => {
  for (const kind of kinds) free(at, kind)
}
const table: Behaviour = {
  reads: (at) => get(at, 'GITS_BASER', at.index),
  writes: (at, value) => {
    const kind = kinds[at.index]
    if (isEnabled(at.its) || kind === undefined) return
    const cleared = value & ~READ_ONLY & ~(kind === COLLECTIONS ? INDIRECT : 0n)
    const kept = (sanitised(cleared | fixed(kind), cachedAt) & ~PAGES) | PAGES_64K
    const old = get(at, 'GITS_BASER', at.index)
    put(at, 'GITS_BASER', kept, at.index)
    const { its } = at
    // Whether it remembers what it has translated until then depends on the release.
    if (kept !== old && its.remembered) doubt(its)
    if (kept === old || (kind === DEVICES ? its.devices : its.collections).size === 0) return
    // What was in a table is forgotten with it; which other changes take it along depends on the release.
    if (kept & VALID) loseTranslation(at)
    else free(at, kind)
  },
}
/** From GITS_PIDR4 on. */
const ids = [0x40, 0, 0, 0, 0x92, 0xb4, 0x3b, 0, 0x0d, 0xf0, 0x05, 0xb1]

const registers: readonly ItsRegister[] = [
  placed(gits.GITS_CTLR, control),
  placed(gits.GITS_IIDR, { reads: () => 0x4b00_043bn }),
  // 16 bits each of devices and events, translations of 8 bytes.
  placed(gits.GITS_TYPER, { reads: () => 0x1_ef71n }),
  placed(gits.GITS_CBASER, queue),
  placed(gits.GITS_CWRITER, writer),
  placed(gits.GITS_CREADR, {
    reads: (at) => get(at, 'GITS_CREADR'),
    writes: (at, value) => put(at, 'GITS_CREADR', value & OFFSET),
  }),
  placed(gits.GITS_BASER, table),
  placed(gits.GITS_IDREGS, { reads: ({ index }) => BigInt(ids[index]!) }),
]

/** The register at that attribute, whose low 32 bits alone are looked up; undefined: there is none. */
export const itsRegisterAt = (attr: bigint): ItsRegister | undefined => {
  const offset = Number(attr & 0xffff_ffffn)
  return registers.find(({ at, size }) => offset >= at && offset < at + size)
}

/** KVM_DEV_ARM_ITS_CTRL_RESET. */
export const resetIts = (at: Omit<AtIts, 'index'>): void => {
  for (const name of ['enabled', 'GITS_CBASER', 'GITS_CWRITER', 'GITS_CREADR'] as const) put(at, name, 0n)
  for (const index of [0, 1]) put(at, 'GITS_BASER', get(at, 'GITS_BASER', index) & ~VALID, index)
  forgetMapped(at)
}
