/** What the processes of a run hold, looked at from outside. */
import { readFileSync, readdirSync } from 'node:fs'
import { descendantsOf } from '../../process/children.ts'
import type { Held } from './trends.ts'

const PAGE = 4096
const MIB = 2 ** 20

const roleOf = (name: string): string =>
  name.startsWith('qemu-') ? 'QEMU' : name === 'node' || name === 'MainThread' ? 'test processes' : 'others'

/**
 * Mappings from so many KiB on are QEMU's for the guest's memory and for translated code: their size is fixed when QEMU
 * starts, and how much of them was touched says nothing of QEMU. What the guest holds is asked of the guest.
 */
const FIXED_KIB = 256 << 10

const residentOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * (PAGE / MIB)

/** The resident MiB of QEMU itself. */
const residentOfQemu = (pid: number): number => {
  const sizes = [...readFileSync(`/proc/${pid}/smaps`, 'latin1').matchAll(/^Size: +(\d+) kB[^]*?^Rss: +(\d+) kB/gm)]
  return sizes.reduce((sum, [, size, resident]) => sum + (Number(size) < FIXED_KIB ? Number(resident) / 1024 : 0), 0)
}

/** What the process and all that it has started hold now, by role; no others are there once it has ended. */
export const heldByProcesses = (pid: number): Map<string, Held> => {
  const held = new Map<string, Held>()
  const add = (id: number, role: string): void => {
    try {
      const mebibytes = role === 'QEMU' ? residentOfQemu(id) : residentOf(id)
      const descriptors = readdirSync(`/proc/${id}/fd`).length
      const sum = held.get(role) ?? { mebibytes: 0, descriptors: 0 }
      held.set(role, { mebibytes: sum['mebibytes']! + mebibytes, descriptors: sum['descriptors']! + descriptors })
    } catch {
      // It has just ended.
    }
  }
  add(pid, 'main process')
  for (const child of descendantsOf(pid)) add(child.pid, roleOf(child.name))
  return held
}
