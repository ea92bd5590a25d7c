/** What strace wrote of a VMM, as a trace: what it shows of a call is said, and what it does not is not guessed. */
import { makes, sortOf, type Answer, type Call, type Step } from '../model/call.ts'
import type { Sort } from '../model/codec.ts'
import type { Ioctl } from '../model/rule.ts'
import { errnos } from '../names/index.ts'
import { namedIn } from '../abi/index.ts'
import { argumentOf, reading } from './argument.ts'
import { Descriptors, unnamed } from './descriptors.ts'
import { ioctlOf, type Said } from './ioctl.ts'
import { syscallsOf, type Result, type Syscall } from './line.ts'

/** A call that the trace has. */
export interface Shown {
  line: number
  step: Step
}

/** A call that it cannot have, since something of it is not known: `why`. `ioctl`: where the table has it. */
export interface Hidden {
  line: number
  on: string
  name: string
  ioctl?: Ioctl
  /** As a trace shows it; empty where strace does not know. */
  answer: string
  ret?: number
  why: string
}

/** A line that could not be read, and why. */
export interface Unread {
  line: number
  unread: string
}

export type Entry = Shown | Hidden | Unread

export interface Translation {
  entries: Entry[]
  /** How many system calls are none of KVM's. */
  others: number
}

const ELSEWHERE = 'its descriptor was made before strace began, or by a call of which it shows too little'
const OF_GUEST = 'what its guest does is not in the strace'

/** Errnos of KVM_RUN that come of the guest, of a signal or of kvm_run, not of the calls before. */
const FROM_GUEST = ['EINTR', 'EFAULT', 'EAGAIN', 'ENOMEM', 'ENOSYS']

const isFor = ({ on }: Ioctl, sort: Sort): boolean =>
  on.some((kind) => (kind === 'kvm' || kind === 'vm' || kind === 'vcpu' ? kind : 'device') === sort)

/** −errno, or 0; undefined where the notation cannot say it. */
const retOf = ({ number, errno, isOpen }: Result): number | undefined => {
  if (isOpen) return undefined
  if (errno !== undefined) return Object.hasOwn(errnos, errno) ? -errnos[errno as keyof typeof errnos] : undefined
  return number! >= 0n ? 0 : undefined
}

const answered = ({ errno, number, isOpen, said }: Result): string =>
  isOpen ? '' : errno === undefined ? (number! < 0n ? '' : `ok${said === undefined ? '' : ` = ${said}`}`) : `-${errno}`

class Translator {
  private readonly descriptors = new Descriptors()
  private readonly ioctls: readonly Ioctl[]

  constructor(ioctls: readonly Ioctl[]) {
    this.ioctls = ioctls
  }

  /** What becomes of a system call; undefined for one that is none of KVM's. */
  entryOf(syscall: Syscall): Entry | undefined {
    if (syscall.name === 'close') return this.closed(syscall)
    if (/^open(at2?)?$/.test(syscall.name) && syscall.args.includes('"/dev/kvm"') && syscall.result.errno === undefined)
      this.descriptors.isKvm(Number(syscall.result.number))
    const said = ioctlOf(syscall)
    return said && this.called(said)
  }

  private closed({ line, args, result }: Syscall): Entry | undefined {
    const [, number, path] = /^(?:fd=)?(\d+)(?:<(.*)>)?$/.exec(args) ?? []
    if (number === undefined || result.errno !== undefined) return undefined
    const on = this.descriptors.nameOf(Number(number), path)
    this.descriptors.forget(Number(number))
    // A VMM may have opened /dev/kvm more than once.
    if (on === undefined || on === 'kvm') return undefined
    const ioctl = namedIn(this.ioctls, 'close')!
    return { line, step: { call: { on, ioctl, arg: ioctl.takes.parse('', sortOf(on)) }, answer: { ret: 0 } } }
  }

  /** The descriptor's name: /dev/kvm shows by what is called on it. */
  private nameOf({ fd, path, result }: Said, ioctls: readonly Ioctl[]): string | undefined {
    const name = this.descriptors.nameOf(fd, path)
    if (name !== undefined || path !== undefined || result.errno === 'ENOTTY' || result.errno === 'EBADF') return name
    const isKvms = ioctls.some(({ on }) => on[0] === 'kvm' && (on.length === 1 || !this.descriptors.hasMade))
    if (isKvms) this.descriptors.isKvm(fd)
    return isKvms ? 'kvm' : undefined
  }

  private called(said: Said): Entry {
    const { line, fd, path, names, nr, result } = said
    const named = names.flatMap((name) => namedIn(this.ioctls, name) ?? [])
    // strace may know only another that has the number.
    const known = [
      ...named,
      ...this.ioctls.filter((one) => named.some(({ nr }) => nr === one.nr) && !named.includes(one)),
    ]
    const on = this.nameOf(said, known)
    const ioctl = on === undefined ? known[0] : (known.find((one) => isFor(one, sortOf(on))) ?? known[0])
    const name = ioctl?.name ?? names[0] ?? `ioctl(0x${nr!.toString(16)})`
    const ret = retOf(result)
    const hidden = (why: string): Hidden => ({
      line,
      on: on ?? unnamed(fd, path),
      name,
      ...(ioctl && { ioctl }),
      answer: answered(result),
      ...(ret !== undefined && { ret }),
      why,
    })
    if (on === undefined) return hidden(result.errno === 'EBADF' ? 'there is no such descriptor' : ELSEWHERE)
    const call = ioctl ? this.callOf(said, on, ioctl) : this.callOfNumber(said, on)
    if (typeof call === 'string') return hidden(call)
    if (ret === undefined) return hidden('how it ended is not known, or no errno of the notation')
    if (name === 'KVM_RUN' && (ret === 0 || FROM_GUEST.includes(result.errno!))) return hidden(OF_GUEST)
    return { line, step: { call, answer: this.answerOf(call, ret, result) } }
  }

  /** A string says why there is none. */
  private callOf(said: Said, on: string, ioctl: Ioctl): Call | string {
    const found = argumentOf(said, ioctl, sortOf(on))
    return 'missing' in found ? found.missing : { on, ioctl, arg: found.arg }
  }

  /** Of a number that no ioctl has. */
  private callOfNumber({ nr, names, arg }: Said, on: string): Call | string {
    const ioctl = namedIn(this.ioctls, 'ioctl')!
    if (nr === undefined || names.length > 0) return 'the table has no rules for it'
    const number = arg === undefined || arg === 'NULL' ? '0' : arg
    const found = reading(() => ioctl.takes.parse(`0x${nr.toString(16)}, ${number}`, sortOf(on)))
    return 'missing' in found ? found.missing : { on, ioctl, arg: found.arg }
  }

  /** What it gave back; a descriptor gets its name. */
  private answerOf(call: Call, ret: number, { number }: Result): Answer {
    const { ioctl, arg } = call
    const usual = makes(call)
    if (ret < 0) return { ret }
    if (usual !== undefined && ioctl.fdAt === undefined) {
      const name = this.descriptors.bind(Number(number), usual)
      if (name !== usual) call.into = name
    }
    const value = ioctl.takes.pointsTo ? undefined : ioctl.takes.value?.(Number(number), [], arg)
    return { ret, ...(value !== undefined && { value }) }
  }
}

/** Translates what strace wrote; `ioctls` are those that a trace may name. */
export const translated = (text: string, ioctls: readonly Ioctl[]): Translation => {
  const translator = new Translator(ioctls)
  const entries: Entry[] = []
  let others = 0
  for (const one of syscallsOf(text)) {
    const entry = 'damaged' in one ? { line: one.line, unread: one.damaged } : translator.entryOf(one)
    if (entry) entries.push(entry)
    else others++
  }
  return { entries, others }
}
