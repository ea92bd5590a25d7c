/** LPIs: the tables in guest memory that configure them and say which are pending, and the guest that is given them. */
import { sequence } from '../../harness/suite/sequence.ts'
import {
  all,
  commands,
  ENABLE,
  enableLpis,
  given,
  guest,
  ITTS,
  lpiTables,
  machine,
  message,
  PENDING,
  propertyAt,
  queue,
  reads,
  ready,
  SAVE_PENDING,
  tables,
  writes,
} from '../its.ts'

const { CLEAR, DISCARD, INT, INV, INVALL, MAPC, MAPD, MAPTI } = commands
/** One device with eight events, and a collection of each vcpu. */
const mapped = queue(0, MAPD(1, ITTS, 3), MAPC(0, 0), MAPC(1, 1), MAPTI(1, 0, 8192, 0))
/** Of LPI 8192 and those behind it. */
const isPending = (cpu: 0 | 1, word: bigint) => [SAVE_PENDING, reads(PENDING[cpu] + 1024, word)]
const NONE = 1023

sequence(
  'an event is for nobody until its collection has a vcpu, whose pending table then is not asked',
  all(
    ready(2),
    writes(PENDING[0] + 1024, 0x3n),
    queue(0, MAPD(1, ITTS, 3), MAPTI(1, 0, 8192, 0)),
    message(1, 0, 'ok = 0'),
    queue(2, MAPC(0, 0)),
    isPending(0, 0x2n),
    message(1, 0, 'ok = 1'),
    isPending(0, 0x3n),
  ),
)

sequence(
  'an interrupt is pending from the first where the pending table of its vcpu says so, which is no longer kept there',
  all(
    ready(2),
    writes(PENDING[0] + 1024, 0x7n),
    mapped,
    reads(PENDING[0] + 1024, 0x6n),
    isPending(0, 0x7n),
    queue(4, CLEAR(1, 0)),
    isPending(0, 0x6n),
  ),
)

sequence(
  'what is pending is what the table says once LPIs are enabled',
  all(
    machine(2),
    tables(),
    lpiTables(2),
    ENABLE,
    mapped,
    message(1, 0, '-EBUSY (LPIs disabled)'),
    queue(4, INT(1, 0), MAPTI(1, 1, 8193, 0)),
    isPending(0, 0n),
    writes(PENDING[0] + 1024, 0x2n),
    enableLpis(2),
    isPending(0, 0x2n),
    message(1, 0, 'ok = 1'),
    isPending(0, 0x3n),
    enableLpis(2, 0n),
    message(1, 0, '-EBUSY (LPIs disabled)'),
    isPending(0, 0x3n),
    writes(PENDING[0] + 1024, 0x2n),
    enableLpis(2),
    isPending(0, 0x2n),
  ),
)

sequence(
  'a guest is given an LPI that is enabled in the table, by INV or INVALL at the latest, once',
  all(
    guest,
    writes(propertyAt(8192), 0xa1_0000_a0n),
    queue(0, MAPD(1, ITTS, 3), MAPC(0, 0), ...[0, 1, 2, 3].map((n) => MAPTI(1, n, 8192 + n, 0))),
    message(1, 0, 'ok = 1'),
    given(NONE),
    message(1, 3, 'ok = 1'),
    given(8195, NONE),
    writes(propertyAt(8192), 0xa1_0081_a1n),
    message(1, 1, 'ok = 1'),
    given(NONE),
    queue(6, INV(1, 1)),
    given(8193, NONE),
    queue(7, INVALL(0)),
    given(8192, NONE),
    queue(8, INT(1, 0), INT(1, 1), INT(1, 3), CLEAR(1, 3)),
    given(8193, 8192, NONE),
  ),
)

sequence(
  'an interrupt of which a vcpu was told outlives its event',
  all(
    guest,
    writes(propertyAt(8192), 0xa1a1n),
    queue(0, MAPD(1, ITTS, 3), MAPC(0, 0), MAPTI(1, 0, 8192, 0), INT(1, 0), DISCARD(1, 0)),
    message(1, 0, 'ok = 0'),
    isPending(0, 1n),
    queue(5, MAPTI(1, 1, 8192, 0)),
    given(8192, NONE),
  ),
)
