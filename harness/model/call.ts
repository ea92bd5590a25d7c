/** Calls and answers, and the names of descriptors. */
import { UserError } from '../process/user-error.ts'
import type { Sort } from './codec.ts'
import type { Caller, Ioctl } from './rule.ts'
import { quoted } from '../process/visible.ts'

export interface Call<Arg = any> extends Caller {
  /** The descriptor it is made on: `kvm`, `vm`, `vm1`, `vcpu0`, `vm1.vcpu0`, `gic`, `its1`. */
  on: string
  ioctl: Ioctl<Arg>
  arg: Arg
  /** The name of the descriptor it makes, where that is not the usual one. */
  into?: string
}

export interface Answer {
  /** What the ioctl returned; −errno where it failed. A descriptor counts as 0. */
  ret: number
  value?: bigint
  list?: bigint[]
}

/** A line of a trace: a call, and if known the answer; `why` is the key of the rule that refuses. */
export interface Step {
  call: Call
  answer?: Answer
  why?: string
  /** What stands behind it after a #: what was expected there, where a kernel was wrong. One line, not empty. */
  comment?: string
}

/** What sort of descriptor a name means. Throws a UserError for what is no such name. */
export const sortOf = (name: string): Sort => {
  const known = sorts.get(name)
  if (known) return known
  const [, , last] = /^(vm\d*\.)?([a-z]+\d*)$/.exec(name) ?? []
  if (!last)
    throw new UserError(
      `not a descriptor's name: ${quoted(name)}; they look like kvm, vm, vm1, vcpu0, vm1.vcpu0, gic, its1`,
    )
  const sort: Sort = last === 'kvm' ? 'kvm' : /^vm\d*$/.test(last) ? 'vm' : /^vcpu\d+$/.test(last) ? 'vcpu' : 'device'
  sorts.set(name, sort)
  return sort
}
const sorts = new Map<string, Sort>()

/** The VM a vcpu or device name belongs to, or the VM itself. */
export const vmOf = (name: string): string => {
  const dot = name.indexOf('.')
  return dot >= 0 ? name.slice(0, dot) : sortOf(name) === 'vm' ? name : 'vm'
}

/**
 * The name of the descriptor that `call` makes if it succeeds; undefined for calls that make none. What a child makes
 * is its own, and goes with it.
 */
export const makes = ({ on, ioctl, arg, into, by }: Call): string | undefined => {
  if (by === 'child' || into !== undefined || !ioctl.makes) return into
  const made = ioctl.makes(arg)
  return on === 'kvm' || on === 'vm' || made === undefined ? made : `${vmOf(on)}.${made}`
}
