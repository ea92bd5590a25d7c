/** Messages that come to an ITS without a device's number, or from an eventfd: by what it remembers. */
import { sequence } from '../../harness/suite/sequence.ts'
import {
  all,
  commands,
  ENABLE,
  enableLpis,
  guestThat,
  ITTS,
  message,
  PENDING,
  queue,
  reads,
  ready,
  RESET,
  SAVE,
  SAVE_PENDING,
  setIts,
} from '../its.ts'

const { CLEAR, DISCARD, INT, INV, INVALL, MAPC, MAPD, MAPTI, MOVALL, MOVI, SYNC, unmapCollection } = commands
/** One device with eight events, of which two are mapped, and a collection of each vcpu. */
const events = [MAPD(1, ITTS, 3), MAPC(0, 0), MAPTI(1, 0, 8192, 0), MAPTI(1, 1, 8193, 0)]
const mapped = queue(0, ...events, MAPC(1, 1))
const [DOORBELL, FIRST] = ['0x8090040', '0x8080000']
const REFUSED = '-EINVAL (no device id)'
const unsaid = (event: number, answer: string, at = DOORBELL) =>
  `vm: KVM_SIGNAL_MSI(address_lo = ${at}, data = ${event}, devid = 1) -> ${answer}`
const isPending = (word: bigint) => [SAVE_PENDING, reads(PENDING[0] + 1024, word)]
const remembered = [message(1, 0, 'ok = 1'), unsaid(0, 'ok = 1')]

sequence(
  'a message whose device is not said is translated as it was before, until commands take that back',
  all(
    ready(2),
    mapped,
    unsaid(0, REFUSED),
    remembered,
    unsaid(1, REFUSED),
    queue(5, CLEAR(1, 0)),
    isPending(0n),
    unsaid(0, 'ok = 1'),
    isPending(1n),
    queue(6, INV(1, 0), INVALL(0), SYNC(), INT(1, 1), MAPTI(1, 2, 8194, 0), MAPC(0, 0)),
    unsaid(0, 'ok = 1'),
    unsaid(1, 'ok = 1'),
    unsaid(2, REFUSED),
    queue(12, MOVI(1, 0, 1)),
    unsaid(0, REFUSED),
    unsaid(1, REFUSED),
    remembered,
    queue(13, MOVALL(0, 1)),
    unsaid(0, REFUSED),
    remembered,
    queue(14, DISCARD(1, 5), MOVALL(0, 0), MOVI(1, 0, 7)),
    unsaid(0, 'ok = 1'),
    queue(17, DISCARD(1, 1)),
    unsaid(0, REFUSED),
    remembered,
    queue(18, unmapCollection(5)),
    unsaid(0, REFUSED),
    remembered,
    queue(19, MAPD(1, ITTS, 3)),
    unsaid(0, REFUSED),
  ),
)

sequence(
  'what an ITS has translated it has forgotten once it was disabled or reset, or LPIs were; tables that are saved do not matter',
  all(
    ready(2),
    mapped,
    remembered,
    SAVE,
    SAVE_PENDING,
    enableLpis(2),
    ENABLE,
    unsaid(0, 'ok = 1'),
    enableLpis(2, 0n),
    enableLpis(2),
    unsaid(0, REFUSED),
    remembered,
    setIts(0, 0n),
    unsaid(0, REFUSED),
    ENABLE,
    unsaid(0, REFUSED),
    remembered,
    RESET,
    unsaid(0, REFUSED),
  ),
)

sequence(
  'what is remembered is found again by the address of GITS_TRANSLATER alone',
  all(ready(2), mapped, remembered, unsaid(0, REFUSED, FIRST), unsaid(0, REFUSED, '0x8090044')),
  { until: '6.12' },
)
sequence(
  'what is remembered is found again by any address of the ITS',
  all(ready(2), mapped, remembered, unsaid(0, 'ok = 1', FIRST), unsaid(0, 'ok = 1', '0x8090044')),
  { since: '6.12' },
)

sequence(
  'an eventfd whose route is a message raises what the ITS remembers of it at once',
  all(
    guestThat('store-at'),
    queue(0, ...events),
    'vm: KVM_IOEVENTFD(addr = 0x10000000, len = 4, fd = eventfd0) -> ok',
    `vm: KVM_SET_GSI_ROUTING(route(gsi = 3, KVM_IRQ_ROUTING_MSI, flags = KVM_MSI_VALID_DEVID, address_lo = ${DOORBELL}, data = 1, devid = 1)) -> ok`,
    'vm: KVM_IRQFD(fd = eventfd0, gsi = 3) -> ok',
    message(1, 1, 'ok = 1'),
    message(1, 0, 'ok = 1'),
    queue(4, CLEAR(1, 1), CLEAR(1, 0)),
    isPending(0n),
    'KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[1]), &0x10000000) -> ok',
    'KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[3]), &0x20000000) -> ok',
    'KVM_RUN -> ok = KVM_EXIT_MMIO',
    'kvm_run(mmio.phys_addr) -> ok = 0x20000000',
    isPending(2n),
  ),
)
