/** struct kvm_ioeventfd: an address, and the eventfd that hears of the guest's stores there. */
import fc from 'fast-check'
import { eventfdNumber, withDescriptors, type DescriptorNumber } from '../../model/descriptor-number.ts'
import { MMIO_ADDRESS } from '../../model/guest-program.ts'
import { anyNumber, count, flags, signed, u64, unsigned } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { irqFlags, structs } from '../../names/index.ts'

const { KVM_IOEVENTFD_FLAG_DATAMATCH: DATAMATCH, KVM_IOEVENTFD_FLAG_DEASSIGN: DEASSIGN } = irqFlags
const { fields } = structs.kvm_ioeventfd
const PAD_BITS = 8 * fields.pad[1]

const flagSet = flags(
  'flags',
  {
    KVM_IOEVENTFD_FLAG_DATAMATCH: 0,
    KVM_IOEVENTFD_FLAG_PIO: 1,
    KVM_IOEVENTFD_FLAG_DEASSIGN: 2,
    KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY: 3,
  },
  fc.oneof(
    { arbitrary: fc.constantFrom(0, 0, 0, DATAMATCH, DEASSIGN, DEASSIGN | DATAMATCH), weight: 12 },
    { arbitrary: fc.nat(31), weight: 2 },
    { arbitrary: fc.constantFrom(0x20, 0x24, 0x8000_0000), weight: 1 },
  ),
)
const addresses = [MMIO_ADDRESS, MMIO_ADDRESS, MMIO_ADDRESS, 0n, (1n << 64n) - 1n, (1n << 64n) - 8n]

type Fields = Record<'datamatch' | 'addr' | 'pad', Field<bigint>>
  & Record<'len' | 'flags', Field<number>> & { fd: Field<DescriptorNumber> }
export type Ioeventfd = Struct<Fields>

const whole = struct<Fields>('kvm_ioeventfd', {
  addr: { of: u64('addr', anyNumber(64, addresses)) },
  len: { of: count('len', unsigned(32), anyNumber(32, [4n, 4n, 0n, 1n, 2n, 8n, 3n, 16n]).map(Number)) },
  fd: { of: eventfdNumber('fd', signed(32)) },
  flags: { of: flagSet, unless: 0 },
  datamatch: { of: u64('datamatch', anyNumber(64, [0n, 0n, 1n])), unless: 0n },
  pad: { of: u64('pad', fc.constantFrom(0n, 0n, 1n), undefined, unsigned(PAD_BITS)), unless: 0n },
})

export const takes = withDescriptors(whole, [['fd', fields.fd[0]]])
