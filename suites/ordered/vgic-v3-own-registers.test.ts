/** What identifies a GICv3, and the registers of each vcpu: what they read at first, and what a write leaves. */
import { sequence } from '../../harness/suite/sequence.ts'
import { DIST, get, gicV3, has, INIT, set } from './gic-v3.ts'

const REDIST = 'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS'
const SYSREGS = 'KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS'

sequence(
  'the registers of a redistributor are those of its vcpu',
  `${gicV3} ${INIT}
  ${get(REDIST, '0x10100')}                    -> ok = 65535
  ${set(REDIST, '0x10100', '0xff0000')}        -> ok
  ${get(REDIST, '0x10100')}                    -> ok = 0xffffff
  ${get(REDIST, '0x100010100')}                -> ok = 65535
  ${get(REDIST, '0x100000008')}                -> ok = 256
  ${get(REDIST, '0x10000000c')}                -> ok = 1
  ${get(REDIST, '0x10c00')}                    -> ok = 0xaaaaaaaa
  ${set(REDIST, '0x10c04', '0xffffffff')}      -> ok
  ${get(REDIST, '0x10c04')}                    -> ok = 0
  ${has(REDIST, '0x10')}                       -> -ENXIO (no such register)
`,
)

sequence(
  'without an ITS no LPIs can be enabled; tables of LPIs are cached',
  `${gicV3} ${INIT}
  ${set(REDIST, '0x0', '1')}           -> ok
  ${get(REDIST, '0x70')}               -> ok = 0
  ${get(REDIST, '0x78')}               -> ok = 0x580
  ${set(REDIST, '0x70', '0xffffffff')} -> ok
  ${get(REDIST, '0x70')}               -> ok = 0xffffff9f
  ${get(REDIST, '0x100000070')}        -> ok = 0xffffff9f
  ${set(REDIST, '0x74', '0xffffffff')} -> ok
  ${get(REDIST, '0x74')}               -> ok = 0xfffff
`,
)

sequence(
  'with an ITS there are LPIs, whose tables stay where they are once they are enabled',
  `${gicV3}
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS) -> ok
  ${INIT}
  ${get(DIST, '0x4')}                  -> ok = 0x7a0007
  ${get(REDIST, '0x8')}                -> ok = 1
  ${get(REDIST, '0x70')}               -> ok = 0x580
  ${set(REDIST, '0x0', '0xffffffff')}  -> ok
  ${set(REDIST, '0x70', '0x0')}        -> ok
  ${get(REDIST, '0x70')}               -> ok = 0x580
  ${set(REDIST, '0x0', '0x0')}         -> ok
  ${set(REDIST, '0x70', '0x1f')}       -> ok
  ${get(REDIST, '0x70')}               -> ok = 0x19f
`,
)

sequence(
  'which redistributor is the last of its region is said from 6.1 on',
  `${gicV3}
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x8100000) -> ok
  ${INIT}
  ${get(REDIST, '0x8')}         -> ok = 0
  ${get(REDIST, '0x100000008')} -> ok = 272
`,
  { since: '6.1' },
)

const region = (base: string) =>
  `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &${base}) -> ok`
sequence(
  'a redistributor is not the last where another region goes on behind its own',
  `${gicV3}
  ${region('0x10000008100000')}
  ${region('0x10000008120001')}
  ${INIT}
  ${get(REDIST, '0x8')}         -> ok = 0
  ${get(REDIST, '0x100000008')} -> ok = 272
`,
  { since: '6.1' },
)

sequence(
  'a redistributor is the last of a region behind which there is none',
  `${gicV3}
  ${region('0x10000008100000')}
  ${region('0x10000008140001')}
  ${INIT}
  ${get(REDIST, '0x8')}         -> ok = 16
  ${get(REDIST, '0x100000008')} -> ok = 272
`,
  { since: '6.1' },
)

sequence(
  'a revision of GICD_IIDR that was written is read; no other field of it can be written',
  `${gicV3} ${INIT}
  ${get(DIST, '0x8')}               -> ok = 0x4b00343b
  ${get(REDIST, '0x0')}             -> ok = 6
  ${set(DIST, '0x8', '0x4b00243b')} -> ok
  ${get(DIST, '0x8')}               -> ok = 0x4b00243b
  ${get(REDIST, '0x0')}             -> ok = 0
  ${set(DIST, '0x8', '0x4b00143b')} -> -EINVAL (another distributor)
  ${set(DIST, '0x8', '0x4b00443b')} -> -EINVAL (another distributor)
  ${set(DIST, '0x8', '0x4b00343a')} -> -EINVAL (another distributor)
  ${get(DIST, '0x8')}               -> ok = 0x4b00243b
`,
  { since: '6.1' },
)

sequence(
  'before 6.1 there was one revision of GICD_IIDR',
  `${gicV3} ${INIT}
  ${get(DIST, '0x8')}               -> ok = 0x4b00243b
  ${set(DIST, '0x8', '0x4b00243b')} -> ok
  ${set(DIST, '0x8', '0x4b00343b')} -> -EINVAL (another distributor)
  ${get(REDIST, '0x0')}             -> ok = 0
`,
  { until: '6.1' },
)

sequence(
  'from 7.2 on GICD_IIDR is written before the initialisation, which leaves it as it is',
  `${gicV3}
  ${get(DIST, '0x8')}               -> ok = 0x4b00343b
  ${set(DIST, '0x8', '0x4b00243b')} -> ok
  ${INIT}
  ${get(DIST, '0x8')}               -> ok = 0x4b00243b
`,
  { since: '7.2' },
)

sequence(
  'GICD_TYPER2 takes what it reads alone',
  `${gicV3} ${INIT}
  ${get(DIST, '0xc')}               -> ok = 0
  ${set(DIST, '0xc', '0x0')}        -> ok
  ${set(DIST, '0xc', '0x1')}        -> -EINVAL (another GICD_TYPER2)
`,
  { until: '7.2' },
)

sequence(
  'from 7.2 on GICD_TYPER2 is chosen before the initialisation',
  `${gicV3}
  ${set(DIST, '0xc', '0x1')}        -> -EINVAL (another GICD_TYPER2)
  ${INIT}
  ${set(DIST, '0xc', '0x0')}        -> ok
  ${set(DIST, '0xc', '0x1')}        -> -EBUSY (another GICD_TYPER2)
`,
  { since: '7.2' },
)

sequence(
  'the CPU interface of a GICv3 keeps the bits it has, for each vcpu',
  `${gicV3} ${INIT}
  ${get(SYSREGS, '0xc665')}                        -> ok = 7
  ${set(SYSREGS, '0xc665', '0x6')}                 -> -EINVAL (system registers off)
  ${set(SYSREGS, '0xc665', '0x1')}                 -> ok
  ${set(SYSREGS, '0xc230', '0xffffffffffffffff')}  -> ok
  ${get(SYSREGS, '0xc230')}                        -> ok = 255
  ${get(SYSREGS, '0x10000c230')}                   -> ok = 0
  ${set(SYSREGS, '0xc643', '0xf5')}                -> ok
  ${get(SYSREGS, '0xc643')}                        -> ok = 5
  ${set(SYSREGS, '0xc663', '0x2')}                 -> ok
  ${get(SYSREGS, '0xc663')}                        -> ok = 2
  ${set(SYSREGS, '0xc644', '0x1ffffffff')}         -> ok
  ${get(SYSREGS, '0xc644')}                        -> ok = 0xffffffff
`,
)

sequence(
  'ICC_CTLR_EL1 takes no more bits than the host has; of a write that is refused the bits of priorities stay',
  `${gicV3} ${INIT}
  ${set(SYSREGS, '0xc664', '0x3b00')} -> -EINVAL (beyond the host)
  ${has(SYSREGS, '0xc645')}           -> ok
  ${get(SYSREGS, '0xc645')}           -> -EINVAL (no such active priorities)
  gic: KVM_GET_DEVICE_ATTR(${SYSREGS}, 0xc645, &unmapped) -> -EINVAL (no such active priorities)
  ${set(SYSREGS, '0xc649', '0x0')}    -> -EINVAL (no such active priorities)
`,
)
