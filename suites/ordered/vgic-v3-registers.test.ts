/** Registers of the distributor of a GICv3, of its lines too: what they read at first, and what a write leaves. */
import { sequence } from '../../harness/suite/sequence.ts'
import { DIST, get, gicV3, has, INIT, set } from './gic-v3.ts'

const LEVEL = 'KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO'

sequence(
  'a fresh distributor of a GICv3 routes by affinity, is disabled, and has 256 interrupts',
  `${gicV3} ${INIT}
  ${get(DIST, '0x0')}    -> ok = 80
  ${get(DIST, '0x4')}    -> ok = 0x480007
  ${get(DIST, '0x10')}   -> ok = 0xffffffff
  ${get(DIST, '0x84')}   -> ok = 0xffffffff
  ${get(DIST, '0xc08')}  -> ok = 0xaaaaaaaa
  ${get(DIST, '0xffe8')} -> ok = 59
  ${get(DIST, '0x80')}   -> ok = 0
  ${set(DIST, '0x0', '0xffff00ff')} -> ok
  ${get(DIST, '0x0')}    -> ok = 82
`,
)

sequence(
  'interrupts that a GICv3 does not have are no registers: 0 is read, and writes are ignored',
  `${gicV3}
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &64) -> ok
  ${has(DIST, '0x104')} -> ok
  ${has(DIST, '0x108')} -> -ENXIO (no such register)
  ${INIT}
  ${set(DIST, '0x104', '0xffffffff')} -> ok
  ${get(DIST, '0x104')} -> ok = 0xffffffff
  ${set(DIST, '0x108', '0xffffffff')} -> ok
  ${get(DIST, '0x108')} -> ok = 0
  ${has(DIST, '0x61fc')} -> ok
  ${has(DIST, '0x6200')} -> -ENXIO (no such register)
`,
)

sequence(
  'until it is told otherwise, a GICv3 that is not initialised has no shared interrupts',
  `${gicV3}
  ${has(DIST, '0x100')} -> ok
  ${has(DIST, '0x104')} -> -ENXIO (no such register)
  ${has(DIST, '0x102')} -> -ENXIO (no such register)
  ${INIT}
  ${has(DIST, '0x104')} -> ok
`,
)

sequence(
  'what sets and what clears show the same bits; pending ones are a latch',
  `${gicV3} ${INIT}
  ${set(DIST, '0x104', '0xff')}  -> ok
  ${set(DIST, '0x184', '0xf')}   -> ok
  ${get(DIST, '0x104')}          -> ok = 240
  ${get(DIST, '0x184')}          -> ok = 240
  ${set(DIST, '0x304', '0x30')}  -> ok
  ${set(DIST, '0x384', '0x10')}  -> ok
  ${get(DIST, '0x304')}          -> ok = 32
  ${set(DIST, '0x204', '0xff')}  -> ok
  ${set(DIST, '0x204', '0xf0')}  -> ok
  ${get(DIST, '0x204')}          -> ok = 240
  ${set(DIST, '0x284', '0xff')}  -> ok
  ${get(DIST, '0x284')}          -> ok = 0
  ${get(DIST, '0x204')}          -> ok = 240
`,
)

sequence(
  'of priorities five bits are kept, of configurations one, of routes three levels of affinity',
  `${gicV3} ${INIT}
  ${set(DIST, '0x420', '0xffffffff')}  -> ok
  ${get(DIST, '0x420')}                -> ok = 0xf8f8f8f8
  ${set(DIST, '0xc08', '0x55555556')}  -> ok
  ${get(DIST, '0xc08')}                -> ok = 2
  ${set(DIST, '0x6100', '0xffffffff')} -> ok
  ${get(DIST, '0x6100')}               -> ok = 0xffffff
  ${set(DIST, '0x6104', '0xffffffff')} -> ok
  ${get(DIST, '0x6104')}               -> ok = 0
`,
)

sequence(
  'lines are high or low for 32 interrupts at a time, and show where the interrupt is level-triggered',
  `${gicV3} ${INIT}
  ${set(DIST, '0xc08', '0x0')}  -> ok
  ${set(LEVEL, '32', '0xff')}   -> ok
  ${get(LEVEL, '32')}           -> ok = 255
  ${set(LEVEL, '32', '0xf')}    -> ok
  ${get(LEVEL, '32')}           -> ok = 15
  ${get(DIST, '0x204')}         -> ok = 0
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 40, level = 1) -> ok
  ${get(LEVEL, '32')}           -> ok = 271
  ${set(DIST, '0xc08', '0x2')}  -> ok
  ${get(LEVEL, '32')}           -> ok = 270
  ${get(LEVEL, '992')}          -> ok = 0
`,
)
