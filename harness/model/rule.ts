/** What a rule is. An ioctl has refusals, which change nothing, and a grant, which changes the world. */
import type { Codec } from './codec.ts'
import type { Host } from './host.ts'
import type { caps, Errno } from '../names/index.ts'
import type { Dated, Since } from './release.ts'
import type { Here, Kind, World } from './world.ts'

/** Where a rule comes from: a promise in the documentation, only the code's behaviour, or a proposal. */
export interface Citation extends Dated {
  kind: 'documented' | 'observed' | 'proposed'
  at: string
}

/**
 * Documentation/virt/kvm/api.rst: section, and the errno or opening words of the passage. `within`: the releases
 * whose text has it, where they are fewer than those that behave so.
 */
export const api = (section: string, passage = '', within: Dated = {}): Citation => ({
  kind: 'documented',
  at: `api.rst ${section} ${passage}`.trim(),
  ...within,
})

/** Another file of Documentation/virt/kvm, and the passage; `within` as for `api`. */
export const doc = (file: string, passage = '', within: Dated = {}): Citation => ({
  kind: 'documented',
  at: `${file} ${passage}`.trim(),
  ...within,
})

/** Behaviour: a source file below the kernel's top, and the function. */
export const src = (file: string, fn: string): Citation => ({ kind: 'observed', at: `${file}: ${fn}()` })

/** A proposal: the day (ISO 8601) and author of a mail, and the passage. */
export const mail = (from: string, passage: string): Citation => ({ kind: 'proposed', at: `${from}: ${passage}` })

/** What a proposal leaves open, and whoever writes its rules has to settle. */
export const assumed = (because: string): Citation => ({ kind: 'proposed', at: `assumed: ${because}` })

/**
 * What the documentation says where the kernel does otherwise, or more than is said. Dated: where it is narrower
 * than the row.
 */
export interface Statement extends Dated {
  says: string
  cite: Citation
}

/** Respects in which calls of one ioctl differ, and in each the cases that a row is about. */
export type Of = Readonly<Record<string, string | readonly string[]>>

/** True where two rows are about different cases in some respect, so that they never apply to the same call. */
export const disjoint = (a: Of = {}, b: Of = {}): boolean =>
  Object.keys(a).some(
    (respect) => b[respect] !== undefined && ![b[respect]].flat().some((one) => [a[respect]].flat().includes(one)),
  )

/** Who makes a call, and with what limits. */
export interface Caller {
  /** Not the process itself, but a forked child, that is another mm, or another thread. */
  by?: 'child' | 'thread'
  /** The process may open no descriptor more: its RLIMIT_NOFILE is 0. */
  noFd?: true
}

export interface Refusal<Arg> extends Dated {
  /**
   * The word in parentheses of a trace. Rows of one ioctl share a word only if they answer the same cause in
   * different releases.
   */
  why: string
  /**
   * What tells the row from others of its ioctl with the same `why`, in two or three words: a part of the row's id,
   * which stays as it is when dates change (table/rows.ts).
   */
  variant?: string
  says: string
  cite: Citation
  errno: Errno
  /** What calls the row is about, in one respect or more; see disjoint. */
  of?: Of
  /** Where it applies the kernel looks no further, in any release: no row after it applies as well. */
  ends?: true
  when(here: Here, arg: Arg, by: Caller): boolean
  /** Where the text names another errno than the code answers. */
  instead?: { errno: Errno; cite: Citation }
  /** Where the text says otherwise in another way, or is silent. */
  text?: readonly Statement[]
  /**
   * For a row about what a host may lack: what this one lacks, as the words of a skip, such as `KVM_CAP_ARM_SVE = 0`.
   */
  lacks?(here: Here, arg: Arg): string
  /**
   * Why nothing can be learned of the row on this host: calls that come to it elsewhere are answered otherwise here,
   * and rightly so. The words of a skip.
   */
  notApplicable?(host: Host): string | undefined
  /** What the kernel changes although it refuses: never promised, but seen. */
  leaves?(here: Here, arg: Arg): void
  /** Why no recorded host comes to the row. Where one does, the coverage test fails. */
  unseen?: string
  /** A trace that ends at the row, where random calls hardly do. Without answers: for them the book asks the table. */
  example?: string
  /** What it writes back although it refuses. */
  gives?(here: Here, arg: Arg): bigint
}

export interface Grant<Arg> extends Dated {
  /** What tells it from the ioctl's other grants: a part of the row's id. */
  variant?: string
  /** Why no recorded host grants it; see unseen of Refusal. */
  unseen?: string
  says: string
  cite: Citation
  /** Where the text refuses what the kernel grants, or gives it another meaning. */
  text?: readonly Statement[]
  /** Changes the world. */
  then?(here: Here, arg: Arg, into: string): void
  /** The value that comes back; undefined where the table does not know it. */
  gives?(here: Here, arg: Arg): bigint | undefined
  /** The values of which one comes back, where the kernel may choose; undefined where it may not. */
  oneOf?(here: Here, arg: Arg): readonly bigint[] | undefined
  /** What the world is once that one of them came. */
  chosen?(here: Here, arg: Arg, value: bigint): void
  /** The list that comes back (KVM_GET_REG_LIST). */
  lists?(here: Here, arg: Arg): bigint[]
  /** True where the list may come in any order. */
  isUnordered?(here: Here): boolean
  /** True where what `gives` says is only an example: the mock answers so, the oracle does not insist. */
  varies?(here: Here, arg: Arg): boolean
  /**
   * True where nobody has looked what kernels answer, and the call may as well be refused: the mock grants it, and the
   * oracle judges neither errno nor value.
   */
  isGuess?(here: Here, arg: Arg): boolean
}

export interface Ioctl<Arg = any> {
  name: string
  nr?: number
  /** The system call that it is, where it is no ioctl. */
  syscall?: 'close' | 'mmap' | 'pread' | 'fallocate' | 'join'
  /** Where the number itself is the argument. */
  nrOf?(arg: Arg): number
  /** Kinds of descriptor it is made for; the first is the one a trace may leave out. */
  on: readonly Kind[]
  /** The usual name of the descriptor it makes within its VM: `vm`, `vcpu0`, `gic`; undefined: it makes none. */
  makes?(arg: Arg): string | undefined
  /** The offset in its struct at which it writes that descriptor; absent: it returns it. */
  fdAt?: number
  /** What KVM_CHECK_EXTENSION says of it, where it is not basic (api.rst). */
  capability?: keyof typeof caps
  /** How often random calls draw it, compared with others; 2 where absent. */
  weight?: number
  /** False where the argument tells that nothing will be made, by what a generator knows: it asks no kernel. */
  mayMake?(arg: Arg, host: Host | undefined): boolean
  /**
   * True where nobody has looked what kernels answer, whether they refuse or not; see isGuess of Grant. `refusal`: the
   * row that is the first to apply, if any does.
   */
  isGuess?(here: Here, arg: Arg, refusal?: Refusal<Arg>): boolean
  /** What userspace does before it makes the call, whatever comes of that. */
  prepares?(world: World, arg: Arg, here: Here): void
  /** What the kernel still owes the descriptor, and does before it looks at what the call is about. */
  owed?(here: Here, arg: Arg): void
  /** What changes where nobody has looked, and the kernel refuses with an errno that no applying row has. */
  leavesUnknown?(here: Here, arg: Arg): void
  /** Older kernels do not know the number. */
  since?: Since
  /** A signal of ours ends the call where it has not returned by itself. */
  isInterrupted?(arg: Arg): boolean
  /** A thread of its own makes the call, and others follow while it is under way; see join. */
  isBegun?(arg: Arg): boolean
  /** Nothing of ours ends the call, and it may rightly never return. */
  mayWaitForEver?(arg: Arg): boolean
  takes: Codec<Arg>
  /** In the kernel's order: the first that applies decides. */
  refuses: readonly Refusal<Arg>[]
  grants: Grant<Arg> | readonly Grant<Arg>[]
}

/** Names an ioctl's parts for the table; checks nothing. */
export const ioctl = <Arg>(name: string, parts: Omit<Ioctl<Arg>, 'name'>): Ioctl<Arg> => ({ name, ...parts })
