/** A trace as a program plays it: each call, what it does to memory, and what the table says it must answer. */
import { makes, type Call, type Step } from '../../harness/model/call.ts'
import type { Host } from '../../harness/model/host.ts'
import type { Release } from '../../harness/model/release.ts'
import { bytes } from '../../harness/model/scalar.ts'
import { printTable } from '../../harness/oracle/judge.ts'
import { retOf, type Allowed } from '../../harness/oracle/oracle.ts'
import { turns } from '../../harness/oracle/turns.ts'
import { boot } from '../../harness/table/rules.ts'
import { print, printReply } from '../../harness/table/notation.ts'
import { memoryOf, type Memory } from './memory.ts'

/** The value that comes back: what the call returns, or what one of its reads finds. */
export interface ValueDue {
  value: bigint
  at: 'return' | number
}

export interface Reproduced {
  call: Call
  /** As the notation has it, answer included, and what was answered instead where the trace says so. */
  line: string
  memory: Memory
  /** The number of the ioctl; undefined for another system call. */
  nr?: number
  /** The name of the descriptor that it makes. */
  makes?: string
  /** −errno, 0 for ok. */
  due: number
  value?: ValueDue
  /**
   * The register ids that come, of the last call alone: a counterexample ends where it is wrong, and lists are long.
   */
  list?: readonly bigint[]
  /** Nobody has looked what kernels answer: the answer is no deviation. */
  isUnknown?: true
}

/** A trace, ready to be written as a program. */
export interface Reproduction {
  /** What the trace is called. */
  name: string
  host: Host
  release: Release
  calls: readonly Reproduced[]
}

/** Its list is the number of ids and then the ids, 64 bits each. */
const LISTS = 'KVM_GET_REG_LIST'

/** Where the value is, as the ioctl's own codec finds it: tried, since a codec reads values and does not say where. */
const valueIn = ({ ioctl, arg }: Call, memory: Memory, allowed: Allowed): ValueDue | undefined => {
  const { value } = allowed
  if (value === undefined) return undefined
  const find = ioctl.takes.value!
  const ret = retOf(allowed)
  for (const at of memory.reads.keys()) {
    const { length } = memory.reads[at]!
    if (value >> BigInt(length * 8) !== 0n) continue
    const data = memory.reads.map((_, i) => (i === at ? bytes(value, length).replace(/(00)+$/, '') : ''))
    if (find(ret, data, arg) === value) return { value, at }
  }
  return memory.reads.length === 0 && find(Number(value), [], arg) === value ? { value, at: 'return' } : undefined
}

const one = (
  { call, table }: { call: Call; table: Allowed },
  host: Host,
  text: string,
  came: string | undefined,
): Reproduced => {
  const memory = memoryOf(call.ioctl.takes.pack(call.arg, '0', host))
  const nr = call.ioctl.nrOf?.(call.arg) ?? call.ioctl.nr
  const made = makes(call)
  const value = table.varies || table.isGuess ? undefined : valueIn(call, memory, table)
  return {
    call,
    line: came === undefined ? text : `${text}; a kernel answered ${came}`,
    memory,
    due: retOf(table),
    ...(nr !== undefined && { nr }),
    ...(made !== undefined && { makes: made }),
    ...(value && { value }),
    ...(table.isGuess && { isUnknown: true }),
  }
}

/** The steps as a program that expects what `release` answers on `host`. */
export const reproductionOf = (name: string, steps: readonly Step[], host: Host, release: Release): Reproduction => {
  const all = [
    ...turns(
      boot(host, release),
      steps.map(({ call }) => call),
    ),
  ].map(({ call, table, answer }) => ({ call, table, answer }))
  const lines = print(
    all.map(({ call, table, answer }) => ({ call, answer, ...(table.refusal && { why: table.refusal.why }) })),
  ).split('\n')
  const listOfLast = ({ call, table }: (typeof all)[number]): Pick<Reproduced, 'list'> =>
    call.ioctl.name === LISTS && table.list && !table.isUnordered && !table.isGuess ? { list: table.list } : {}
  const calls = all.map((turn, i) => {
    const said = steps[i]!.answer
    const isOther =
      said !== undefined
      && (said.ret !== turn.answer.ret || (said.value !== undefined && said.value !== turn.answer.value))
    const due = printTable(turn.table, turn.call)
    const came = isOther && !turn.table.isGuess ? printReply(said, turn.call) : undefined
    return {
      ...one(turn, host, lines[i]!.replace(/ +-> /, ' -> '), came === due ? undefined : came),
      ...(i === all.length - 1 && listOfLast(turn)),
    }
  })
  return { name, host, release, calls }
}
