/** Registers of a GICv2: what they read at first, and what a write leaves. */
import { sequence } from '../../harness/suite/sequence.ts'

const DIST = 'KVM_DEV_ARM_VGIC_GRP_DIST_REGS'
const CPU = 'KVM_DEV_ARM_VGIC_GRP_CPU_REGS'
const get = (group: string, attr: string) => `gic: KVM_GET_DEVICE_ATTR(${group}, ${attr}, &0)`
const set = (group: string, attr: string, value: string) => `gic: KVM_SET_DEVICE_ATTR(${group}, ${attr}, &${value})`
const has = (group: string, attr: string) => `gic: KVM_HAS_DEVICE_ATTR(${group}, ${attr})`

const gicV2 = `
  vcpu0 = KVM_CREATE_VCPU(0)                        -> ok
  vcpu1 = KVM_CREATE_VCPU(1)                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok
`

sequence(
  'a fresh GICv2 tells how many vcpus it has, and to which of them each of their own interrupts goes',
  `${gicV2}
  ${get(DIST, '0x0')}           -> ok = 0
  ${get(DIST, '0x4')}           -> ok = 39
  ${get(DIST, '0x800')}         -> ok = 0x1010101
  ${get(DIST, '0x100000800')}   -> ok = 0x2020202
  ${get(DIST, '0x820')}         -> ok = 0
  ${set(DIST, '0x820', '0xff')} -> ok
  ${get(DIST, '0x820')}         -> ok = 3
  ${get(DIST, '0x84')}          -> ok = 0
  ${set(DIST, '0x0', '0xff')}   -> ok
  ${get(DIST, '0x0')}           -> ok = 1
`,
)

sequence(
  'groups of a GICv2 can be changed once GICD_IIDR was written',
  `${gicV2}
  ${set(DIST, '0x84', '0xf')}       -> ok
  ${get(DIST, '0x84')}              -> ok = 0
  ${set(DIST, '0x8', '0x0')}        -> -EINVAL (another distributor)
  ${set(DIST, '0x8', '0x4b00243b')} -> ok
  ${set(DIST, '0x84', '0xf')}       -> ok
  ${get(DIST, '0x84')}              -> ok = 15
`,
)

sequence(
  'software generated interrupts of a GICv2 know who sent them',
  `${gicV2}
  ${set(DIST, '0x100000f00', '0x10005')} -> ok
  ${get(DIST, '0xf24')}                  -> ok = 512
  ${get(DIST, '0x200')}                  -> ok = 32
  ${set(DIST, '0xf14', '0x200')}         -> ok
  ${get(DIST, '0x200')}                  -> ok = 0
  ${set(DIST, '0x200', '0x1')}           -> ok
  ${get(DIST, '0xf20')}                  -> ok = 1
  ${set(DIST, '0xf00', '0x1000002')}     -> ok
  ${get(DIST, '0x100000200')}            -> ok = 4
  ${set(DIST, '0x280', '0x1')}           -> ok
  ${get(DIST, '0xf20')}                  -> ok = 0
`,
)

sequence(
  'a line that is high makes a level-triggered interrupt of a GICv2 pending',
  `${gicV2}
  ${set(DIST, '0xc08', '0x0')}                           -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 33, level = 1) -> ok
  ${get(DIST, '0x204')}                                  -> ok = 2
  ${set(DIST, '0x284', '0x2')}                           -> ok
  ${get(DIST, '0x204')}                                  -> ok = 2
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 33, level = 0) -> ok
  ${get(DIST, '0x204')}                                  -> ok = 0
`,
)

sequence(
  'the CPU interface of a GICv2 is that of each vcpu',
  `${gicV2}
  ${get(CPU, '0xfc')}                 -> ok = 0x4b2043b
  ${set(CPU, '0x0', '0xffffffff')}    -> ok
  ${get(CPU, '0x0')}                  -> ok = 0x21f
  ${get(CPU, '0x100000000')}          -> ok = 0
  ${set(CPU, '0x4', '0xff')}          -> ok
  ${get(CPU, '0x4')}                  -> ok = 31
  ${set(CPU, '0x8', '0xff')}          -> ok
  ${get(CPU, '0x8')}                  -> ok = 7
  ${set(CPU, '0xd0', '0xffffffff')}   -> ok
  ${get(CPU, '0xd0')}                 -> ok = 0xffffffff
  ${set(CPU, '0xd4', '0xffffffff')}   -> ok
  ${get(CPU, '0xd4')}                 -> ok = 0
  ${has(CPU, '0xc')}                  -> -ENXIO (no such register)
`,
)

sequence(
  'of an SGI each source is cleared alone, and it is pending while one is left',
  `${gicV2}
  ${set(DIST, '0xf20', '0x3')} -> ok
  ${set(DIST, '0xf10', '0x1')} -> ok
  ${get(DIST, '0xf20')}        -> ok = 0x2
  ${get(DIST, '0xf10')}        -> ok = 0x2
  ${get(DIST, '0x200')}        -> ok = 0x1
  ${set(DIST, '0xf10', '0x2')} -> ok
  ${get(DIST, '0xf10')}        -> ok = 0
  ${get(DIST, '0x200')}        -> ok = 0
`,
)

sequence(
  'GICC_BPR and GICC_ABPR are two',
  `${gicV2}
  ${set(CPU, '0x8', '0x3')}  -> ok
  ${set(CPU, '0x1c', '0x5')} -> ok
  ${get(CPU, '0x8')}         -> ok = 3
  ${get(CPU, '0x1c')}        -> ok = 5
`,
)
