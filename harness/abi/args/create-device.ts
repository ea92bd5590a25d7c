/** struct kvm_create_device: the type of a device, and whether to make it or only to ask. */
import fc from 'fast-check'
import { setOnce, split, type Codec } from '../../model/codec.ts'
import {
  address,
  sometimesBad,
  parseBadPointer,
  printBadPointer,
  writeOp,
  type BadPointer,
} from '../../model/pointer.ts'
import { property } from '../../model/number-field.ts'
import { UserError } from '../../process/user-error.ts'
import { deviceFlags, deviceTypes, structs } from '../../names/index.ts'
import { bytes, flags, named } from '../../model/scalar.ts'
import { quoted } from '../../process/visible.ts'

export interface CreateDevice {
  type: number
  flags: number
  at?: BadPointer
}

const {
  KVM_DEV_TYPE_VFIO: VFIO,
  KVM_DEV_TYPE_ARM_VGIC_V2: V2,
  KVM_DEV_TYPE_ARM_VGIC_V3: V3,
  KVM_DEV_TYPE_ARM_VGIC_ITS: ITS,
} = deviceTypes
const { size } = structs.kvm_create_device
export const TEST = deviceFlags.KVM_CREATE_DEVICE_TEST

export const type = named(
  'type',
  deviceTypes,
  fc.oneof(
    { arbitrary: fc.constant(V3), weight: 8 },
    { arbitrary: fc.constant(V2), weight: 5 },
    { arbitrary: fc.constant(ITS), weight: 3 },
    { arbitrary: fc.constantFrom(VFIO, 0, 1, 9, 10, 16, 255, 0xffff_ffff), weight: 1 },
  ),
)
const flagSet = flags(
  'flags',
  { KVM_CREATE_DEVICE_TEST: 0 },
  fc.oneof(
    { arbitrary: fc.constant(0), weight: 14 },
    { arbitrary: fc.constant(TEST), weight: 2 },
    { arbitrary: fc.constantFrom(2, 0xffff_fffe, 3), weight: 1 },
  ),
)

const plainly = fc.tuple(type.any, flagSet.any).map(([t, f]): CreateDevice => ({ type: t, flags: f }))
const any: fc.Arbitrary<CreateDevice> = sometimesBad(plainly, size, true)

export const takes: Codec<CreateDevice> = {
  any: () => any,
  fields: () => [property('type', 'type', type), property('flags', 'flags', flagSet)],
  // That the struct is also written is found out at the end.
  pointsTo: { what: 'the whole struct kvm_create_device', size },
  parse(text) {
    const arg: Partial<CreateDevice> = {}
    for (const part of split(text)) {
      const bad = parseBadPointer(part)
      const [, key, value] = /^(?:(flags) = )?([^=]+)$/.exec(part) ?? []
      if (bad !== undefined) setOnce(arg, 'at', bad, 'the pointer')
      else if (key !== undefined) setOnce(arg, 'flags', flagSet.parse(value!))
      else if (value !== undefined) setOnce(arg, 'type', type.parse(value))
      else throw new UserError(`struct kvm_create_device: cannot place ${quoted(part)}; it has a type and flags`)
    }
    return { type: 0, flags: 0, ...arg }
  },
  print: ({ type: t, flags: f, at }) =>
    [
      ...(at === undefined ? [] : [printBadPointer(at)]),
      type.print(t),
      ...(f === 0 ? [] : [`flags = ${flagSet.print(f)}`]),
    ].join(', '),
  pack: ({ type: t, flags: f, at }) => ({
    // fd is -1, so that a descriptor is found only where the kernel wrote one.
    before: writeOp(at, bytes(t, 4) + bytes(-1, 4) + bytes(f, 4)),
    arg: address(at),
    after: '',
  }),
}
