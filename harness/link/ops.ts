/** Calls as an agent plays them: names become slots, arguments become bytes (agent/PROTOCOL.md). */
import { makes, type Answer, type Call } from '../model/call.ts'
import { UserError } from '../process/user-error.ts'
import type { Host } from '../model/host.ts'
import type { Played } from './lines.ts'

/** What an agent takes at most: descriptors, ops, and bytes of a line, which has more than the ops. */
const SLOTS = 24,
  OPS = 4096,
  LINE = 65_536 - 'play 0123456789abcdef 999999999 '.length

const needWithin = (number: number, most: number, what: string): void => {
  if (number > most)
    throw new UserError(
      `${number} ${what}, more than the ${most} that an agent takes in one list of calls; split the list`,
    )
}

const opOfIoctl = { process: 'i', child: 'j', thread: 'h' } as const
const opOfSyscall = { close: 'c', mmap: 'm', pread: 'r', fallocate: 'a', join: 'q' } as const

/** The op that is the call itself. */
const opOf = ({ ioctl, arg, by }: Call, slot: string, packed: string): string => {
  if (ioctl.syscall) return `${opOfSyscall[ioctl.syscall]},${slot}${packed && `,${packed}`}`
  const nr = ioctl.nrOf?.(arg) ?? ioctl.nr!
  const op = ioctl.isBegun?.(arg) ? 'b' : opOfIoctl[by ?? 'process']
  return `${op},${slot},${nr.toString(16)},${packed}`
}

/**
 * The ops for a list of calls; /dev/kvm is opened first, in slot 0, and its answer is the first. Throws a UserError
 * where it is more than an agent takes.
 */
export const toOps = (calls: readonly Call[], host: Host): string => {
  const slots = new Map([['kvm', '0']])
  const slot = (name: string): string => {
    let s = slots.get(name)
    if (s === undefined) slots.set(name, (s = slots.size.toString(16)))
    return s
  }
  let ops = 'k,0'
  for (const call of calls) {
    const on = slot(call.on)
    const made = makes(call)
    const { before, arg, after } = call.ioctl.takes.pack(call.arg, on, host)
    ops += ` ${before.replace(/&([\w.]+)/g, (_, name: string) => slot(name))}${call.noFd ? 'n,0 ' : ''}${opOf(call, on, arg)}`
    if (made !== undefined)
      ops += call.ioctl.fdAt === undefined ? `,${slot(made)}` : ` f,d:${call.ioctl.fdAt.toString(16)},${slot(made)}`
    ops += after
  }
  needWithin(slots.size, SLOTS, 'descriptors')
  needWithin(ops.split(' ').length, OPS, 'operations of an agent')
  needWithin(ops.length, LINE, 'bytes of operations')
  return ops
}

/** What an agent answered, as answers of the calls; shorter where the agent did not get to the end. */
export const toAnswers = (calls: readonly Call[], { answers }: Pick<Played, 'answers'>): Answer[] =>
  answers.slice(1).map(({ ret, data }, i) => {
    const { ioctl, arg } = calls[i]!
    const value = ioctl.takes.value?.(ret, data, arg)
    const list = ioctl.takes.list?.(ret, data, arg)
    return { ret: Math.min(ret, 0), ...(value !== undefined && { value }), ...(list && { list }) }
  })
