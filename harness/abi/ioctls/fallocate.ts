/** fallocate(2) of a guest_memfd, which is no ioctl. */
import { api, ioctl, src, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { fallocateModes } from '../../names/index.ts'
import { takes, type Fallocate } from '../args/fallocate.ts'
import { PAGE } from '../args/set-user-memory-region.ts'
import { forgetBytes } from '../ram/shared-page.ts'

const {
  FALLOC_FL_KEEP_SIZE: KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE: PUNCH_HOLE,
  FALLOC_FL_COLLAPSE_RANGE: COLLAPSE_RANGE,
  FALLOC_FL_ZERO_RANGE: ZERO_RANGE,
  FALLOC_FL_INSERT_RANGE: INSERT_RANGE,
  FALLOC_FL_UNSHARE_RANGE: UNSHARE_RANGE,
  FALLOC_FL_WRITE_ZEROES: WRITE_ZEROES,
} = fallocateModes

/** Modes of which a call has one, and those of them that come with FALLOC_FL_KEEP_SIZE, without it, or either way. */
const withKeepSize = [PUNCH_HOLE]
const withoutKeepSize = [COLLAPSE_RANGE, INSERT_RANGE, WRITE_ZEROES]
const eitherWay = [0, ZERO_RANGE, UNSHARE_RANGE]
const isOfFiles = ({ mode }: Fallocate): boolean =>
  [...eitherWay, ...((mode & KEEP_SIZE) === 0 ? withoutKeepSize : withKeepSize)].includes(mode & ~KEEP_SIZE)

/** Before 6.12 each of these refused others beside it, but for FALLOC_FL_UNSHARE_RANGE with FALLOC_FL_KEEP_SIZE. */
const aloneBefore: readonly (readonly [mode: number, allowed: number])[] = [
  [COLLAPSE_RANGE, COLLAPSE_RANGE],
  [INSERT_RANGE, INSERT_RANGE],
  [UNSHARE_RANGE, UNSHARE_RANGE | KEEP_SIZE],
]
const areTogether = ({ mode }: Fallocate): boolean =>
  aloneBefore.some(([own, allowed]) => (mode & own) !== 0 && (mode & ~allowed) !== 0)
const KNOWN_BEFORE = KEEP_SIZE | PUNCH_HOLE | COLLAPSE_RANGE | ZERO_RANGE | INSERT_RANGE | UNSHARE_RANGE
const isUnknownBefore = ({ mode }: Fallocate): boolean =>
  (mode & ~KNOWN_BEFORE) !== 0 || ((mode & PUNCH_HOLE) !== 0 && ((mode & ZERO_RANGE) !== 0 || (mode & KEEP_SIZE) === 0))

const isOfMemfd = ({ mode }: Fallocate): boolean => (mode & KEEP_SIZE) !== 0 && (mode & ~(KEEP_SIZE | PUNCH_HOLE)) === 0
const punches = ({ mode }: Fallocate): boolean => (mode & PUNCH_HOLE) !== 0
const end = ({ offset, len }: Fallocate): bigint => offset + BigInt(len)

const ofMemfd =
  (when: (here: Here, arg: Fallocate) => boolean): Refusal<Fallocate>['when'] =>
  (here, arg) =>
    here.memfd !== undefined && when(here, arg)

export default ioctl<Fallocate>('fallocate', {
  syscall: 'fallocate',
  on: ['guest-memfd'],
  weight: 1,
  takes,
  refuses: [
    {
      why: 'no range',
      says: 'A range begins within 63 bits, and has a length.',
      cite: src('fs/open.c', 'vfs_fallocate'),
      errno: 'EINVAL',
      when: (_, { offset, len }) => offset >> 63n !== 0n || len === 0,
    },
    {
      why: 'unknown mode',
      variant: 'hole beside zeros',
      says: 'A mode is one that files have; a hole is punched with FALLOC_FL_KEEP_SIZE and without FALLOC_FL_ZERO_RANGE.',
      cite: src('fs/open.c', 'vfs_fallocate'),
      until: '6.12',
      errno: 'EOPNOTSUPP',
      when: (_, arg) => isUnknownBefore(arg),
    },
    {
      why: 'modes together',
      says: 'FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_INSERT_RANGE and FALLOC_FL_UNSHARE_RANGE stand alone.',
      cite: src('fs/open.c', 'vfs_fallocate'),
      until: '6.12',
      errno: 'EINVAL',
      when: (_, arg) => areTogether(arg),
    },
    {
      why: 'unknown mode',
      variant: 'one of many',
      says: 'A mode is one of those that files have, with FALLOC_FL_KEEP_SIZE where that belongs to it.',
      cite: src('fs/open.c', 'vfs_fallocate'),
      since: '6.12',
      errno: 'EOPNOTSUPP',
      when: (_, arg) => !isOfFiles(arg),
    },
    {
      why: 'unknown mode',
      variant: 'FALLOC_FL_WRITE_ZEROES',
      says: 'Files have no FALLOC_FL_WRITE_ZEROES yet.',
      cite: src('fs/open.c', 'vfs_fallocate'),
      since: '6.12',
      until: '6.17',
      errno: 'EOPNOTSUPP',
      when: (_, { mode }) => (mode & WRITE_ZEROES) !== 0,
    },
    {
      why: 'read-only',
      says: 'Statistics are for reading.',
      cite: src('fs/open.c', 'vfs_fallocate'),
      since: '6.1',
      errno: 'EBADF',
      when: ({ kind }) => kind === 'stats',
    },
    {
      why: 'no file',
      says: 'VMs, vcpus, devices and /dev/kvm are no files that have memory.',
      cite: src('fs/open.c', 'vfs_fallocate'),
      errno: 'ENODEV',
      when: ({ kind, memfd }) => kind !== 'stats' && memfd === undefined,
    },
    {
      why: 'past 63 bits',
      says: 'The range ends within 63 bits.',
      cite: src('fs/open.c', 'vfs_fallocate'),
      since: '6.18',
      errno: 'EFBIG',
      when: ofMemfd((_, arg) => end(arg) >> 63n !== 0n),
    },
    {
      why: 'another mode',
      says: 'A guest_memfd keeps its size: memory is allocated, or a hole is punched, both with FALLOC_FL_KEEP_SIZE.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_fallocate'),
      since: '6.18',
      errno: 'EOPNOTSUPP',
      when: ofMemfd((_, arg) => !isOfMemfd(arg)),
    },
    {
      why: 'not whole pages',
      says: 'Offset and length are multiples of the page size.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_fallocate'),
      since: '6.18',
      errno: 'EINVAL',
      when: ofMemfd((_, { offset, len }) => offset % PAGE !== 0n || BigInt(len) % PAGE !== 0n),
    },
    {
      why: 'past its end',
      says: 'What is allocated ends within the guest_memfd. A hole may lie anywhere.',
      cite: src('virt/kvm/guest_memfd.c', 'kvm_gmem_allocate'),
      since: '6.18',
      errno: 'EINVAL',
      when: ofMemfd(({ memfd }, arg) => !punches(arg) && end(arg) > memfd.size),
    },
  ],
  grants: {
    says: 'Memory is there before it is touched; or there is none any more, and who touches it finds zeros.',
    cite: api('4.142', 'guest_memfd files do however support PUNCH_HOLE', { since: '7.2' }),
    then({ memfd }, arg) {
      if (punches(arg)) forgetBytes(memfd.content, arg.offset, end(arg))
    },
  },
})
