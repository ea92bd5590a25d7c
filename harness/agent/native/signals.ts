/** The signal that interrupts a call, and a child's death passed on. */
import { NR } from './numbers.ts'
import { type Records, codeAddress, keep, syscall } from './syscalls.ts'

const SIGALRM = 14
const SA_RESTORER = 0x04000000

const action = keep(32)

const handle = (signal: number, handler: number): void => {
  const restorer = codeAddress('restorer')
  action.bytes.writeBigUInt64LE(BigInt(handler), 0)
  // No SA_RESTART: the call shall fail with EINTR.
  action.bytes.writeBigUInt64LE(restorer ? BigInt(SA_RESTORER) : 0n, 8)
  action.bytes.writeBigUInt64LE(BigInt(restorer), 16)
  syscall(NR.rt_sigaction, signal, action.address, 0, 8)
}

handle(SIGALRM, codeAddress('onSignal'))

const interval = keep(32)

const setInterval = (ms: number): void => {
  // Repeated, because a signal that comes before the call has begun to block is lost.
  interval.bytes.writeBigUInt64LE(ms ? 10_000n : 0n, 8)
  interval.bytes.writeBigUInt64LE(BigInt(Math.floor(ms / 1000)), 16)
  interval.bytes.writeBigUInt64LE(BigInt(ms % 1000) * 1000n, 24)
}

/** Signals from so many ms on; 0 ends them. */
export const interruptAfter = (ms: number): void => {
  setInterval(ms)
  syscall(NR.setitimer, 0, interval.address, 0)
}

/** Makes a record the same call, for a child to make: it does not inherit the timer. */
export const interruptAfterIn = (records: Records, record: number, ms: number): void => {
  setInterval(ms)
  records.fill(record, NR.setitimer, 0, interval.address, 0)
}

const status = keep(8)

/** Waits for a child to end. Gives the signal that killed it, or 0. */
export const signalOf = (child: number): number => {
  while (syscall(NR.wait4, child, status.address, 0, 0) < 0);
  return status.bytes.readInt32LE() & 0x7f
}

/** Ends this process by a signal. */
export const dieOf = (signal: number): void => {
  handle(signal, 0)
  syscall(NR.kill, syscall(NR.getpid), signal)
}
