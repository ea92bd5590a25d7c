/** An ioctl in the words of strace: the descriptor, what the number may be called, and the argument. */
import { ioctls } from '../names/index.ts'
import type { Result, Syscall } from './line.ts'

/** `names`: of which one is meant; several ioctls share a number. */
export interface Said {
  line: number
  fd: number
  /** What it is, of -y: `/dev/kvm`, `anon_inode:kvm-vm`. */
  path?: string
  names: string[]
  /** Its number, where strace says it. */
  nr?: number
  /** Without comments. Missing where strace shows none. */
  arg?: string
  result: Result
}

/** Of every ioctl of KVM. */
const KVMIO = 0xae

const DESCRIPTOR = /^(?:fd=)?(-?\d+|0x[0-9a-f]+)(?:<(.*?)>)?(?:\(deleted\))?(?=, |$)/
const NAMES = /^(?:op=|cmd=|request=)?([A-Z][A-Z0-9_]*(?: or [A-Z][A-Z0-9_]*)*)$/
const NUMBER = /^(?:op=|cmd=|request=)?(0x[0-9a-f]+)(?: \/\* .* \*\/)?$/
const CODE = /^(?:op=|cmd=|request=)?_IOC\(([A-Z_|]+|0), (\w+), (\w+), (\w+)\)$/
const DIRECTIONS = { _IOC_NONE: 0, _IOC_WRITE: 1, _IOC_READ: 2 } as const

const namesOfNumber = (nr: number): string[] =>
  Object.entries(ioctls).flatMap(([name, number]) => (number === nr ? [name] : []))

const numberOf = (direction: string, type: string, nr: string, size: string): number => {
  const bits = direction.split('|').reduce((all, one) => all | (DIRECTIONS[one as keyof typeof DIRECTIONS] ?? 0), 0)
  return ((bits << 30) | (Number(size) << 16) | (Number(type) << 8) | Number(nr)) >>> 0
}

/** The number and its names; undefined where it is none of KVM's. */
const calledIn = (text: string): Pick<Said, 'names' | 'nr'> | undefined => {
  const [, names] = NAMES.exec(text) ?? []
  if (names !== undefined) {
    const own = names.split(' or ').filter((name) => name.startsWith('KVM_'))
    return own.length === 0 ? undefined : { names: own }
  }
  const [, number] = NUMBER.exec(text) ?? []
  const code = CODE.exec(text)
  const nr = number === undefined ? code && numberOf(code[1]!, code[2]!, code[3]!, code[4]!) : Number(number)
  if (!nr || ((nr >> 8) & 0xff) !== KVMIO) return undefined
  return { names: namesOfNumber(nr), nr }
}

/** The first comma that no bracket holds; the length where there is none. */
const commaIn = (text: string): number => {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if ('({['.includes(c)) depth++
    else if (')}]'.includes(c)) depth--
    else if (c === ',' && depth === 0) return i
  }
  return text.length
}

/** The ioctl that the system call is; undefined for others, also of other drivers. */
export const ioctlOf = ({ line, name, args, result }: Syscall): Said | undefined => {
  if (name !== 'ioctl') return undefined
  const descriptor = DESCRIPTOR.exec(args)
  if (!descriptor) return undefined
  const rest = args.slice(descriptor[0].length + 2)
  const end = commaIn(rest)
  const called = calledIn(rest.slice(0, end))
  if (!called) return undefined
  const arg = rest.slice(end + 2).replace(/^(?:argp|arg)=/, '')
  return {
    line,
    fd: Number(descriptor[1]),
    ...(descriptor[2] !== undefined && { path: descriptor[2].replace(/<char .*$/, '') }),
    ...called,
    ...(arg !== '' && { arg }),
    result,
  }
}
