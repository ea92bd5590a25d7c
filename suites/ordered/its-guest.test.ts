/** The guest that stores to the registers of its ITS: the kernel takes them, and userspace hears of none. */
import { hex } from '../../harness/model/scalar.ts'
import { sequence } from '../../harness/suite/sequence.ts'
import {
  all,
  commands,
  getIts,
  guestThat,
  ITTS,
  message,
  PENDING,
  queue,
  QUEUE,
  reads,
  SAVE_PENDING,
  writes,
} from '../its.ts'

const { DISCARD, INT, MAPC, MAPD, MAPTI } = commands
const [GITS_CTLR, GITS_CBASER, GITS_CWRITER, GITS_CREADR, GITS_BASER] = [0x0, 0x80, 0x88, 0x90, 0x100]
const ITS_AT = 0x808_0000
const isPending = (word: bigint) => [SAVE_PENDING, reads(PENDING[0] + 1024, word)]
/** The guest stores these words at these offsets, and then leaves. */
const stores = (first: number, word: number, second: number, other: number) => [
  ...[word, ITS_AT + first, other, ITS_AT + second].map(
    (value, i) => `KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[${i}]), &${hex(value)}) -> ok`,
  ),
  'KVM_RUN -> ok = KVM_EXIT_MMIO',
  'kvm_run(mmio.phys_addr) -> ok = 0x10000000',
]
const mapped = [
  guestThat('store-at'),
  queue(0, MAPD(1, ITTS, 3), MAPC(0, 0), MAPTI(1, 0, 8192, 0), MAPTI(1, 1, 8193, 0)).flat(),
].flat()

sequence(
  'commands are done that the guest names by GITS_CWRITER, in whichever half',
  all(
    mapped,
    writes(QUEUE + 128, ...INT(1, 0)),
    writes(QUEUE + 160, ...DISCARD(1, 1)),
    stores(GITS_CWRITER, 0xa0, GITS_CWRITER + 4, 0),
    getIts(GITS_CREADR, 0xa0n),
    isPending(1n),
    message(1, 1, 'ok = 1'),
    stores(GITS_CWRITER + 4, 0x55, GITS_CWRITER, 0xc0),
    getIts(GITS_CWRITER, 0xc0n),
    getIts(GITS_CREADR, 0xc0n),
    message(1, 1, 'ok = 0'),
  ),
)

sequence(
  'GITS_TRANSLATER is for devices, GITS_CREADR for the ITS, and GITS_CWRITER lies within the queue',
  all(
    mapped,
    stores(0x1_0040, 0, 0x1_0040, 1),
    isPending(0n),
    stores(GITS_CWRITER, 0x1_0000, GITS_CREADR, 0x20),
    getIts(GITS_CWRITER, 0x80n),
    getIts(GITS_CREADR, 0x80n),
    message(1, 0, 'ok = 1'),
  ),
)

sequence(
  'the guest disables its ITS, and has another queue and table',
  all(
    mapped,
    stores(GITS_CBASER, 0x7, GITS_CTLR, 0),
    getIts(GITS_CBASER, 0x9800_0000_4001_0000n),
    getIts(GITS_CTLR, 0x8000_0000n),
    message(1, 0, '-EBUSY (ITS disabled)'),
    stores(GITS_CBASER, 0x2_0007, GITS_BASER + 4, 0),
    getIts(GITS_CBASER, 0x9800_0000_0002_0007n),
    getIts(GITS_CWRITER, 0n),
    getIts(GITS_BASER, (0x1907_0000_4002_0200n & ~0xffff_ffff_0000_0000n) | 0x1907_0000_0000_0000n),
  ),
)
