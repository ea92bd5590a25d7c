/** Registers of an ITS: what they read at first, what a write leaves, and what is refused. */
import { sequence } from '../../harness/suite/sequence.ts'

const REGS = 'KVM_DEV_ARM_VGIC_GRP_ITS_REGS'
const get = (attr: string) => `its: KVM_GET_DEVICE_ATTR(${REGS}, ${attr}, &0x0)`
const set = (attr: string, value: string) => `its: KVM_SET_DEVICE_ATTR(${REGS}, ${attr}, &${value})`
const its = `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                                         -> ok
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000)    -> ok
`

sequence(
  'a fresh ITS is quiescent, has two tables, and says who made it',
  `${its}
  ${get('0x0')}    -> ok = 0x80000000
  ${get('0x4')}    -> ok = 0x4b00043b
  ${get('0x8')}    -> ok = 0x1ef71
  ${get('0x100')}  -> ok = 0x1907000000000600
  ${get('0x108')}  -> ok = 0x1c07000000000600
  ${get('0x110')}  -> ok = 0
  ${get('0xffd0')} -> ok = 64
  ${get('0xfffc')} -> ok = 177
  its: KVM_HAS_DEVICE_ATTR(${REGS}, 0x98) -> -ENXIO (no such register)
`,
)

sequence(
  'an ITS makes of its tables what it can do, and of its queue 64K',
  `${its}
  ${set('0x80', '0xffffffffffffffff')}  -> ok
  ${get('0x80')}                        -> ok = 0xff1fffffffff0fff
  ${set('0x108', '0xffffffffffffffff')} -> ok
  ${get('0x108')}                       -> ok = 0xbc07fffffffffeff
  ${set('0x110', '0xffffffffffffffff')} -> ok
  ${get('0x110')}                       -> ok = 0
`,
)

sequence(
  'GITS_IIDR takes revision 0, GITS_CREADR what lies within the queue, and only before the ITS is enabled',
  `${its}
  ${set('0x4', '0x4b00143b')}           -> -EINVAL (no such revision)
  ${set('0x4', '0x0')}                  -> ok
  ${get('0x4')}                         -> ok = 0x4b00043b
  ${set('0x90', '0x1000')}              -> -EINVAL (behind the queue)
  ${set('0x90', '0xfff')}               -> ok
  ${get('0x90')}                        -> ok = 0xfe0
  ${get('0x0')}                         -> ok = 0
  ${set('0x88', '0xfe0')}               -> ok
  ${set('0x88', '0x1000')}              -> ok
  ${get('0x88')}                        -> ok = 0xfe0
  ${get('0x0')}                         -> ok = 0x80000000
  ${set('0x80', '0x8000000000000000')}  -> ok
  ${get('0x90')}                        -> ok = 0
  ${set('0x0', '0x1')}                  -> ok
  ${get('0x0')}                         -> ok = 0x80000000
  ${set('0x100', '0x8000000000000000')} -> ok
  ${set('0x108', '0x8000000000000000')} -> ok
  ${set('0x0', '0x1')}                  -> ok
  ${get('0x0')}                         -> ok = 0x80000001
  ${set('0x90', '0x1000')}              -> -EBUSY (ITS enabled)
  ${set('0x100', '0x0')}                -> ok
  ${get('0x100')}                       -> ok = 0x9907000000000200
  ${set('0x80', '0x0')}                 -> ok
  ${get('0x80')}                        -> ok = 0x9800000000000000
  ${set('0x88', '0x40')}                -> ok
  ${get('0x90')}                        -> ok = 64
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_ITS_CTRL_RESET) -> ok
  ${get('0x0')}                         -> ok = 0x80000000
  ${get('0x80')}                        -> ok = 0
  ${get('0x100')}                       -> ok = 0x1907000000000200
  ${get('0x108')}                       -> ok = 0x1c07000000000200
`,
)

sequence(
  'a reset leaves of the tables where they were, and nothing of the queue',
  `${its}
  ${set('0x100', '0x8000000040020000')} -> ok
  ${set('0x108', '0x8000000040030003')} -> ok
  ${set('0x80', '0x8000000040010000')}  -> ok
  ${set('0x88', '0x40')}                -> ok
  ${set('0x0', '0x1')}                  -> ok
  ${get('0x100')}                       -> ok = 0x9907000040020200
  ${get('0x108')}                       -> ok = 0x9c07000040030203
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_ITS_CTRL_RESET) -> ok
  ${get('0x0')}                         -> ok = 0x80000000
  ${get('0x100')}                       -> ok = 0x1907000040020200
  ${get('0x108')}                       -> ok = 0x1c07000040030203
  ${get('0x80')}                        -> ok = 0
  ${get('0x88')}                        -> ok = 0
  ${get('0x90')}                        -> ok = 0
  ${get('0x4')}                         -> ok = 0x4b00043b
`,
)
