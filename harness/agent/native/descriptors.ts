/** Which descriptors are the player's own, and how others go. To import this is to be a player: others are closed. */
import { readdirSync } from 'node:fs'
import { NR } from './numbers.ts'
import { FD_PROGRESS, FIRST_FD, FIRST_OWN_FD } from './progress.ts'
import { syscall } from './syscalls.ts'

const LAST = 0xffffffff

const closeRange = (first: number, last: number): void => {
  if (syscall(NR.close_range, first, last, 0) === 0) return
  // Kernels before 5.9 have no call for it.
  for (let fd = first; fd <= Math.min(last, 4095); fd++) syscall(NR.close, fd)
}

// The numbers that were kept free of what Node opens; what lists open goes there, as in agent.c.
closeRange(FD_PROGRESS, FIRST_OWN_FD - 1)

/** Open descriptors of this process. */
export const openDescriptors = (): number[] => {
  const names = readdirSync('/proc/self/fd')
    .map(Number)
    .sort((a, b) => a - b)
  // The highest free one was the directory itself, which is closed again.
  return names.filter((fd) => syscall(NR.lseek, fd, 0, 1) !== -9)
}

const lastOwn = Math.max(...openDescriptors())
// No list's descriptor shall lie between ours, so the holes are filled (F_DUPFD).
const fillHoles = (): void => {
  let fd
  do fd = syscall(NR.fcntl, 0, 0, FIRST_OWN_FD)
  while (fd >= 0 && fd < lastOwn)
  syscall(NR.close, fd)
}
fillHoles()

/** Whether a number is none that a list may have. */
export const isOwn = (fd: number): boolean => fd < FIRST_FD || (fd >= FIRST_OWN_FD && fd <= lastOwn)

/** Closes what so many calls may have opened: they take the lowest free numbers, one each at most. */
export const closeOpened = (opens: number): void => {
  if (opens === 0) return
  closeRange(FIRST_FD, Math.min(FIRST_FD + opens, FIRST_OWN_FD) - 1)
  if (FIRST_FD + opens > FIRST_OWN_FD) closeRange(lastOwn + 1, LAST)
}
