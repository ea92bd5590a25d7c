/** Which attributes of devices are drawn at random: those of every kind of device, and those that none has. */
import fc from 'fast-check'
import type { Sort } from '../../model/codec.ts'
import { anyBadPointer, type BadPointer } from '../../model/pointer.ts'
import { structs, vgicAddrTypes, vgicCtrl, vgicGroups } from '../../names/index.ts'
import { anyAttrOf } from './attr-drawn.ts'
import { anyAddress } from './guest-address.ts'
import type { Attr, Verb } from './attr.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS: DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_REGS: CPU_REGS,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS: NR_IRQS,
  KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS: REDIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: CPU_SYSREGS,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO: LEVEL_INFO,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS: ITS_REGS,
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

// vcpu 0 of a GICv2, or affinity 0; and one that no vcpu has.
const cpu = fc.constantFrom(0n, 0n, 0n, 0xff00_0000_0000_0000n, 0xff_0000_0000n)
const within = (...offsets: bigint[]) => fc.tuple(cpu, fc.constantFrom(...offsets)).map(([c, offset]) => c | offset)
const ICC_PMR_EL1 = 0xc230n
/** Registers whose reading changes nothing, and places where there is none. */
const registers = (value?: fc.Arbitrary<bigint>) =>
  fc.oneof(
    draw(DIST_REGS, within(4n, 8n, 0x200n, 0x20n, 5n), value),
    draw(CPU_REGS, within(0xfcn, 2n, 0x40n), value),
    draw(REDIST_REGS, within(4n, 8n, 0x20n, 5n), value),
    draw(CPU_SYSREGS, within(ICC_PMR_EL1, 0n), value),
    draw(LEVEL_INFO, within(0n, 32n, 1n, 1n << 10n, (1n << 10n) | 1n), value),
    draw(ITS_REGS, fc.constantFrom(0n, 4n, 8n, 1n, 12n, 0x30n), value),
  )
/** Writes without effect: read-only registers, places where there is none, and what is refused. */
const writes = fc.oneof(
  draw(DIST_REGS, within(4n, 0x20n, 5n), fc.constant(0n)),
  draw(REDIST_REGS, within(4n, 0x20n, 5n), fc.constant(0n)),
  draw(CPU_SYSREGS, within(0n), fc.constant(0n)),
  draw(LEVEL_INFO, within(0n, 1n, 1n << 10n), fc.constant(0n)),
  draw(ITS_REGS, fc.constantFrom(1n, 12n, 0x30n, 8n), fc.constant(0n)),
)

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
    { arbitrary: verb === 'set' ? writes : registers(small), weight: 2 },
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
