/** An interrupt controller while another thread runs a vcpu: what the documentation answers with -EBUSY, and what goes on. */
import { sequence } from '../../harness/suite/sequence.ts'
import { all, control, machine, message, setIts } from '../its.ts'
import { DIST, get, gicV3, has, INIT, set } from './gic-v3.ts'

const REDIST = 'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS'
const CPU = 'KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS'
const LEVEL = 'KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO'
const placed = `${gicV3}
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  ${INIT}`
/** Since the VM has a config_lock for its vgic: vcpus are locked before anything is looked at. */
const locksFirst = ['6.4', '6.1.28']

sequence(
  'registers of a GICv3 are neither read nor written while a vcpu runs',
  `${placed}
  vcpu1: KVM_RUN(background)            -> ok
  ${get(DIST, '0x0')}                   -> -EBUSY (vcpu runs)
  ${set(DIST, '0x0', '0x2')}            -> -EBUSY (vcpu runs)
  ${get(REDIST, '0x0')}                 -> -EBUSY (vcpu runs)
  ${set(REDIST, '0x100000000', '0x0')}  -> -EBUSY (vcpu runs)
  ${get(CPU, '0xc230')}                 -> -EBUSY (vcpu runs)
  ${set(CPU, '0xc230', '0xf0')}         -> -EBUSY (vcpu runs)
  ${get(LEVEL, '0x0')}                  -> -EBUSY (vcpu runs)
  ${set(LEVEL, '0x20', '0x0')}          -> -EBUSY (vcpu runs)
  ${get(REDIST, '0x700000000')}         -> -EINVAL (no such vcpu)
  ${has(DIST, '0x0')}                   -> ok
  vcpu1: join                           -> -EINTR (signal)
  ${set(DIST, '0x0', '0x2')}            -> ok
  ${get(DIST, '0x0')}                   -> ok = 82
`,
)

sequence(
  'a GICv3 is initialised again and its interrupts are counted while a vcpu runs, but its pending tables are not saved',
  `${placed}
  vcpu0: KVM_RUN(background) -> ok
  ${control('KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES', 'gic')} -> -EBUSY (vcpu runs)
  ${INIT}
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0) -> ok = 256
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0) -> ok = 0x8000000
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 32, level = 1) -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 32, level = 0) -> ok
  vm: KVM_CREATE_VCPU(2) -> -EBUSY (vgic initialised)
  vcpu0: join -> -EINTR (signal)
  ${control('KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES', 'gic')} -> ok
`,
)

sequence(
  'a VM with a GICv3 gets no other interrupt controller while a vcpu runs, whatever else speaks against it',
  `${placed}
  vcpu0: KVM_RUN(background)                        -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)   -> -EBUSY (vcpu runs)
  vcpu0: join                                       -> -EINTR (signal)
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)   -> -EEXIST (already there)
`,
  { since: locksFirst },
)

sequence(
  'a VM without an interrupt controller gets none while a vcpu runs',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                 -> ok
  KVM_RUN(background)                               -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)   -> -EBUSY (vcpu runs)
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)          -> ok
  join                                              -> -EINTR (signal)
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)   -> -EBUSY (has run)
`,
  { since: locksFirst },
)

sequence(
  'an ITS is neither saved nor restored nor reset while a vcpu runs, nor are its registers read or written',
  all(
    machine(1),
    'vcpu0: KVM_RUN(background) -> ok',
    setIts(0x80, 0n).replace('-> ok', '-> -EBUSY (vcpu runs)'),
    'its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x8, &0) -> -EBUSY (vcpu runs)',
    'its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0xc, &0) -> -EINVAL (misaligned register)',
    'its: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x8) -> ok',
    `${control('KVM_DEV_ARM_ITS_SAVE_TABLES')} -> -EBUSY (vcpu runs)`,
    `${control('KVM_DEV_ARM_ITS_RESTORE_TABLES')} -> -EBUSY (vcpu runs)`,
    `${control('KVM_DEV_ARM_ITS_CTRL_RESET')} -> -EBUSY (vcpu runs)`,
    `${control('KVM_DEV_ARM_VGIC_CTRL_INIT')} -> ok`,
    message(1, 0, '-EBUSY (ITS disabled)'),
    'vm: its1 = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS) -> ok',
    'vcpu0: join -> -EINTR (signal)',
    `${control('KVM_DEV_ARM_ITS_CTRL_RESET')} -> ok`,
  ),
)

const V2 = `
  vcpu0 = KVM_CREATE_VCPU(0)                        -> ok
  vcpu1 = KVM_CREATE_VCPU(1)                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)          -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8010000)  -> ok`
const CPU_V2 = 'KVM_DEV_ARM_VGIC_GRP_CPU_REGS'

sequence(
  'registers of a GICv2 are neither read nor written while a vcpu runs',
  `${V2}
  vcpu0: KVM_RUN(background)        -> ok
  ${get(DIST, '0x0')}               -> -EBUSY (vcpu runs)
  ${set(DIST, '0x0', '0x1')}        -> -EBUSY (vcpu runs)
  ${get(CPU_V2, '0x100000000')}     -> -EBUSY (vcpu runs)
  ${set(CPU_V2, '0x0', '0x1')}      -> -EBUSY (vcpu runs)
  ${get(DIST, '0x500000000')}       -> -EINVAL (no such vcpu)
  ${has(DIST, '0x0')}               -> ok
  vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 32, level = 1) -> ok
  vcpu0: join                       -> -EINTR (signal)
  ${set(DIST, '0x0', '0x1')}        -> ok
`,
)

sequence(
  'KVM_CREATE_IRQCHIP finds a vcpu that runs before the interrupt controller that is there',
  `${V2}
  vcpu0: KVM_RUN(background)        -> ok
  vm: KVM_CREATE_IRQCHIP            -> -EBUSY (vcpu runs)
  vcpu0: join                       -> -EINTR (signal)
  vm: KVM_CREATE_IRQCHIP            -> -EEXIST (already there)
`,
  { since: locksFirst },
)

sequence(
  'what a VM has is found before a vcpu that runs',
  `${placed}
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)                -> ok
  vcpu0: KVM_RUN(background)                                        -> ok
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                   -> -EEXIST (already there)
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x8, &0)  -> -ENXIO (no ITS address)
  its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8280000) -> ok
  its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS, 0x8, &0)  -> -EBUSY (vcpu runs)
  vcpu0: join                                                       -> -EINTR (signal)
`,
  { until: locksFirst },
)
