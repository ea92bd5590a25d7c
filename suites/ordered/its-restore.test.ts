/** Which tables an ITS does not save, and which it does not restore (devices/arm-vgic-its.rst). */
import { gits } from '../../harness/names/gic-registers.ts'
import { sequence } from '../../harness/suite/sequence.ts'
import {
  all,
  address,
  COLLECTIONS,
  commands,
  control,
  DEVICES,
  ENABLE,
  enableLpis,
  ITTS,
  lpiTables,
  machine,
  message,
  queue,
  reads,
  ready,
  RESTORE,
  SAVE,
  SAVE_PENDING,
  setIts,
  tables,
  writes,
} from '../its.ts'

const { DISCARD, INT, MAPC, MAPD, MAPTI } = commands
const saves = (answer: string) => `${control('KVM_DEV_ARM_ITS_SAVE_TABLES')} -> ${answer}`
const restores = (answer: string) => `${control('KVM_DEV_ARM_ITS_RESTORE_TABLES')} -> ${answer}`
const INCONSISTENT = '-EINVAL (inconsistent tables)'
const NO_MEMORY = '-EFAULT (no memory for a table)'
const slot = (id: number, at: number, size: number, ram = 0x30_0000) =>
  `vm: KVM_SET_USER_MEMORY_REGION(slot = ${id}, guest_phys_addr = ${at}, memory_size = ${size}, userspace_addr = &ram + ${ram}) -> ok`
const VALID = 1n << 63n
/** An ITS that is disabled, with tables. */
const fresh = all(machine(2), tables(), lpiTables(2), enableLpis(2))
/** Entries of device 1 with events of three bits, of collection 0 with a vcpu, and of an event. */
const device = writes(DEVICES + 8, VALID | ((address(ITTS) >> 8n) << 5n) | 2n)
const collection = (cpu: number) => writes(COLLECTIONS, VALID | (BigInt(cpu) << 16n))
const event = (lpi: number, of: number, next: number, at = 0) =>
  writes(ITTS + 8 * at, (BigInt(next) << 48n) | (BigInt(lpi) << 16n) | BigInt(of))

sequence(
  'the guest has memory for the tables that are saved',
  all(
    ready(2),
    slot(2, 0x5000_0000, 0x1_0000),
    queue(0, MAPD(1, 0x1000_0000, 3), MAPC(0, 0), MAPTI(1, 0, 8192, 0)),
    SAVE,
    slot(2, 0x5000_0000, 0),
    saves(NO_MEMORY),
  ),
)

sequence(
  'the guest has memory for the pending tables that are saved',
  all(
    ready(2),
    queue(0, MAPD(1, ITTS, 3), MAPC(0, 0), MAPTI(1, 0, 8192, 0)),
    slot(1, 0x4000_0000, 0),
    `${control('KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES', 'gic')} -> ${NO_MEMORY}`,
  ),
)

sequence(
  'the guest has memory for the tables that are restored',
  all(fresh, slot(1, 0x4000_0000, 0), restores(NO_MEMORY)),
)

sequence(
  'a table is restored from both slots in which it lies, and not from one alone, even if it has no valid entry there',
  all(
    fresh,
    slot(2, 0x5000_0000, 0x1_0000),
    setIts(gits.GITS_BASER[0], VALID | 0x5000_0000n | 1n),
    restores(NO_MEMORY),
    slot(3, 0x5001_0000, 0x1_0000, 0x32_0000),
    `vcpu0: ram(0x320000 = ${VALID | ((address(ITTS) >> 8n) << 5n) | 2n}) -> ok`,
    collection(0),
    event(8192, 0, 0),
    restores('ok'),
    ENABLE,
    message(8192, 0, 'ok = 1'),
  ),
)

sequence(
  'tables without a valid entry, or with V of GITS_BASER cleared, are restored as nothing',
  all(machine(2), RESTORE, SAVE, tables(), RESTORE, ENABLE, message(0, 0, 'ok = 0')),
)

sequence('a collection of no vcpu is not restored', all(fresh, collection(2), restores(INCONSISTENT)))

sequence(
  'what is not restored leaves nothing behind',
  all(
    fresh,
    collection(2),
    restores(INCONSISTENT),
    collection(0),
    device,
    event(8191, 0, 0),
    restores(INCONSISTENT),
    event(8192, 1, 0),
    restores(INCONSISTENT),
    event(8192, 0, 8),
    restores(INCONSISTENT),
    writes(DEVICES + 8, VALID | 2n),
    restores(NO_MEMORY),
    device,
    event(8192, 0, 7),
    event(8193, 0, 0, 7),
    SAVE,
    reads(COLLECTIONS, 0n),
    collection(1),
    restores('ok'),
    ENABLE,
    message(1, 0, 'ok = 1'),
    message(1, 7, 'ok = 1'),
  ),
  { since: '6.1' },
)

sequence(
  'a device with more events than an ITS has ids for is not restored',
  all(fresh, collection(0), writes(DEVICES + 8, VALID | ((address(ITTS) >> 8n) << 5n) | 16n), restores(INCONSISTENT)),
  { since: ['7.1', '6.12.92', '6.1.175'] },
)

sequence(
  'tables are restored into an ITS that knows no collection of them',
  all(fresh, collection(0), RESTORE, restores('-EEXIST (mapped already)')),
)

sequence(
  'a page that tables are saved to is dirty',
  all(
    ready(2),
    queue(0, MAPC(0, 0)),
    'vm: KVM_SET_USER_MEMORY_REGION(slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x40000000, memory_size = 0x200000, userspace_addr = &ram + 0x10000) -> ok',
    SAVE,
    'vm: KVM_GET_DIRTY_LOG(slot = 1) -> ok = 0x1000000000000',
    queue(1, MAPD(1, ITTS, 3), MAPTI(1, 0, 8192, 0)),
    SAVE,
    'vm: KVM_GET_DIRTY_LOG(slot = 1) -> ok = 0x10000000000000000000000000001000100000000',
  ),
)

const RING = 'vm: KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000) -> ok'
const logged =
  'vm: KVM_SET_USER_MEMORY_REGION(slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x40000000, memory_size = 0x200000, userspace_addr = &ram + 0x10000) -> ok'
const some = queue(0, MAPD(1, ITTS, 3), MAPC(0, 0), MAPTI(1, 0, 8192, 0), INT(1, 0))
const SAVED = '0x10000000000000000000000000001000100000000'
const noneInRing = 'vcpu0: kvm_dirty_gfn(0) -> ok = {}'

sequence(
  'no ring has the pages that tables are saved to, since no vcpu stores; a bitmap has them, where there is one',
  all(
    RING,
    'vm: KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP) -> ok',
    ready(2),
    logged,
    some,
    'vm: KVM_GET_DIRTY_LOG(slot = 1) -> ok = 0x0',
    SAVE,
    `vm: KVM_GET_DIRTY_LOG(slot = 1) -> ok = ${SAVED}`,
    SAVE_PENDING,
    'vm: KVM_GET_DIRTY_LOG(slot = 1) -> ok = 0x1000000000000000000000000',
    queue(4, DISCARD(1, 0)),
    'vm: KVM_GET_DIRTY_LOG(slot = 1) -> ok = 0x10000000000000000000000000000000000000000',
    noneInRing,
    noneInRing.replace('vcpu0', 'vcpu1'),
  ),
  { since: '6.12' },
)
sequence(
  'tables are saved where dirty pages go into rings alone',
  all(
    RING,
    ready(2),
    logged,
    some,
    SAVE,
    SAVE_PENDING,
    reads(DEVICES + 8, 0x8000_0000_0801_4002n),
    noneInRing,
    'vm: KVM_GET_DIRTY_LOG(slot = 1) -> -ENXIO (a ring instead)',
  ),
  { since: '6.12' },
)
