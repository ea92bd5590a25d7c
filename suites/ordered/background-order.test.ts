/** That a vcpu runs in another thread is found before most else that speaks against a call on an interrupt controller. */
import { sequence } from '../../harness/suite/sequence.ts'
import { all, commands, control, enableLpis, ITTS, lpiTables, machine, queue, ready, tables } from '../its.ts'

const { MAPC, MAPD, MAPTI } = commands
const BEGIN = 'vcpu0: KVM_RUN(background) -> ok'
const JOIN = 'vcpu0: join -> -EINTR (signal)'
const BUSY = '-EBUSY (vcpu runs)'
const NO_MEMORY = '-EFAULT (no memory for a table)'
const REGS = 'KVM_DEV_ARM_VGIC_GRP_ITS_REGS'
const savesPending = (answer: string) => `${control('KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES', 'gic')} -> ${answer}`
const restores = (answer: string) => `${control('KVM_DEV_ARM_ITS_RESTORE_TABLES')} -> ${answer}`
const withoutMemory = 'vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x40000000, memory_size = 0) -> ok'

/** An interrupt that is mapped, and no memory where its tables are. */
const withoutTables = [...ready(1), ...queue(0, MAPD(1, ITTS, 3), MAPC(0, 0), MAPTI(1, 0, 8192, 0)), withoutMemory]

sequence(
  'a vcpu that runs is found before pending tables that have no memory',
  all(withoutTables, BEGIN, savesPending(BUSY), JOIN, savesPending(NO_MEMORY)),
)

sequence(
  'a vcpu that runs is found before tables of an ITS that have no memory',
  all(
    machine(1),
    tables(),
    lpiTables(1),
    enableLpis(1),
    withoutMemory,
    BEGIN,
    restores(BUSY),
    JOIN,
    restores(NO_MEMORY),
  ),
)

sequence(
  'a vcpu that runs is found before an ITS is told what it has not',
  all(
    machine(1),
    BEGIN,
    `its: KVM_SET_DEVICE_ATTR(${REGS}, 0x4, &0xf000) -> ${BUSY}`,
    `its: KVM_GET_DEVICE_ATTR(${REGS}, 0x8, &unmapped) -> ${BUSY}`,
    `${control('9')} -> ${BUSY}`,
    JOIN,
    `its: KVM_SET_DEVICE_ATTR(${REGS}, 0x4, &0xf000) -> -EINVAL (no such revision)`,
    `its: KVM_GET_DEVICE_ATTR(${REGS}, 0x8, &unmapped) -> -EFAULT (value not writable)`,
  ),
)

sequence(
  'a vcpu that runs is found before an ITS without an address',
  `
  its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)           -> ok
  ${BEGIN}
  its: KVM_GET_DEVICE_ATTR(${REGS}, 0x8, &0)         -> ${BUSY}
  its: KVM_SET_DEVICE_ATTR(${REGS}, 0x80, &0)        -> ${BUSY}
  ${JOIN}
  its: KVM_GET_DEVICE_ATTR(${REGS}, 0x8, &0)         -> -ENXIO (no ITS address)
  its: KVM_SET_DEVICE_ATTR(${REGS}, 0x80, &0)        -> -ENXIO (no ITS address)
`,
  { since: ['6.4', '6.1.28'] },
)

sequence(
  'a vcpu that runs is found before a GICv2 is told that it is another, and before its value cannot be written',
  `
  vcpu0 = KVM_CREATE_VCPU(0)                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)          -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8010000)  -> ok
  ${BEGIN}
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x8, &0x0)      -> ${BUSY}
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x0, &unmapped) -> ${BUSY}
  ${JOIN}
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x8, &0x0)      -> -EINVAL (another distributor)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x0, &unmapped) -> -EFAULT (value not writable)
`,
)
