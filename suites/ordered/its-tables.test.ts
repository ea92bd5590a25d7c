/** What an ITS translates, and the tables in guest memory in which it keeps that over a migration. */
import { sequence } from '../../harness/suite/sequence.ts'
import {
  all,
  commands,
  COLLECTIONS,
  DEVICES,
  ENABLE,
  ITTS,
  message,
  PENDING,
  queue,
  ready,
  reads,
  RESET,
  RESTORE,
  SAVE,
  SAVE_PENDING,
  tables,
} from '../its.ts'

const { MAPC, MAPD, MAPTI, INT, unmapCollection } = commands

sequence(
  'an event that is mapped comes to its interrupt, by a message or by INT',
  all(
    ready(2),
    message(1, 0, 'ok = 0'),
    queue(0, MAPD(1, ITTS, 4), MAPC(2, 0), MAPTI(1, 0, 8192, 2), MAPTI(1, 5, 8200, 2)),
    message(1, 0, 'ok = 1'),
    message(1, 1, 'ok = 0'),
    queue(4, INT(1, 5), INT(1, 6)),
    SAVE_PENDING,
    reads(PENDING[0] + 1024, 0x101n),
  ),
)

sequence(
  'tables that are saved are as they are documented, and are restored',
  all(
    ready(2),
    queue(0, MAPD(1, ITTS, 4), MAPC(2, 0), MAPTI(1, 0, 8192, 2), MAPTI(1, 5, 8200, 2)),
    SAVE,
    reads(DEVICES + 8, 0x8000_0000_0801_4003n),
    reads(ITTS, 0x0005_0000_2000_0002n),
    reads(ITTS + 40, 0x2008_0002n),
    reads(COLLECTIONS, 0x8000_0000_0000_0002n),
    reads(COLLECTIONS + 8, 0n),
    RESET,
    message(1, 0, '-EBUSY (ITS disabled)'),
    tables(),
    RESTORE,
    ENABLE,
    message(1, 5, 'ok = 1'),
    message(1, 1, 'ok = 0'),
  ),
)

sequence(
  'an event whose collection was unmapped is saved as none, and is none once it is restored',
  all(
    ready(1),
    queue(0, MAPD(1, ITTS, 4), MAPC(2, 0), MAPTI(1, 0, 8192, 2), MAPTI(1, 5, 8200, 3), unmapCollection(2)),
    SAVE,
    reads(DEVICES + 8, 0x8000_0000_0801_4003n),
    reads(ITTS, 0n),
    reads(ITTS + 40, 0x2008_0003n),
    RESET,
    tables(),
    RESTORE,
    ENABLE,
    message(1, 0, 'ok = 0'),
  ),
)
