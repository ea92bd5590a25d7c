/** Which attributes of devices are drawn at random: those of every kind of device, and those that none has. */
import fc from 'fast-check'
import type { Sort } from '../../model/codec.ts'
import { anyBadPointer, type BadPointer } from '../../model/pointer.ts'
import { structs, vgicAddrTypes, vgicCtrl, vgicGroups } from '../../names/index.ts'
import { anyAttrOf } from './attr-drawn.ts'
import { anyAddress } from './guest-address.ts'
import { anyRegister } from './register-attr-drawn.ts'
import type { Attr, Verb } from './attr.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS: NR_IRQS,
  KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL,
  KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ: MAINT_IRQ,
} = vgicGroups

const draw = (
  group: number,
  attr: number | bigint | fc.Arbitrary<bigint>,
  value?: fc.Arbitrary<bigint>,
): fc.Arbitrary<Attr> =>
  fc
    .tuple(typeof attr === 'object' ? attr : fc.constant(BigInt(attr)), value ?? fc.constant(undefined))
    .map(([a, v]): Attr => ({ group, attr: a, ...(v !== undefined && { value: v }) }))

const addr = (type: keyof typeof vgicAddrTypes, value: fc.Arbitrary<bigint>) => draw(ADDR, vgicAddrTypes[type], value)
const region = fc
  .tuple(
    fc.constantFrom(0n, 0n, 0n, 1n, 1n, 2n, 0x100n),
    anyAddress.map((a) => a & 0xf_ffff_ffff_0000n),
    fc.constantFrom(1n, 1n, 2n, 2n, 512n, 0n, 4095n),
    fc.constantFrom(0n, 0n, 0n, 0n, 0n, 0n, 0n, 1n, 8n),
  )
  .map(([index, base, count, flags]) => index | base | (count << 52n) | (flags << 12n))
const index = fc.constantFrom(0n, 0n, 1n, 2n, 0x100n)
const irqs = fc.constantFrom(64n, 96n, 992n, 0n, 31n, 32n, 63n, 100n, 1023n, 1024n, 0x1_0000n)

/** Attributes of vgics and ITSes; the weights are those of KVM_SET_DEVICE_ATTR. */
const anyOfDevice = (verb: Verb): fc.Arbitrary<Attr> => {
  const of = <T>(set: T, get: T, has: T) => ({ set, get, has })[verb]
  const zero = fc.constant(0n)
  const a = of<fc.Arbitrary<bigint> | undefined>(anyAddress, zero, undefined)
  const attr = (type: keyof typeof vgicAddrTypes) => (a ? addr(type, a) : draw(ADDR, vgicAddrTypes[type]))
  const small = of<fc.Arbitrary<bigint> | undefined>(fc.constant(0n), zero, undefined)
  return fc.oneof(
    { arbitrary: attr('KVM_VGIC_V3_ADDR_TYPE_DIST'), weight: 6 },
    { arbitrary: attr('KVM_VGIC_V3_ADDR_TYPE_REDIST'), weight: 6 },
    {
      arbitrary: draw(
        ADDR,
        vgicAddrTypes.KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION,
        of<fc.Arbitrary<bigint> | undefined>(region, index, undefined),
      ),
      weight: 7,
    },
    { arbitrary: attr('KVM_VGIC_V2_ADDR_TYPE_DIST'), weight: 3 },
    { arbitrary: attr('KVM_VGIC_V2_ADDR_TYPE_CPU'), weight: 3 },
    { arbitrary: attr('KVM_VGIC_ITS_ADDR_TYPE'), weight: 2 },
    { arbitrary: draw(ADDR, fc.constantFrom(6n, 1n << 32n, 0x1_0000_0002n), a), weight: 1 },
    {
      arbitrary: draw(
        NR_IRQS,
        fc.constantFrom(0n, 0n, 0n, 7n),
        of<fc.Arbitrary<bigint> | undefined>(irqs, zero, undefined),
      ),
      weight: 3,
    },
    { arbitrary: draw(CTRL, vgicCtrl.KVM_DEV_ARM_VGIC_CTRL_INIT), weight: 6 },
    { arbitrary: draw(CTRL, fc.constantFrom(1n, 2n, 3n, 4n, 5n, 6n, 1n << 32n)), weight: 2 },
    { arbitrary: anyRegister(verb), weight: 8 },
    {
      arbitrary: draw(
        MAINT_IRQ,
        fc.constantFrom(0n, 1n),
        of<fc.Arbitrary<bigint> | undefined>(fc.constantFrom(25n, 16n, 31n, 15n, 32n, 0n), zero, undefined),
      ),
      weight: 1,
    },
    { arbitrary: fc.constantFrom(10, 0x7fff_ffff, 0xffff_ffff).chain((group) => draw(group, 0n, small)), weight: 1 },
  )
}

/** Arguments for `verb`, on a descriptor of that sort. */
export const anyAttr =
  (verb: Verb) =>
  (sort: Sort): fc.Arbitrary<Attr> => {
    const plainly = sort === 'vcpu' || sort === 'vm' ? anyAttrOf(sort, verb) : anyOfDevice(verb)
    // A pointer to the value can be bad only where something looks at it.
    const badValue = fc
      .tuple(
        plainly,
        fc.constantFrom<BadPointer>(
          'unmapped',
          'unmapped',
          'kernel',
          { tag: 1 },
          ...(verb === 'get' ? ['readonly' as const] : []),
        ),
      )
      .map(([{ value, ...arg }, valueAt]): Attr => (value === undefined ? arg : { ...arg, valueAt }))
    return fc.oneof(
      { arbitrary: plainly, weight: 28 },
      { arbitrary: badValue, weight: 2 },
      {
        arbitrary: fc
          .tuple(plainly, anyBadPointer(structs.kvm_device_attr.size, false))
          .map(([arg, at]): Attr => ({ ...arg, at })),
        weight: 1,
      },
      {
        arbitrary: fc.tuple(plainly, fc.constantFrom(1, 0x8000_0000)).map(([arg, flags]): Attr => ({ ...arg, flags })),
        weight: 1,
      },
    )
  }
