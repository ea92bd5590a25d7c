/** Plays one list and takes back everything it did to this process. */
import { answer, readBack, records, runAnswered } from './answers.ts'
import { SLOTS, areaSize, clearAreas, dropRun, hasRun, memory, openKvm } from './areas.ts'
import { closeOpened, isOwn } from './descriptors.ts'
import { look } from './look.ts'
import { NR } from './numbers.ts'
import type { List, Op } from './parse.ts'
import { dieOf, interruptAfter, interruptAfterIn, signalOf } from './signals.ts'
import { forkAndRun } from './syscalls.ts'

const fds = new Int32Array(SLOTS).fill(-1)
let clean = clearAreas(areaSize('d'), false)

const put = (slot: number, fd: number): void => {
  clean = dropRun(slot) && clean
  fds[slot] = isOwn(fd) ? -1 : fd
}

const prepare = (op: Op, record: number): void => {
  if (op.kind === 'k') return records.fill(record, NR.openat, ...openKvm)
  records.set(record, 0, op.kind === 'c' ? NR.close : NR.ioctl)
  records.set(record, 1, fds[op.slot]!)
  records.set(record, 2, op.nr)
  records.setHalves(record, 3, op.low, op.high)
}

const callForked = (op: Op, ms: number): number => {
  const at = ms ? 1 : 0
  if (ms) interruptAfterIn(records, 0, ms)
  prepare(op, at)
  const child = forkAndRun(records.address, at + 1)
  if (child < 0) return child
  const signal = signalOf(child)
  // Reported as if it had happened here.
  if (signal) dieOf(signal)
  return records.int(at)
}

const settle = (op: Op, result: number): void => {
  if (op.kind === 'c') put(op.slot, -1)
  else if (result >= 0 && op.kind === 'k') put(op.slot, result)
  else if (result >= 0 && op.into >= 0) put(op.into, result)
}

/** Whether a call may change what later calls are made with, so that it cannot be made together with them. */
const changes = (op: Op): boolean => op.kind !== 'i' || op.into >= 0

/** Where the bytes from `from` to `end` stop being zero. */
const endOfData = (from: number, end: number): number => {
  while (end > from && memory[end - 1] === 0) end--
  return end
}

/** The op on memory, after the last call's result. */
const touch = (op: Op, result: number): void => {
  const there = op.addrSlot < 0 || hasRun(op.addrSlot, fds[op.addrSlot]!)
  if (op.kind === 'x') readBack(there ? memory.toString('hex', op.where, endOfData(op.where, op.where + op.size)) : '')
  if (!there) return
  if (op.kind === 'w') {
    memory.write(op.hex, op.where, 'hex')
  } else if (op.kind === 'p') {
    if (op.argSlot >= 0) hasRun(op.argSlot, fds[op.argSlot]!)
    memory.writeUInt32LE(op.low, op.where)
    memory.writeUInt32LE(op.high, op.where + 4)
  } else if (op.kind === 'f' && result >= 0) {
    const fd = memory.readInt32LE(op.where)
    if (fd >= 0) put(op.slot, fd)
  }
}

/** Plays the ops in order. Calls that depend on nothing between them are made together: the way there costs most. */
export const play = ({ ops }: List): void => {
  let result = -1
  let waiting = 0
  let ms = 0
  const make = (): void => {
    if (waiting === 0) return
    runAnswered(waiting)
    result = records.int(waiting - 1)
    waiting = 0
  }
  for (const op of ops) {
    if (op.kind === 't') {
      ms = op.size
    } else if ('wpxf'.includes(op.kind)) {
      make()
      touch(op, result)
    } else if (op.kind === 'l') {
      make()
      result = look(Buffer.from(op.hex, 'hex'), memory.subarray(op.where, op.where + op.size))
      answer(result)
      ms = 0
    } else {
      if (op.argSlot >= 0) hasRun(op.argSlot, fds[op.argSlot]!)
      if (op.kind === 'j' || ms) make()
      if (op.kind === 'j') {
        result = callForked(op, ms)
        answer(result)
      } else {
        prepare(op, waiting++)
        if (ms) interruptAfter(ms)
        if (ms || changes(op)) make()
        if (ms) interruptAfter(0)
        if (changes(op)) settle(op, result)
      }
      ms = 0
    }
  }
  make()
}

/** Gives whether nothing is left that only the end of the process removes. */
export const cleanUp = ({ opens, dUsed, gUsed }: List): boolean => {
  for (let slot = 0; slot < SLOTS; slot++) put(slot, -1)
  closeOpened(opens)
  return clearAreas(dUsed, gUsed) && clean
}
