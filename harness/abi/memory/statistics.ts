/**
 * What is read from the statistics of a VM or a vcpu, as kernels from 6.1 on give it; what each number is called
 * nothing promises.
 */
import type { Here } from '../../model/world.ts'
import { statsFlags, structs } from '../../names/index.ts'

const header = structs.kvm_stats_header
const desc = structs.kvm_stats_desc
const NAME_SIZE = 48

const {
  KVM_STATS_TYPE_CUMULATIVE: CUMULATIVE,
  KVM_STATS_TYPE_INSTANT: INSTANT,
  KVM_STATS_TYPE_LOG_HIST: LOG_HIST,
  KVM_STATS_UNIT_NONE: NONE,
  KVM_STATS_UNIT_SECONDS: SECONDS,
  KVM_STATS_UNIT_BOOLEAN: BOOLEAN,
} = statsFlags

interface Kind {
  flags: number
  exponent: number
  /** Numbers that it has. */
  size: number
}
const counter: Kind = { flags: CUMULATIVE | NONE, exponent: 0, size: 1 }
const time: Kind = { flags: CUMULATIVE | SECONDS, exponent: -9, size: 1 }
const times: Kind = { flags: LOG_HIST | SECONDS, exponent: -9, size: 32 }
const now: Kind = { flags: INSTANT | BOOLEAN, exponent: 0, size: 1 }

type Statistics = readonly (readonly [name: string, kind: Kind])[]
const all = (kind: Kind, ...names: string[]) => names.map((name) => [name, kind] as const)

const ofVm: Statistics = all(counter, 'remote_tlb_flush', 'remote_tlb_flush_requests')
const ofVcpu: Statistics = [
  ...all(counter, 'halt_successful_poll', 'halt_attempted_poll', 'halt_poll_invalid', 'halt_wakeup'),
  ...all(time, 'halt_poll_success_ns', 'halt_poll_fail_ns', 'halt_wait_ns'),
  ...all(times, 'halt_poll_success_hist', 'halt_poll_fail_hist', 'halt_wait_hist'),
  ...all(now, 'blocking'),
  ...all(counter, 'hvc_exit_stat', 'wfe_exit_stat', 'wfi_exit_stat'),
  ...all(counter, 'mmio_exit_user', 'mmio_exit_kernel', 'signal_exits', 'exits'),
]

/** What the guest of a vcpu does that is counted. */
export type Counted = 'hvc_exit_stat' | 'mmio_exit_user' | 'mmio_exit_kernel'
/** It has done so once more, and left for the kernel. */
export const count =
  (what: Counted) =>
  ({ vcpu }: Here): void => {
    const { exits = 0, [what]: often = 0 } = vcpu.counted ?? {}
    vcpu.counted = { ...vcpu.counted, exits: exits + 1, [what]: often + 1 }
  }

const write = (bytes: Buffer, at: number, [offset, size]: readonly [number, number], value: number): void => {
  bytes.writeIntLE(value | 0, at + offset, size)
}

/** The whole file. Who made the VM is process 1 here. */
export const statistics = ({ vcpu }: Here): Buffer => {
  const own = vcpu ? ofVcpu : ofVm
  const descAt = header.size + NAME_SIZE
  const dataAt = descAt + own.length * (desc.size + NAME_SIZE)
  const bytes = Buffer.alloc(dataAt + 8 * own.reduce((sum, [, { size }]) => sum + size, 0))
  write(bytes, 0, header.fields.name_size, NAME_SIZE)
  write(bytes, 0, header.fields.num_desc, own.length)
  write(bytes, 0, header.fields.id_offset, header.size)
  write(bytes, 0, header.fields.desc_offset, descAt)
  write(bytes, 0, header.fields.data_offset, dataAt)
  bytes.write(vcpu ? `kvm-1/vcpu-${vcpu.id}` : 'kvm-1', header.size)
  let offset = 0
  for (const [i, [name, { flags, exponent, size }]] of own.entries()) {
    const at = descAt + i * (desc.size + NAME_SIZE)
    write(bytes, at, desc.fields.flags, flags)
    write(bytes, at, desc.fields.exponent, exponent)
    write(bytes, at, desc.fields.size, size)
    write(bytes, at, desc.fields.offset, offset)
    bytes.write(name, at + desc.fields.name[0])
    if (vcpu) bytes.writeUIntLE(vcpu.counted?.[name] ?? 0, dataAt + offset, 6)
    offset += 8 * size
  }
  return bytes
}
