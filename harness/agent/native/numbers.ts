/** The numbers of the system calls that the player makes; those of arm64 are what all newer architectures share. */

const x64 = {
  read: 0,
  write: 1,
  close: 3,
  lseek: 8,
  mmap: 9,
  rt_sigaction: 13,
  ioctl: 16,
  madvise: 28,
  setitimer: 38,
  getpid: 39,
  wait4: 61,
  kill: 62,
  fcntl: 72,
  ftruncate: 77,
  getppid: 110,
  prctl: 157,
  exit_group: 231,
  waitid: 247,
  openat: 257,
  memfd_create: 319,
  close_range: 436,
  sched_setaffinity: 203,
}

const arm64: typeof x64 = {
  read: 63,
  write: 64,
  close: 57,
  lseek: 62,
  mmap: 222,
  rt_sigaction: 134,
  ioctl: 29,
  madvise: 233,
  fcntl: 25,
  setitimer: 103,
  getpid: 172,
  wait4: 260,
  kill: 129,
  ftruncate: 46,
  getppid: 173,
  prctl: 167,
  exit_group: 94,
  waitid: 95,
  openat: 56,
  memfd_create: 279,
  close_range: 436,
  sched_setaffinity: 122,
}

/** System call numbers of this machine. */
export const NR = process.arch === 'arm64' ? arm64 : x64

export const PROT_NONE = 0
export const PROT_READ = 1
export const PROT_WRITE = 2
export const PROT_EXEC = 4
export const MAP_SHARED = 1
export const MAP_PRIVATE = 2
export const MAP_FIXED = 0x10
export const MAP_ANONYMOUS = 0x20
export const MAP_NORESERVE = 0x4000
