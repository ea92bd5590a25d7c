/** A field of struct kvm_run, which a vcpu's descriptor maps: read, or written before the next KVM_RUN. */
import fc from 'fast-check'
import { showsNumber, type Codec } from '../../model/codec.ts'
import { anyNumber, fromBytes, bytes, printNumber, readNumber, unsigned } from '../../model/scalar.ts'
import { exitReasons, structs, systemEvents } from '../../names/index.ts'
import { didYouMean } from '../../process/nearest.ts'
import { UserError } from '../../process/user-error.ts'
import { quoted } from '../../process/visible.ts'

/** `value`: what userspace writes; absent: it reads. */
export interface RunAccess {
  field: RunField
  value?: bigint
}

/**
 * Those that KVM writes on arm64, and those that it reads. Not immediate_exit, which KVM_RUN(immediate_exit) says.
 */
const names = [
  'exit_reason',
  'flags',
  'mmio.phys_addr',
  'mmio.data',
  'mmio.len',
  'mmio.is_write',
  'system_event.type',
  'system_event.ndata',
  'system_event.data[0]',
  'debug.arch.hsr',
  'debug.arch.hsr_high',
  'debug.arch.far',
  'hypercall.nr',
  'hypercall.flags',
  'arm_nisv.esr_iss',
  'arm_nisv.fault_ipa',
  'fail_entry.hardware_entry_failure_reason',
  'fail_entry.cpu',
  'memory_fault.flags',
  'memory_fault.gpa',
  'memory_fault.size',
  'kvm_valid_regs',
  'kvm_dirty_regs',
  's.regs.device_irq_level',
] as const
export type RunField = (typeof names)[number]

/** What the kernel alone may say: the reason decides what the next KVM_RUN completes. */
const ofKernel: readonly RunField[] = ['exit_reason', 'flags']

/** Where a field is, and how many bytes it has. */
export const placeOf = (field: RunField): readonly [offset: number, size: number] =>
  field === 'system_event.data[0]' ? [structs.kvm_run.fields['system_event.data'][0], 8] : structs.kvm_run.fields[field]

const bitsOf = ({ field }: RunAccess): number => 8 * placeOf(field)[1]

const valuesOf = ({ field }: RunAccess) =>
  field === 'exit_reason' ? exitReasons : field === 'system_event.type' ? systemEvents : undefined

const fieldNamed = (name: string): RunField => {
  const field = names.find((one) => one === name)
  if (field) return field
  throw new UserError(
    name === 'immediate_exit'
      ? 'kvm_run: KVM_RUN sets immediate_exit itself; write KVM_RUN(immediate_exit)'
      : `kvm_run: no field ${quoted(name)}; there are ${names.join(', ')}${didYouMean(name, [...names])}`,
  )
}

const parse = (text: string): RunAccess => {
  const [, name = '', value] = /^([\w.[\]]*)(?: = (.+))?$/.exec(text) ?? []
  const access = { field: fieldNamed(name) }
  if (value === undefined) return access
  if (ofKernel.includes(access.field)) throw new UserError(`kvm_run: only the kernel writes ${name}`)
  return { ...access, value: readNumber(value, name, unsigned(bitsOf(access))) }
}

const often: readonly RunField[] = ['exit_reason', 'mmio.phys_addr', 'mmio.data', 'mmio.len', 'mmio.is_write']
const field = fc.oneof(
  { arbitrary: fc.constantFrom(...often), weight: 2 },
  { arbitrary: fc.constantFrom(...names), weight: 3 },
)
const written = fc
  .constantFrom(...names.filter((name) => !ofKernel.includes(name)), ...Array<RunField>(8).fill('mmio.data'))
  .chain((name) => anyNumber(8 * placeOf(name)[1], [0x2an, 0x80n]).map((value): RunAccess => ({ field: name, value })))

export const takes: Codec<RunAccess> = {
  any: () =>
    fc.oneof(
      { arbitrary: field.map((name): RunAccess => ({ field: name })), weight: 3 },
      { arbitrary: written, weight: 1 },
    ),
  fields: () => [
    {
      name: 'the value',
      range: (arg) => unsigned(bitsOf(arg)),
      named: () => [],
      get: ({ value }) => value,
      set: (arg, value) => (arg.value === undefined ? undefined : { ...arg, value }),
    },
  ],
  parse,
  print: ({ field: name, value }) => (value === undefined ? name : `${name} = ${printNumber(value)}`),
  pack({ field: name, value }, slot) {
    const [offset, size] = placeOf(name)
    const place = `v${slot}:${offset.toString(16)}`
    return value === undefined
      ? { before: '', arg: '', after: ` x,${place},${size.toString(16)}` }
      : { before: `w,${place},${bytes(value, size)} `, arg: '', after: '' }
  },
  value: (ret, [data], { value }) =>
    ret >= 0 && value === undefined && data !== undefined ? fromBytes(data) : undefined,
  shows: showsNumber(bitsOf, valuesOf),
}
