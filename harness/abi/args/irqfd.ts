/** struct kvm_irqfd: an eventfd, and the interrupt that it raises. */
import fc from 'fast-check'
import { eventfdNumber, withDescriptors, type DescriptorNumber } from '../../model/descriptor-number.ts'
import { anyNumber, count, flags, u64, unsigned } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { irqFlags, structs } from '../../names/index.ts'

const { KVM_IRQFD_FLAG_DEASSIGN: DEASSIGN, KVM_IRQFD_FLAG_RESAMPLE: RESAMPLE } = irqFlags
const { fields } = structs.kvm_irqfd
const PAD_BITS = 8 * fields.pad[1]

const flagSet = flags(
  'flags',
  { KVM_IRQFD_FLAG_DEASSIGN: 0, KVM_IRQFD_FLAG_RESAMPLE: 1 },
  fc.oneof(
    { arbitrary: fc.constantFrom(0, 0, 0, DEASSIGN, DEASSIGN, RESAMPLE, RESAMPLE | DEASSIGN), weight: 12 },
    { arbitrary: fc.constantFrom(4, 5, 0x8000_0000), weight: 1 },
  ),
)

type Fields = Record<'fd' | 'resamplefd', Field<DescriptorNumber>>
  & Record<'gsi' | 'flags', Field<number>> & { pad: Field<bigint> }
export type Irqfd = Struct<Fields>

const whole = struct<Fields>('kvm_irqfd', {
  fd: { of: eventfdNumber('fd', unsigned(32)) },
  gsi: { of: count('gsi', unsigned(32), anyNumber(32, [0n, 0n, 0n, 1n, 987n, 4096n]).map(Number)) },
  flags: { of: flagSet, unless: 0 },
  resamplefd: { of: eventfdNumber('resamplefd', unsigned(32)), unless: 0 },
  pad: { of: u64('pad', fc.constantFrom(0n, 0n, 1n), undefined, unsigned(PAD_BITS)), unless: 0n },
})

export const takes = withDescriptors(whole, [
  ['fd', fields.fd[0]],
  ['resamplefd', fields.resamplefd[0]],
])
