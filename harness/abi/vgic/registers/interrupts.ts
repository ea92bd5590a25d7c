/** Registers that have some bits for every interrupt: the first 32 are each vcpu's own, the others are shared. */
import { held, hold, lose, type Bank } from './held.ts'
import type { At, Register } from './register.ts'

/** What is known of interrupts, by the word: of 32 interrupts, of four (a byte each), or of one. */
export type Kept = 'enabled' | 'pending' | 'active' | 'group' | 'edge' | 'high' | 'priority' | 'targets' | 'affinity'

const SGIS = 0xffffn
const ALL = 0xffff_ffffn
const HAS_RUN = 'has run'
/** What a guest that takes interrupts changes. */
const VOLATILE: readonly Kept[] = ['pending', 'active', 'high']
/** What nobody knows of the interrupts of timers and PMU once the vcpu has run: the CPU has them. */
const OF_DEVICES: readonly Kept[] = ['active']

/**
 * What a word holds at first: SGIs are enabled, they and shared interrupts are edge-triggered, and a GICv3 has all
 * interrupts in group 1.
 */
const first = ({ vgic }: At, name: Kept, bank: Bank): bigint => {
  if (name === 'edge') return bank === 'shared' ? ALL : SGIS
  if (name === 'enabled') return bank === 'shared' ? 0n : SGIS
  return name === 'group' && vgic.model === 'v3' ? ALL : 0n
}

/** A word of what is known of interrupts; undefined: nobody knows. */
export const wordOf = (at: At, name: Kept, bank: Bank, word: number): bigint | undefined =>
  bank !== 'shared' && OF_DEVICES.includes(name) && held(at.vgic.held, HAS_RUN, bank, 0, 0n) !== 0n
    ? undefined
    : held(at.vgic.held, name, bank, word, first(at, name, bank))

export const setWord = ({ vgic }: At, name: Kept, bank: Bank, word: number, value: bigint | undefined): void =>
  hold(vgic.held, name, bank, word, value)

/** Nobody knows which of these interrupts are pending or active. */
export const loseInterrupts = (vgic: At['vgic'], bank: Bank): void => {
  for (const name of VOLATILE) lose(vgic.held, name, bank)
}

/** The same of those shared ones that a guest may have met: words in which an interrupt is enabled, or active. */
export const loseMet = (at: At): void => {
  for (let index = 1; index < at.vgic.nrIrqs / 32; index++) {
    const [enabled, active] = (['enabled', 'active'] as const).map((name) => wordOf(at, name, 'shared', index))
    if (enabled === 0n && active === 0n) continue
    for (const name of VOLATILE) setWord(at, name, 'shared', index, undefined)
  }
}

/** The same of the vcpu's own, where one that is enabled was pending. */
export const loseOwn = (at: At): void => {
  const [enabled, pending, high] = (['enabled', 'pending', 'high'] as const).map((name) =>
    wordOf(at, name, at.cpu.id, 0),
  )
  const isQuiet =
    pending !== undefined && high !== undefined && enabled !== undefined && (enabled & (pending | high)) === 0n
  if (!isQuiet && enabled !== 0n) setWord(at, 'pending', at.cpu.id, 0, undefined)
}

/** From its first KVM_RUN on the timers and the PMU of a vcpu raise its own interrupts. */
export const loseToDevices = (vgic: At['vgic'], cpu: number): void => hold(vgic.held, HAS_RUN, cpu, 0, 1n)

/** Whose a register is that has so many bits for each interrupt. */
const bankAt = ({ index, cpu }: At, perIrq: number): Bank => (index < perIrq ? cpu.id : 'shared')

/** A register whose every bit is one of 32 interrupts. */
const bits = (name: Kept, written?: (old: bigint, value: bigint) => bigint): Register => ({
  reads: (at) => wordOf(at, name, bankAt(at, 1), at.index),
  ...(written && {
    writes: (at, value) => {
      const bank = bankAt(at, 1)
      const old = wordOf(at, name, bank, at.index)
      setWord(at, name, bank, at.index, old === undefined && value !== ALL ? undefined : written(old ?? ALL, value))
    },
  }),
})
const set = (old: bigint, value: bigint) => old | value
const clear = (old: bigint, value: bigint) => old & ~value

export const setEnable = bits('enabled', set)
export const clearEnable = bits('enabled', clear)
export const setActive = bits('active', set)
export const clearActive = bits('active', clear)

/** A register that holds what was written, whatever it held. */
const kept = (name: Kept, bankOf: (at: At) => Bank, mask: bigint): Register => ({
  reads: (at) => wordOf(at, name, bankOf(at), at.index),
  writes: (at, value) => setWord(at, name, bankOf(at), at.index, value & mask),
})
export const group = kept('group', (at) => bankAt(at, 1), ALL)
/** GICv3: userspace reads and writes the latch alone; the level of lines is a group of its own. */
export const pendingLatch = kept('pending', (at) => bankAt(at, 1), ALL)
/** Of the eight bits of a priority five are there. */
export const priority = kept('priority', (at) => bankAt(at, 8), 0xf8f8_f8f8n)

/** GICv2: an interrupt that a line holds high is pending as well. */
const pending = (written: (old: bigint, value: bigint) => bigint): Register => ({
  reads: (at) => {
    const bank = bankAt(at, 1)
    const [latch, high, edge] = (['pending', 'high', 'edge'] as const).map((name) => wordOf(at, name, bank, at.index))
    return latch === undefined || high === undefined || edge === undefined ? undefined : latch | (high & ~edge & ALL)
  },
  writes: bits('pending', written).writes!,
})
export const setPending = pending(set)
export const clearPending = pending(clear)

/** Two bits an interrupt, of which the upper says that it is edge-triggered. Private ones cannot be changed. */
export const configuration: Register = {
  reads: (at) => {
    const edge = wordOf(at, 'edge', bankAt(at, 2), at.index >> 1)
    if (edge === undefined) return undefined
    const half = edge >> BigInt((at.index & 1) * 16)
    return Array.from({ length: 16 }, (_, i) => BigInt(i)).reduce(
      (all, i) => all | (((half >> i) & 1n) << (i * 2n + 1n)),
      0n,
    )
  },
  writes: (at, value) => {
    if (at.index < 2) return
    const shift = BigInt((at.index & 1) * 16)
    const edge = Array.from({ length: 16 }, (_, i) => BigInt(i)).reduce(
      (all, i) => all | (((value >> (i * 2n + 1n)) & 1n) << i),
      0n,
    )
    const old = wordOf(at, 'edge', 'shared', at.index >> 1)
    const now = old === undefined ? undefined : (old & ~(0xffffn << shift)) | (edge << shift)
    setWord(at, 'edge', 'shared', at.index >> 1, now)
  },
}

/** GICv3: where an interrupt is routed to. The upper word and the fourth level of affinity are not there. */
export const router: Register = {
  reads: (at) => (at.index & 1 ? 0n : wordOf(at, 'affinity', 'shared', at.index >> 1)),
  writes: (at, value) => {
    if (at.index & 1) return
    const irq = at.index >> 1
    const raised = (['pending', 'high'] as const).map((name) => wordOf(at, name, 'shared', irq >> 5))
    if (raised.some((word) => word === undefined || ((word >> BigInt(irq & 31)) & 1n) === 1n)) at.vgic.isRerouted = true
    setWord(at, 'affinity', 'shared', irq, value & 0xff_ffffn)
  },
}

/** GICv2: the vcpus that take an interrupt, a bit each; a private one is that of `own`. */
export const targets = (own: (at: At) => number): Register => ({
  reads: (at) =>
    at.index < 8 ? 0x0101_0101n * BigInt.asUintN(8, 1n << BigInt(own(at))) : wordOf(at, 'targets', 'shared', at.index),
  writes: (at, value) => {
    const cpus = 0x0101_0101n * ((1n << BigInt(at.here.vm.vcpus.length)) - 1n)
    if (at.index >= 8) setWord(at, 'targets', 'shared', at.index, value & cpus)
  },
})

/** In the distributor of a GICv3 the first 32 interrupts are not there: they belong to the redistributors. */
export const sharedOnly = (perIrq: number, register: Register): Register => ({
  reads: (at) => (at.index < perIrq ? 0n : register.reads(at)),
  ...(register.writes && {
    writes: (at, value) => {
      if (at.index >= perIrq) register.writes!(at, value)
    },
  }),
})

/** GICv3: what the lines of 32 interrupts are at: number `at.index` of them. SGIs have no line. */
export const lineLevels: Register = {
  reads: (at) => {
    if (at.index * 32 >= at.vgic.nrIrqs) return 0n
    const bank = bankAt(at, 1)
    const [high, edge] = (['high', 'edge'] as const).map((name) => wordOf(at, name, bank, at.index))
    return high === undefined || edge === undefined ? undefined : high & ~edge & ALL
  },
  writes: (at, value) => {
    if (at.index * 32 >= at.vgic.nrIrqs) return
    setWord(at, 'high', bankAt(at, 1), at.index, at.index === 0 ? value & ~SGIS : value)
  },
}
