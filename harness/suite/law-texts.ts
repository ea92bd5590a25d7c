/** Texts that laws ask: lines of the notation that say how they must be answered. */
import { ioctlsOf } from '../dialects/index.ts'
import type { Answer, Call } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'
import { withCreations } from '../table/creations.ts'
import { errnoNamed, parse, printAnswer } from '../table/notation.ts'

/** A call of a text, and the answers the text allows; any where it does not say. */
export interface TextLine {
  call: Call
  allowed?: string[]
}

/** `own`: how many lines the text itself has; creations precede them. */
export interface Text {
  lines: TextLine[]
  own: number
}

/** Lines one process plays at most, and how many of them make the VM and the vcpu that a text leaves out. */
export const LINES = 100
export const CREATIONS = 2

/** A VM that a text leaves out is as big as the host can make it where 40 bits are too many. */
const createdOn = ({ caps: { KVM_CAP_ARM_VM_IPA_SIZE: limit = 40 } }: Host, call: Call): Call =>
  call.on === 'kvm' && limit < 40 ? { ...call, arg: BigInt(limit) } : call

/** A misspelt answer would never come, and the kernel would be blamed for that. */
const checkAllowed = (said: string): void => {
  if (said.startsWith('-')) errnoNamed(said.slice(1).split(' = ')[0]!)
  else if (said !== 'ok' && !said.startsWith('ok = '))
    throw new UserError(
      `not an answer: ${quoted(said)}; a law allows ok, -ERRNO, either with = VALUE, and several with " or "`,
    )
}

/** Reads a text for a host. Throws a UserError for what is not in the notation. */
export const readText = (text: string, host: Host): Text => {
  const said = text
    .split('\n')
    .map((l) => l.trim())
    .filter((l) => l !== '' && !l.startsWith('#'))
    .map((l) => l.split(/\s+->\s+/))
  const ioctls = ioctlsOf(host)
  const steps = withCreations(parse(said.map(([call]) => call).join('\n'), undefined, ioctls), undefined, ioctls)
  const created = steps.length - said.length
  return {
    own: said.length,
    lines: steps.map(({ call }, i): TextLine => {
      if (i < created) return { call: createdOn(host, call), allowed: ['ok'] }
      const allowed = said[i - created]![1]?.split(' or ')
      allowed?.forEach(checkAllowed)
      return { call, ...(allowed && { allowed }) }
    }),
  }
}

/** An answer that a text allows: its head, and the value where that is said as a number. */
const partsOf = (said: string): { head: string; value?: string; number?: bigint } => {
  const [head, value] = said.split(' = ') as [string, string?]
  if (value === undefined) return { head }
  return { head, value, ...(/^(\d+|0x[0-9a-f]+)$/.test(value) && { number: BigInt(value) }) }
}

/** `ok` allows any value; `ok = 16` is the value 0x10, however the call's own notation writes it. */
export const isOneOf = (allowed: readonly string[], answer: Answer, call: Call): boolean => {
  const text = printAnswer(answer, call)
  const came = partsOf(text).head
  return allowed.some((said) => {
    const { head, value, number } = partsOf(said)
    return (
      text === said || (came === head && (value === undefined || (number !== undefined && number === answer.value)))
    )
  })
}

/** What a text allows, its numbers as the answers to the call are shown: `ok = 0x10` for a register's `ok = 16`. */
export const sayAllowed = (allowed: readonly string[], { ioctl, arg }: Call): string =>
  allowed
    .map((said) => {
      const { head, number } = partsOf(said)
      return number === undefined || !ioctl.takes.shows ? said : `${head} = ${ioctl.takes.shows.print(number, arg)}`
    })
    .join(' or ')
