/**
 * The one notation: `vcpu1: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> -EPERM (too late)`, a line for a call.
 * A trace leaves out the descriptor where it has only one of that sort. A # and what follows it is a comment, at the
 * beginning of a line or behind a call.
 */
import { abi, namedIn } from '../abi/index.ts'
import { makes, sortOf, type Answer, type Call, type Step } from '../model/call.ts'
import type { Sort } from '../model/codec.ts'
import type { Ioctl } from '../model/rule.ts'
import type { Kind } from '../model/world.ts'
import { UserError, within } from '../process/user-error.ts'
import { errnoName, errnos, ioctls as numbers } from '../names/index.ts'
import { didYouMean } from '../process/nearest.ts'
import { quoted } from '../process/visible.ts'

const line =
  /^(?:(?:(child|thread) of )?([\w.]+): )?(?:([\w.]+) = )?([A-Za-z_0-9]+)(?:\((.*)\))?( with RLIMIT_NOFILE = 0)?$/
const reply = /^(?:(ok)|-(E\w+))(?: = ([^()]+?))?(?: \((.+)\))?$/

const notInTable = (name: string, ioctls: readonly Ioctl[]): string =>
  Object.hasOwn(numbers, name)
    ? `the table has no rules for ${name}`
    : `no such ioctl ${quoted(name)}${didYouMean(
        name,
        ioctls.map((ioctl) => ioctl.name),
      )}`

const usual: Record<Sort, string> = { kvm: 'kvm', vm: 'vm', vcpu: 'vcpu0', device: '' }

/** The sort of descriptor an ioctl is made on where a line does not say. */
const usualSort = (call: Pick<Call, 'ioctl'>): Sort => sortOfKind(call.ioctl.on[0])

const sortOfKind = (kind: Kind | undefined): Sort =>
  kind === 'kvm' || kind === 'vm' || kind === 'vcpu' ? kind : 'device'

/** The ioctl that a kernel takes this one for on such a descriptor, as it sees the number alone; undefined: none. */
const takenFor = (ioctl: Ioctl, sort: Sort, ioctls: readonly Ioctl[]): Ioctl | undefined => {
  const isFor = ({ on }: Ioctl) => on.some((kind) => sortOfKind(kind) === sort)
  return ioctl.on.length === 0 || ioctl.syscall || isFor(ioctl)
    ? undefined
    : ioctls.find((one) => one.nr === ioctl.nr && isFor(one))
}

/** The number of an errno by its name. Throws a UserError where there is none. */
export const errnoNamed = (name: string): number => {
  if (!Object.hasOwn(errnos, name))
    throw new UserError(`no such errno ${quoted(name)}${didYouMean(name, Object.keys(errnos))}`)
  return errnos[name as keyof typeof errnos]
}

const readAnswer = (text: string, call: Call): Pick<Step, 'answer' | 'why'> => {
  const [, ok, errno, value, why] = reply.exec(text) ?? []
  if (!ok && !errno)
    throw new UserError(`not an answer: ${quoted(text)}; answers are ok, ok = VALUE, -ERRNO or -ERRNO (rule)`)
  const answer: Answer = { ret: errno ? -errnoNamed(errno) : 0 }
  if (value !== undefined) {
    const { shows } = call.ioctl.takes
    if (!shows)
      throw new UserError(`${call.ioctl.name} gives no value back; its answers are ok, -ERRNO or -ERRNO (rule)`)
    answer.value = shows.parse(value, call.arg)
  }
  return { answer, ...(why !== undefined && { why }) }
}

/** A step, and the line that it was read from: `run.trace:3`. */
export interface Line {
  step: Step
  where: string
}

/** A line without the comment behind its call. */
const splitComment = (text: string): { text: string; comment?: string } => {
  const at = text.search(/\s#/)
  if (at < 0) return { text }
  const comment = text.slice(at + 2).trim()
  return { text: text.slice(0, at).trimEnd(), ...(comment !== '' && { comment }) }
}

/**
 * Reads a trace line by line. `from` names the text in errors, `first` is the number that its first line has there;
 * `ioctls` are those that a line may name, of a dialect's kernel too. Throws a UserError with the line's number where a
 * line is not in the notation, or a name is not known.
 */
export const parseLines = (text: string, from = 'trace', first = 1, ioctls: readonly Ioctl[] = abi): Line[] => {
  const lines = text
    .split('\n')
    .map((l, i) => ({ text: l.trim(), where: `${from}:${first + i}` }))
    .filter((l) => l.text !== '' && !l.text.startsWith('#'))
    .map(({ text, where }) => ({ ...splitComment(text), where }))
  const only: Partial<Record<Sort, string | null>> = {}
  const spoken = lines.map(({ text, comment, where }) => {
    const arrow = text.search(/\s->\s/)
    const [said, answer] =
      arrow < 0 ? [text, undefined] : [text.slice(0, arrow).trim(), text.slice(text.indexOf('->', arrow) + 2).trim()]
    const [, by, on, into, name, args = '', noFd] = line.exec(said) ?? []
    if (!name) throw new UserError(`${where}: not a trace line: ${quoted(text)}`)
    const ioctl = namedIn(ioctls, name)
    if (!ioctl) throw new UserError(`${where}: ${notInTable(name, ioctls)}`)
    if (on !== undefined) {
      const sort = within(where, () => sortOf(on))
      only[sort] = only[sort] === undefined || only[sort] === on ? on : null
    }
    return { ioctl, by, on, into, args, noFd, answer, comment, where }
  })
  return spoken.map(({ ioctl, by, on, into, args, noFd, answer, comment, where }): Line => {
    const sort = usualSort({ ioctl })
    if (on === undefined && only[sort] === null)
      throw new UserError(`${where}: which ${sort}? The trace has several; write "NAME: ${ioctl.name}"`)
    const subject = on ?? only[sort] ?? usual[sort]
    if (subject === '') throw new UserError(`${where}: on which device? Write "gic: ${ioctl.name}"`)
    const other = takenFor(
      ioctl,
      within(where, () => sortOf(subject)),
      ioctls,
    )
    if (other)
      throw new UserError(`${where}: on ${subject} the number of ${ioctl.name} is that of ${other.name}; write that`)
    const call: Call = { on: subject, ioctl, arg: within(where, () => ioctl.takes.parse(args, sortOf(subject))) }
    if (into !== undefined) {
      if (!ioctl.makes) throw new UserError(`${where}: ${ioctl.name} makes no descriptor that could be called ${into}`)
      if (by === 'child') throw new UserError(`${where}: what a child makes is its own, and has no name here`)
      within(where, () => sortOf(into))
      call.into = into
    }
    if (ioctl.syscall && (by !== undefined || noFd !== undefined))
      throw new UserError(
        by === 'child' && ioctl.syscall === 'close'
          ? `${where}: a child closes its own copy of a descriptor, which changes nothing`
          : `${where}: ${ioctl.name} is the same for every process and thread, and opens nothing`,
      )
    if (ioctl.isBegun?.(call.arg) && (by !== undefined || noFd !== undefined))
      throw new UserError(`${where}: what is begun in the background has a thread of its own already`)
    if (by === 'child' || by === 'thread') call.by = by
    if (noFd !== undefined) call.noFd = true
    const answered = answer === undefined ? {} : within(where, () => readAnswer(answer, call))
    return { step: { call, ...answered, ...(comment !== undefined && { comment }) }, where }
  })
}

/** The steps of a trace; see parseLines. */
export const parse = (text: string, from?: string, ioctls?: readonly Ioctl[]): Step[] =>
  parseLines(text, from, 1, ioctls).map(({ step }) => step)

/** One answer as a trace shows it: `ok`, `ok = 0xf`, `-EPERM`. */
export const printAnswer = (answer: Answer, { ioctl, arg }: Call): string => {
  const value = answer.value === undefined ? '' : ` = ${ioctl.takes.shows!.print(answer.value, arg)}`
  return (answer.ret >= 0 ? 'ok' : `-${errnoName(-answer.ret)}`) + value
}

/** The same with the key of the rule that refuses: `-EPERM (too early)`. */
export const printReply = (answer: Answer, call: Call, why?: string): string =>
  `${printAnswer(answer, call)}${why ? ` (${why})` : ''}`

const LIMITED = ' with RLIMIT_NOFILE = 0'

/** One call as a trace shows it; `alone`: the sorts of which the trace has one descriptor only. */
export const printCall = (call: Call, alone: ReadonlySet<Sort> = new Set()): string => {
  const { on, ioctl, arg, into, by, noFd } = call
  const sort = sortOf(on)
  const implied = sort === usualSort(call) && alone.has(sort) && (on === usual[sort] || sort === 'kvm')
  const args = ioctl.takes.print(arg, sort)
  const made = into !== undefined && into !== makes({ on, ioctl, arg }) ? `${into} = ` : ''
  const subject = by ? `${by} of ${on}: ` : implied ? '' : `${on}: `
  return `${subject}${made}${ioctl.name}${args && `(${args})`}${noFd ? LIMITED : ''}`
}

/** Prints steps, arrows aligned; `parse` reads it back to the same steps, comments included. */
export const print = (steps: readonly Step[]): string => {
  const names: Record<Sort, Set<string>> = { kvm: new Set(), vm: new Set(), vcpu: new Set(), device: new Set() }
  for (const { call } of steps) names[sortOf(call.on)].add(call.on)
  const alone = new Set((Object.keys(names) as Sort[]).filter((s) => names[s].size <= 1))
  const said = steps.map(({ call }) => printCall(call, alone))
  const width = steps.reduce((most, { answer }, i) => Math.min(72, Math.max(most, answer ? said[i]!.length : 0)), 0)
  return steps
    .map(({ call, answer, why, comment }, i) => {
      const line = answer ? `${said[i]!.padEnd(width)} -> ${printReply(answer, call, why)}` : said[i]!
      return comment === undefined ? line : `${line}   # ${comment}`
    })
    .join('\n')
}
