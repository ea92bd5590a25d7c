/** A line that strace writes: whose it is, and what it says, whatever options put in front of it. */

/** What a system call gave back: a number or, behind -1, the name of an errno; `isOpen`: strace does not know. */
export interface Result {
  number?: bigint
  errno?: string
  isOpen?: true
  /** A remark in parentheses, such as the exit reason of `-e kvm=vcpu`. */
  said?: string
}

/** A system call, whole. `line`: the number of the line in which it ended. */
export interface Syscall {
  line: number
  name: string
  args: string
  result: Result
}

/** A line that is none of strace's, or not whole. */
export interface Damaged {
  line: number
  damaged: string
}

const PID = /^(?:\[pid +(\d+)(?:<[^>]*>)?\] |(\d+)(?:<[^>]*>)? +(?=\S))/
/** Of -t, -tt, -ttt and -r. */
const TIMES = /^(?:(?:\d\d:\d\d:\d\d|\d{9,})(?:\.\d+)? )?(?:\(\+ *\d+\.\d+\) | *\d+\.\d+ )?/
/** Of -n, -i and --secontext. */
const BRACKETS = /^(?:\[[^\]]*\] )+/
/** Signals, ends of processes, stacks (-k), struct kvm_run (-e kvm=vcpu+), and what strace says of itself. */
const OTHER = /^(?:---|\+\+\+| > | \(|(?: VCPU(?::\d+)?[<>] )|\/?\S*strace: )/

const BEGUN = /^([a-z_][a-z0-9_]*)\((.*?),? ?<(?:unfinished|detached) \.\.\.>$/
const RESUMED = /^<\.\.\. ([a-z_][a-z0-9_]*) resumed> ?(.*)$/
const WHOLE = /^([a-z_][a-z0-9_]*)\((.*)\) += (.*)$/
/** Behind the arguments of a call in which the process was killed: `KVM_RUN, 0 <unfinished ...>) = ?`. */
const KILLED = /,? ?<unfinished \.\.\.>$/
const RESULT =
  /^(-?\d+|0x[0-9a-f]+|\?)(?:<.*>(?:\(deleted\))?)?(?: (E[A-Z0-9]+))?(?: \((.*?)\))?(?: \(INJECTED[^)]*\))?(?: <\d+\.\d+>)?$/
/** The same with what a descriptor is: a path may hold whatever a result may. */
const MADE = /^(\d+)<.*>(?:\(deleted\))?$/

const without = (text: string, pattern: RegExp): string => text.replace(pattern, '')

/** What stands in front, if anything, and the rest. */
const split = (text: string): { pid: string; rest: string } => {
  const [front = '', bracketed, plain] = PID.exec(text) ?? []
  return { pid: bracketed ?? plain ?? '', rest: without(without(text.slice(front.length), TIMES), BRACKETS) }
}

const resultOf = (text: string): Result | undefined => {
  const [, made] = MADE.exec(without(text, / <\d+\.\d+>$/)) ?? []
  if (made !== undefined) return { number: BigInt(made) }
  if (text === '? <unavailable>') return { isOpen: true }
  const [, number, errno, said] = RESULT.exec(text) ?? []
  if (number === undefined) return undefined
  return {
    ...(number === '?' ? { isOpen: true } : { number: BigInt(number) }),
    ...(errno !== undefined && { errno }),
    ...(said !== undefined && errno === undefined && { said }),
  }
}

/** A call that began in one line, and goes on in another. */
interface Begun {
  line: number
  name: string
  args: string
}

/** What the lines before tell of the next ones. */
interface Reading {
  /** By pid; the first process has none until there is another. */
  begun: Map<string, Begun>
}

const resumed = (line: number, pid: string, name: string, tail: string, { begun }: Reading): Syscall | Damaged => {
  const key = [pid, ''].find((one) => begun.get(one)?.name === name)
  if (key === undefined) return { line, damaged: `${name} goes on here, and began nowhere` }
  const { args } = begun.get(key)!
  begun.delete(key)
  const [, more, ended] = /^(.*)\) += (.*)$/.exec(tail) ?? []
  const result = ended === undefined ? undefined : resultOf(ended)
  return result === undefined
    ? { line, damaged: 'is not whole' }
    : {
        line,
        name,
        args: [args, without(without(more!, KILLED), /^, /)].filter((part) => part !== '').join(', '),
        result,
      }
}

const read = (text: string, line: number, reading: Reading): Syscall | Damaged | undefined => {
  if (text.trim() === '' || OTHER.test(text)) return undefined
  const { pid, rest } = split(text)
  if (OTHER.test(rest)) return undefined
  const [, begins, first] = BEGUN.exec(rest) ?? []
  if (begins !== undefined) {
    const before = reading.begun.get(pid)
    reading.begun.set(pid, { line, name: begins, args: first! })
    return before && { line: before.line, damaged: `${before.name} begins here, and ends nowhere` }
  }
  const [, goesOn, tail] = RESUMED.exec(rest) ?? []
  if (goesOn !== undefined) return resumed(line, pid, goesOn, tail!, reading)
  const [, name, args, ended] = WHOLE.exec(rest) ?? []
  const result = ended === undefined ? undefined : resultOf(ended)
  if (name === undefined)
    return { line, damaged: /^[a-z_][a-z0-9_]*\(/.test(rest) ? 'is not whole' : 'is no line of strace' }
  return result === undefined
    ? { line, damaged: 'has no result that could be read' }
    : { line, name, args: without(args!, KILLED), result }
}

/** What strace wrote, call by call in the order in which they ended; lines that cannot be read are told. */
export const syscallsOf = (text: string): (Syscall | Damaged)[] => {
  const reading: Reading = { begun: new Map() }
  const found = text.split('\n').flatMap((one, i) => read(one.replace(/\r$/, ''), i + 1, reading) ?? [])
  const left = [...reading.begun.values()].map(({ line, name }) => ({
    line,
    damaged: `${name} begins here, and ends nowhere`,
  }))
  return [...found, ...left]
}
