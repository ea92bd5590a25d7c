/** The argument of a call, as far as strace shows it: often that is a pointer, and nothing of what it points to. */
import type { Sort } from '../model/codec.ts'
import type { Ioctl } from '../model/rule.ts'
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'
import type { Said } from './ioctl.ts'

/** As the notation has it, or why it cannot be said. */
export type Argument = { arg: unknown } | { missing: string }

const COMMENTS = / ?\/\* .*? \*\//g
const isNumber = (text: string): boolean => /^(?:-?\d+|0x[0-9a-f]+)$/.test(text)
const isNull = (text: string): boolean => text === 'NULL' || (isNumber(text) && BigInt(text) === 0n)

/** The directions of an ioctl's number: whether its argument is a number itself, or the kernel only writes there. */
const takesNumber = ({ nr, takes }: Ioctl): boolean => nr! >>> 30 === 0 || !takes.pointsTo
const givesOnly = ({ nr }: Ioctl): boolean => nr! >>> 30 === 2

/** The argument that `read` gives, or why it cannot. */
export const reading = (read: () => unknown): Argument => {
  try {
    return { arg: read() }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { missing: error.message }
  }
}

const numberIn = (text: string, ioctl: Ioctl, sort: Sort): Argument => {
  const plain = isNumber(text) && BigInt(text) === 0n && ioctl.name === 'KVM_RUN' ? '' : text
  const said = ioctl.name === 'KVM_RUN' && plain !== '' ? `arg = ${plain}` : plain
  const found = reading(() => ioctl.takes.parse(said, sort))
  // strace shows 64 bits without a sign; some arguments are a long.
  return 'missing' in found && isNumber(text)
    ? reading(() => ioctl.takes.parse(String(BigInt.asIntN(64, BigInt(text))), sort))
    : found
}

/** `{slot=0, flags=A|B}` as the notation has it. */
const fieldsIn = (text: string): string =>
  text
    .slice(1, -1)
    .split(', ')
    .map((field) => field.replace('=', ' = ').replaceAll('|', ' | '))
    .join(', ')

const UNSEEN = 'strace shows only the pointer'

const behindPointer = (text: string, ioctl: Ioctl, sort: Sort, { result }: Said): Argument => {
  if (ioctl.name === 'KVM_SET_USER_MEMORY_REGION' && text.startsWith('{'))
    return reading(() => ioctl.takes.parse(fieldsIn(text), sort))
  if (!isNumber(text) && text !== 'NULL') return { missing: `${quoted(text)} cannot be read` }
  if (isNull(text) && ioctl.name === 'KVM_SET_SIGNAL_MASK') return { arg: ioctl.takes.parse('', sort) }
  if (isNull(text)) {
    const found = result.errno === undefined ? { missing: UNSEEN } : reading(() => ioctl.takes.parse('&unmapped', sort))
    return 'missing' in found ? { missing: UNSEEN } : found
  }
  // Nothing is read there, and so nothing is missing; where the pointer is bad, in which way is.
  if (givesOnly(ioctl) && ioctl.name !== 'KVM_ARM_MTE_COPY_TAGS' && result.errno !== 'EFAULT') {
    const found = reading(() => ioctl.takes.parse('', sort))
    if ('arg' in found) return found
  }
  return { missing: UNSEEN }
}

/** The argument of what strace says, for the ioctl that it is. */
export const argumentOf = (said: Said, ioctl: Ioctl, sort: Sort): Argument => {
  const text = (said.arg ?? '').replaceAll(COMMENTS, '')
  if (text === '') return { missing: 'strace shows no argument' }
  return takesNumber(ioctl) ? numberIn(text, ioctl, sort) : behindPointer(text, ioctl, sort, said)
}
