/** Asking a target while it is recorded. What goes wrong with a list is noted, and the recording goes on. */
import { ioctlsIn } from '../dialects/index.ts'
import type { Answer, Call, Step } from '../model/call.ts'
import type { Dialect } from '../model/dialect.ts'
import { UserError } from '../process/user-error.ts'
import type { Host } from '../model/host.ts'
import { isFault } from '../model/kernel-log.ts'
import type { Greeting, Played } from '../link/lines.ts'
import { toAnswers, toOps } from '../link/ops.ts'
import { parse, print } from '../table/notation.ts'

/** An agent, or a pool of them. */
export interface ProbeTarget {
  greeting: Greeting
  play(ops: string, deadlineMs: number): Promise<Played>
}

/** A player, and the lists on it that did not end well: not all was answered, or the kernel log has a complaint. */
export interface ProbeSession {
  player: ProbeTarget
  trouble: NonNullable<Host['trouble']>
  /** Registers that take what reads them with them: they are left alone from then on. */
  stuck: Set<bigint>
  /** What the kernel is said to speak, where that is not what shipped. */
  dialect?: Dialect
}

/** Milliseconds that a list may take while a target is recorded: some write to a register seventy times. */
export const DEADLINE = 20_000

/** From so many lists with trouble on, no more is spent on finding out which call of a list it was. */
const MANY = 12

/** The same lines as the kernel's dialect has them. */
export const spokenLines = ({ dialect }: ProbeSession, ...text: string[]): Call[] =>
  parse(text.join('\n'), 'probe', ioctlsIn(dialect)).map(({ call }) => call)

const SHIPPED = ['KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)']

/** What makes a vcpu with SVE ready, a line each without its descriptor. */
export const finalizing = ({ dialect }: ProbeSession): readonly string[] => dialect?.finalizes ?? SHIPPED

/** Calls read from lines of the notation, as it shipped. */
export const lines = (...text: string[]): Call[] => parse(text.join('\n'), 'probe').map(({ call }) => call)

/** Whether all of a list was answered and the kernel log has no complaint. */
export const isSound = ({ outcome, log }: Played): boolean => outcome === 'done' && !log.some(isFault)

export const hasMuch = ({ trouble }: ProbeSession): boolean => trouble.length >= MANY

/**
 * Plays ops; where they do not all come back and the kernel log does not say why, once more, since that may have been
 * the host's fault. Throws a UserError where the agent does not understand them.
 */
export const played = async ({ player }: ProbeSession, ops: string): Promise<Played> => {
  const first = await player.play(ops, DEADLINE)
  const last = isSound(first) || first.log.some(isFault) ? first : await player.play(ops, DEADLINE)
  if (last.outcome === 'bad')
    throw new UserError(`the target cannot be recorded: its agent does not understand: ${last.why}`)
  return last
}

/** Notes a list that did not end well, one for each kind of complaint in the kernel log. */
export const note = ({ trouble }: ProbeSession, calls: readonly Call[], { log }: Played): void => {
  const faults = log.filter(isFault)
  const isNew =
    faults.length === 0 || !trouble.some((one) => one.log[0] !== undefined && kindOf(one.log[0]) === kindOf(faults[0]!))
  if (isNew) trouble.push({ trace: print(calls.map((call): Step => ({ call }))), log: faults })
}

/** A line of the kernel log without what differs from time to time. */
const kindOf = (line: string): string => line.replace(/0x[0-9a-f]+|\d+/g, 'N')

/**
 * Plays calls of which none needs to know the host: every KVM_ARM_VCPU_INIT names its target. Fewer answers where not
 * all came back.
 */
export const askCalls = async (session: ProbeSession, calls: readonly Call[]): Promise<Answer[]> => {
  const came = await played(session, toOps(calls, {} as Host))
  if (!isSound(came)) note(session, calls, came)
  return toAnswers(calls, came)
}
