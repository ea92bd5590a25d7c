/** A made-up arm64 KVM behind the agent's protocol, small enough to be given any defect: for recording it. */
import type { Played } from '../../../harness/link/lines.ts'
import { ioctls, namedRegs } from '../../../harness/names/index.ts'
import type { ProbeTarget } from '../../../harness/probe/player.ts'

/** What one ioctl of the defect does instead; undefined: what is usual. */
export interface Defect {
  machine?: string
  open?: number
  /** By the ioctl's name: what it returns, or how it ends the list. */
  answers?: Partial<Record<string, number>>
  /** Of a register: what reading it gives, −errno or a value. */
  reads?: (id: bigint) => bigint | undefined
  /** The list of registers of a vcpu with these feature bits. */
  lists?: (ids: bigint[], bits: number) => bigint[] | undefined
  /** What a register holds after a write of this value; undefined: the write is refused. */
  keeps?: (id: bigint, value: bigint) => bigint | undefined
  /** How a write ends the list, and what the kernel log says of it. */
  writes?: (id: bigint, value: bigint) => Pick<Played, 'outcome' | 'log'> | undefined
}

const { KVM_REG_ARM_TIMER_CTL, KVM_REG_ARM_TIMER_CVAL, KVM_REG_ARM_PTIMER_CTL } = namedRegs
/** The registers that its vcpus have. */
export const tinyRegs = [KVM_REG_ARM_TIMER_CTL, KVM_REG_ARM_TIMER_CVAL, KVM_REG_ARM_PTIMER_CTL]
const FEATURES = 0b1100

const names = new Map(Object.entries(ioctls).map(([name, nr]) => [nr, name]))
const usual: Partial<Record<string, number>> = {
  KVM_GET_API_VERSION: 12,
  KVM_GET_VCPU_MMAP_SIZE: 0x1000,
  KVM_CREATE_VM: 10,
  KVM_CREATE_VCPU: 11,
  KVM_ARM_PREFERRED_TARGET: 0,
  KVM_CHECK_EXTENSION: 0,
  KVM_CREATE_DEVICE: -19,
  KVM_GET_REG_LIST: 0,
}

/** One list, played by a fresh process. */
class List {
  readonly answers: Played['answers'] = []
  private readonly d = Buffer.alloc(0x10000)
  private readonly values = new Map<bigint, bigint>()
  private bits = 0
  private readonly defect: Defect

  constructor(defect: Defect) {
    this.defect = defect
  }

  private u64(at: number): bigint {
    return this.d.readBigUInt64LE(at)
  }

  private ioctl(name: string, at: number): number {
    const { answers = {}, reads, lists, keeps = (_, written) => written } = this.defect
    if (answers[name] !== undefined) return answers[name]
    const id = name.endsWith('_ONE_REG') ? this.u64(at) : 0n
    const value = name.endsWith('_ONE_REG') ? Number(this.u64(at + 8)) : 0
    switch (name) {
      case 'KVM_ARM_VCPU_INIT':
        this.bits = this.d.readUInt32LE(at + 4)
        this.values.clear()
        return this.d.readUInt32LE(at) === 0 && (this.bits & ~FEATURES) === 0 ? 0 : -22
      case 'KVM_GET_REG_LIST': {
        const ids = lists ? lists([...tinyRegs], this.bits) : tinyRegs
        if (!ids) return -14
        for (const [i, n] of [BigInt(ids.length), ...ids].entries()) this.d.writeBigUInt64LE(n, at + i * 8)
        return 0
      }
      case 'KVM_GET_ONE_REG': {
        const read = reads?.(id) ?? this.values.get(id) ?? 0n
        if (read < 0n) return Number(read)
        this.d.writeBigUInt64LE(read, value)
        return 0
      }
      case 'KVM_SET_ONE_REG': {
        const kept = keeps(id, this.u64(value))
        if (kept === undefined) return -22
        this.values.set(id, kept)
        return 0
      }
    }
    return usual[name] ?? -25
  }

  /** Plays ops; says how it ended. */
  play(ops: string): Pick<Played, 'outcome' | 'log'> {
    const place = (text: string): number => Number.parseInt(text.replace(/^@?[dr]:/, ''), 16)
    for (const op of ops.split(' ')) {
      const [kind, first = '', second = '', third = ''] = op.split(',')
      if (kind === 'w') this.d.write(second, place(first), 'hex')
      else if (kind === 'p') this.d.writeBigUInt64LE(BigInt(place(second)), place(first))
      else if (kind === 'x')
        this.answers.at(-1)!.data.push(this.d.toString('hex', place(first), place(first) + Number.parseInt(second, 16)))
      else if (kind === 'k') this.answers.push({ ret: this.defect.open ?? 5, data: [] })
      else {
        const name = names.get(Number.parseInt(second, 16)) ?? ''
        const at = place(third)
        const ending =
          name === 'KVM_SET_ONE_REG'
            ? this.defect.writes?.(this.u64(at), this.u64(Number(this.u64(at + 8))))
            : undefined
        if (ending && ending.outcome !== 'done') return ending
        this.answers.push({ ret: this.ioctl(name, at), data: [] })
        if (ending) return { ...ending, log: [...ending.log] }
      }
    }
    return { outcome: 'done', log: [] }
  }
}

/** A machine whose KVM is sound but for `defect`. */
export const tinyKvm = (defect: Defect = {}): ProbeTarget => ({
  greeting: { impl: 'tiny', release: '6.12.94', version: '#1', machine: defect.machine ?? 'aarch64' },
  play: async (ops) => {
    const list = new List(defect)
    const ending = list.play(ops)
    return { ...ending, answers: list.answers }
  },
})
