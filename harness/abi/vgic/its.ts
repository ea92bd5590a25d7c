/** An interrupt translation service. It wants an address; everything else is for the guest. */
import { inReleases } from '../../model/in-releases.ts'
import { api, doc, type Refusal, src } from '../../model/rule.ts'
import { itsAttrs, vgicAddrTypes, vgicCtrl, vgicGroups, vgicSizes } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { Attr } from '../args/attr.ts'
import { onPart } from '../../model/on-part.ts'
import { aboutGroups, inGroup, promised, unknown, unreadable, unwritable, type Attributes } from './attributes.ts'
import { KiB, misplaced, type Placing } from './address.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR,
  KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS: ITS_REGS,
} = vgicGroups
const TYPE = BigInt(vgicAddrTypes.KVM_VGIC_ITS_ADDR_TYPE)
const controls: readonly number[] = [vgicCtrl.KVM_DEV_ARM_VGIC_CTRL_INIT, ...Object.values(itsAttrs)]
const hasControl = ({ attr }: Attr) => controls.some((c) => BigInt(c) === attr)
const groups: readonly number[] = [ADDR, CTRL, ITS_REGS]
const UNSET = (1n << 64n) - 1n
const file = 'devices/arm-vgic-its.rst'

const type: Refusal<Attr> = {
  why: 'no such address',
  says: 'An ITS has one address.',
  cite: doc(file, '-ENODEV Incorrect attribute or the ITS is not supported'),
  text: [
    {
      says: 'An unknown attribute is ENXIO, as it is to KVM_HAS_DEVICE_ATTR.',
      cite: api('4.80', 'ENXIO The group or attribute is unknown'),
    },
  ],
  errno: 'ENODEV',
  of: { address: 'other addresses' },
  when: (_, { attr }) => attr !== TYPE,
}
const otherGroup: Refusal<Attr> = {
  ...unknown((_, { group }) => !groups.includes(group)),
  of: { group: 'other groups' },
}

const placing = ({ its }: Here, { group, attr, value: addr = 0n }: Attr): Placing | undefined =>
  group === ADDR && attr === TYPE
    ? { old: its.addr, addr, unit: 64n * KiB, size: BigInt(vgicSizes.KVM_VGIC_V3_ITS_SIZE) }
    : undefined

/** GITS_CTLR and GITS_IIDR are 32 bits wide, what follows is 64. Registers that the generator asks for. */
const there: readonly bigint[] = [0n, 4n, 8n]
const misaligned: Refusal<Attr> = {
  why: 'misaligned register',
  says: 'A register is named by its first byte.',
  cite: src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_its_attr_regs_access'),
  errno: 'EINVAL',
  when: (_, { attr }) => attr % (attr < 8n || attr >= 0xffd0n ? 4n : 8n) !== 0n,
}
const noRegister: Refusal<Attr> = {
  ...unknown((_, { attr }) => !there.includes(attr)),
  why: 'no such register',
  says: 'There is no such register.',
}
const noAddress: Refusal<Attr> = {
  why: 'no ITS address',
  says: 'Registers are there once the ITS has its address.',
  cite: doc(file, '-ENXIO Offset does not correspond to any supported register'),
  errno: 'ENXIO',
  when: ({ its }) => its.addr === undefined,
}

const readsNowhere = `its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &unmapped)`
const writesNowhere = `its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x0)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0, &unmapped)`

export const its: Attributes = {
  on: ['its'],
  set: [
    ...inGroup(ADDR, [type, unreadable]),
    ...onPart(placing, misplaced(promised(file)), { ...aboutGroups(ADDR), address: 'KVM_VGIC_ITS_ADDR_TYPE' }),
    ...inGroup(
      CTRL,
      inReleases(
        { since: '7.2' },
        unknown((_, arg) => !hasControl(arg)),
      ),
    ),
    ...inGroup(ITS_REGS, [{ ...unreadable, example: readsNowhere }, misaligned, noAddress, noRegister]),
    otherGroup,
  ],
  get: [
    ...inGroup(ADDR, [type, unwritable]),
    ...inGroup(CTRL, [unknown(() => true)]),
    ...inGroup(ITS_REGS, [misaligned, noAddress, noRegister, { ...unwritable, example: writesNowhere }]),
    otherGroup,
  ],
  has: [
    ...inGroup(ADDR, [unknown((_, { attr }) => attr !== TYPE)]),
    ...inGroup(CTRL, [unknown((_, arg) => !hasControl(arg))]),
    ...inGroup(ITS_REGS, [misaligned, noRegister]),
    otherGroup,
  ],
  sets(here, arg) {
    if (arg.group === ADDR) here.its.addr = arg.value!
  },
  gives: (here, arg) => (arg.group === ADDR ? (here.its.addr ?? UNSET) : undefined),
}
