/** Looks at files: what a controller wants to know of the machine stands in /proc and /sys. */
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { constants as system } from 'node:os'

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants

const errnoOf = (error: unknown): number =>
  -(system.errno[(error as NodeJS.ErrnoException).code as keyof typeof system.errno] ?? system.errno.EIO)

/** Reads a file into `bytes`, as far as both go; gives how many bytes, or −errno. */
export const look = (path: Buffer, bytes: Buffer): number => {
  let fd: number
  try {
    fd = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
  } catch (error) {
    return errnoOf(error)
  }
  let have = 0
  try {
    for (let got = 1; got > 0 && have < bytes.length; have += got)
      got = readSync(fd, bytes, have, bytes.length - have, null)
    return have
  } catch (error) {
    return have || errnoOf(error)
  } finally {
    closeSync(fd)
  }
}
