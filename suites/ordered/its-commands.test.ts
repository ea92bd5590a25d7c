/** Commands of an ITS: what they change, and which are passed over. */
import { sequence } from '../../harness/suite/sequence.ts'
import {
  all,
  COLLECTIONS,
  commands,
  DEVICES,
  ENABLE,
  enableLpis,
  getIts,
  ITTS,
  lpiTables,
  machine,
  message,
  PENDING,
  queue,
  QUEUE,
  reads,
  ready,
  SAVE,
  SAVE_PENDING,
  setIts,
  tables,
  writes,
} from '../its.ts'

const { CLEAR, DISCARD, INT, MAPC, MAPD, MAPI, MAPTI, MOVI, SYNC, unmapCollection, unmapDevice } = commands
const [GITS_CTLR, GITS_CWRITER, GITS_CREADR] = [0x0, 0x88, 0x90]
/** One device with eight events, and a collection of each vcpu. */
const mapped = queue(0, MAPD(1, ITTS, 3), MAPC(0, 0), MAPC(1, 1), MAPTI(1, 0, 8192, 0))
/** Of LPI 8192 and those behind it. */
const isPending = (cpu: 0 | 1, word: bigint) => [SAVE_PENDING, reads(PENDING[cpu] + 1024, word)]

sequence(
  'commands that are wrong are passed over',
  all(
    ready(2),
    mapped,
    queue(
      4,
      MAPD(0x2000, ITTS, 3), // behind the table
      MAPD(0x1_0000, ITTS, 3), // more than 16 bits
      MAPD(2, ITTS, 17), // more bits of events than 16
      MAPC(2, 2), // no such vcpu
      MAPC(0x2000, 0), // behind the table
      MAPTI(1, 8, 8193, 0), // more than three bits
      MAPTI(2, 1, 8193, 0), // no such device
      MAPTI(1, 1, 8191, 0), // no LPI
      MAPTI(1, 1, 65536, 0), // more than GICR_PROPBASER says
      MAPI(1, 1, 0), // no LPI either
      MOVI(1, 0, 2), // no such collection
      [0x55n, 0n, 0n, 0n],
    ),
    ['1, 1', '2, 1'].map((one) => {
      const [device, event] = one.split(', ').map(Number)
      return message(device!, event!, 'ok = 0')
    }),
    message(1, 8, 'ok = 0'),
    message(0x2000, 0, 'ok = 0'),
    message(1, 0, 'ok = 1'),
    isPending(0, 1n),
  ),
)

sequence(
  'commands wait until the ITS is enabled, and the queue goes on at its beginning',
  all(
    machine(2),
    tables(),
    lpiTables(2),
    enableLpis(2),
    writes(QUEUE + 0xfc0, ...MAPD(1, ITTS, 3)),
    writes(QUEUE + 0xfe0, ...MAPC(0, 0)),
    writes(QUEUE, ...MAPTI(1, 0, 8192, 0)),
    writes(QUEUE + 0x20, ...MAPTI(1, 1, 8193, 0)),
    setIts(GITS_CREADR, 0xfc0n),
    setIts(GITS_CWRITER, 0x20n),
    getIts(GITS_CREADR, 0xfc0n),
    getIts(GITS_CTLR, 0n),
    message(1, 0, '-EBUSY (ITS disabled)'),
    ENABLE,
    getIts(GITS_CREADR, 0x20n),
    getIts(GITS_CTLR, 0x8000_0001n),
    message(1, 0, 'ok = 1'),
    message(1, 1, 'ok = 0'),
  ),
)

sequence(
  'MAPI maps an event to the interrupt of its own number, SYNC changes nothing',
  all(ready(2), queue(0, MAPD(1, ITTS, 14), MAPC(0, 0), MAPI(1, 8200, 0), SYNC(), INT(1, 8200)), isPending(0, 0x100n)),
)

sequence(
  'an event that is mapped keeps its interrupt, and two events may have one',
  all(
    ready(2),
    mapped,
    queue(4, MAPTI(1, 0, 8193, 0), MAPTI(1, 1, 8192, 0), INT(1, 1)),
    isPending(0, 1n),
    queue(7, INT(1, 0), CLEAR(1, 0)),
    isPending(0, 0n),
  ),
  { until: ['7.4', '7.3.4'] },
)

sequence(
  'an event that is mapped keeps its interrupt, and an interrupt its event',
  all(
    ready(2),
    mapped,
    queue(4, MAPTI(1, 0, 8193, 0), MAPTI(1, 1, 8192, 0), INT(1, 1)),
    isPending(0, 0n),
    queue(7, INT(1, 0)),
    isPending(0, 1n),
  ),
  { since: ['7.4', '7.3.4'] },
)

sequence(
  'DISCARD and MAPD without V take an event away, with its entry in the table',
  all(
    ready(2),
    mapped,
    queue(4, MAPTI(1, 3, 8195, 1), INT(1, 0), INT(1, 3)),
    SAVE,
    reads(ITTS, 0x0003_0000_2000_0000n),
    queue(7, DISCARD(1, 0), DISCARD(1, 5)),
    message(1, 0, 'ok = 0'),
    reads(ITTS, 0n),
    isPending(0, 0n),
    isPending(1, 8n),
    reads(DEVICES + 8, 0x8000_0000_0801_4002n),
    queue(9, unmapDevice(1), unmapDevice(7)),
    message(1, 3, 'ok = 0'),
    reads(DEVICES + 8, 0n),
    SAVE,
    reads(DEVICES + 8, 0n),
    reads(COLLECTIONS + 16, 0n),
  ),
  { since: ['6.13', '6.12.2', '6.1.120', '5.15.174', '5.10.231'] },
)

sequence(
  'a device that is mapped again has lost its events',
  all(ready(2), mapped, queue(4, MAPD(1, ITTS + 0x100, 3)), message(1, 0, 'ok = 0')),
)

sequence(
  'an event whose collection is unmapped is for nobody, also once that is mapped again',
  all(
    ready(2),
    mapped,
    queue(4, unmapCollection(0)),
    message(1, 0, 'ok = 0'),
    queue(5, MAPC(0, 1), INT(1, 0), MOVI(1, 0, 1)),
    message(1, 0, 'ok = 0'),
    isPending(1, 0n),
  ),
)

/** A collection is unmapped by a command that names a vcpu which is not there. */
const [UNMAP, ...rest] = unmapCollection(0)
const unmapsOfNobody = queue(4, [UNMAP, rest[0], 5n << 16n, 0n])
sequence(
  'a collection is unmapped whichever vcpu the command names',
  all(ready(2), mapped, unmapsOfNobody, message(1, 0, 'ok = 0')),
  { since: '6.7' },
)
sequence(
  'a collection stays where the command that unmaps it names a vcpu which is not there',
  all(ready(2), mapped, unmapsOfNobody, message(1, 0, 'ok = 1')),
  { until: '6.7' },
)

sequence(
  'what DISCARD and MAPD without V take away keeps its entry in the table',
  all(
    ready(2),
    mapped,
    SAVE,
    queue(4, DISCARD(1, 0)),
    message(1, 0, 'ok = 0'),
    reads(ITTS, 0x2000_0000n),
    queue(5, unmapDevice(1)),
    SAVE,
    reads(DEVICES + 8, 0x8000_0000_0801_4002n),
  ),
  { until: ['5.11', '5.10.231'] },
)
