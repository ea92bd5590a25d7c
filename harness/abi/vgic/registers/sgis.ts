/** GICv2: software generated interrupts, which know the vcpus that sent them. */
import type { Vcpu } from '../../../model/vcpu.ts'
import { held, hold } from './held.ts'
import { clearPending, setPending, setWord, wordOf } from './interrupts.ts'
import type { At, Register } from './register.ts'

const SGIS = 16
/** Which vcpus sent four of the interrupts, a byte each and a bit for every vcpu. */
const sources = ({ vgic, cpu }: At, word: number) => held(vgic.held, 'sources', cpu.id, word, 0n)
const setSources = ({ vgic, cpu }: At, word: number, value: bigint | undefined) =>
  hold(vgic.held, 'sources', cpu.id, word, value)

const byteOf = (value: bigint, i: number) => (value >> BigInt(i * 8)) & 0xffn

/** Changes whether some SGIs of `at.cpu` are pending: those whose bit is set in `mask` become as in `value`. */
const latch = (at: At, mask: bigint, value: bigint) => {
  const old = wordOf(at, 'pending', at.cpu.id, 0)
  setWord(at, 'pending', at.cpu.id, 0, old === undefined ? undefined : (old & ~mask) | (value & mask))
}

/** Userspace makes SGIs pending: they come from the vcpu itself. */
export const setPendingFromItself: Register = {
  reads: setPending.reads,
  writes: (at, value) => {
    setPending.writes!(at, value)
    if (at.index === 0) send(at, at.cpu, value, BigInt.asUintN(8, 1n << BigInt(at.cpu.id)))
  },
}

/** Where it takes that back, all senders are forgotten. */
export const clearPendingOfAll: Register = {
  reads: clearPending.reads,
  writes: (at, value) => {
    clearPending.writes!(at, value)
    if (at.index > 0) return
    for (let i = 0; i < SGIS; i++)
      if ((value >> BigInt(i)) & 1n) {
        const old = sources(at, i >> 2)
        setSources(at, i >> 2, old === undefined ? undefined : old & ~(0xffn << BigInt((i & 3) * 8)))
      }
  },
}

/** The SGIs whose bits are set reach `cpu`, from the vcpus `from`. */
const send = ({ here, vgic, index }: At, cpu: Vcpu, irqs: bigint, from: bigint) => {
  const at: At = { here, vgic, cpu, index }
  for (let i = 0; i < SGIS; i++)
    if ((irqs >> BigInt(i)) & 1n) {
      const old = sources(at, i >> 2)
      setSources(at, i >> 2, old === undefined ? undefined : old | (from << BigInt((i & 3) * 8)))
      latch(at, 1n << BigInt(i), ~0n)
    }
}

/** GICD_SGIR: sends one to the vcpus that are listed, to all others, or to itself. */
export const softwareInterrupt: Register = {
  reads: () => 0n,
  writes: (at, value) => {
    const { vcpus } = at.here.vm
    const self = 1n << BigInt(at.cpu.id)
    const mode = (value >> 24n) & 3n
    const listed = [byteOf(value, 2), ((1n << BigInt(vcpus.length)) - 1n) & ~self, self, 0n][Number(mode)]!
    vcpus.forEach((vcpu, i) => {
      if ((listed >> BigInt(i)) & 1n) send(at, vcpu, 1n << (value & 0xfn), BigInt.asUintN(8, self))
    })
  },
}

/** GICD_SPENDSGIR and GICD_CPENDSGIR: the senders of four interrupts; what nobody sent is not pending. */
const senders = (change: (old: bigint, value: bigint) => bigint, isSet: boolean): Register => ({
  reads: (at) => sources(at, at.index),
  writes: (at, value) => {
    const old = sources(at, at.index)
    const now = old === undefined ? undefined : change(old, value)
    setSources(at, at.index, now)
    for (let i = 0; i < 4; i++) {
      const irq = 1n << BigInt(at.index * 4 + i)
      if (now === undefined) setWord(at, 'pending', at.cpu.id, 0, undefined)
      else if ((byteOf(now, i) !== 0n) === isSet) latch(at, irq, isSet ? ~0n : 0n)
    }
  },
})
export const setSenders = senders((old, value) => old | value, true)
export const clearSenders = senders((old, value) => old & ~value, false)
