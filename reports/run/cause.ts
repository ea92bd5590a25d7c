/** What makes the failures of several tests one thing: which call was answered wrongly, how, and what was due. */
import { ioctlsOf } from '../../harness/dialects/index.ts'
import type { Step } from '../../harness/model/call.ts'
import { faultIn } from '../../harness/model/kernel-log.ts'
import type { Counterexample } from '../../harness/model/verdict.ts'
import { judged } from '../../harness/oracle/judge.ts'
import { parse, printAnswer, printCall } from '../../harness/table/notation.ts'
import type { Finding, Outcome, Run } from './outcome.ts'

/** The ioctl with the names in its argument: what it is about, without the numbers that are others in each test. */
export const subjectOf = ({ call }: Pick<Step, 'call'>): string => {
  const [, args = ''] = /\((.*)\)$/s.exec(printCall(call)) ?? []
  const names = new Set(args.match(/\b[A-Z][A-Z0-9_]{3,}\w*/g))
  return names.size === 0 ? call.ioctl.name : `${call.ioctl.name}(${[...names].join(', ')})`
}

/**
 * `-EPERM (too early): A vcpu with SVE … [api.rst 4.10]` without its sentence and citation, `ok = 12` without its
 * value.
 */
const withoutDetails = (allowed: string): string => allowed.replace(/: .*| \[.*/s, '').replace(/^ok = .*/, 'ok')

/**
 * A wrong answer: `KVM_RUN -> -EIO, expected -EPERM (too early)`. Where the table has a rule, that says what it is
 * about.
 */
const wrongAnswer = (step: Step, due = ''): string => {
  const { call, answer } = step
  const came = answer!.ret < 0 ? printAnswer(answer!, call) : 'ok'
  if (due.startsWith('ok') && came === 'ok')
    return `${subjectOf(step)} -> ok with another ${call.ioctl.takes.list ? 'list' : 'value'}`
  return `${/\(.+\)$/.test(due) ? call.ioctl.name : subjectOf(step)} -> ${came}${due && `, expected ${due}`}`
}

/**
 * The cause of a failure in one line, the same for all that fail alike, whichever sequence, law or random order found
 * it: the first place in the kernel log, else the answer that the table does not allow, else how the list ended.
 * Undefined where nothing failed.
 */
export const causeOf = (
  { verdict, why, trace = '', allowed = [], log = [] }: Counterexample,
  { host, release }: Pick<Run, 'host' | 'release'>,
): string | undefined => {
  if (verdict === 'conforms' || verdict === 'not offered') return undefined
  if (verdict === 'known') return why
  const fault = faultIn(log)
  if (fault !== undefined) return `kernel log: ${fault.replace(/^\d+,/, '').replace(/\s+/g, ' ').trim()}`
  const steps = parse(trace, undefined, ioctlsOf(host))
  const unanswered = steps.find(({ answer }) => !answer)
  // After a semicolon stands what came of it when it was played again.
  if (unanswered) return [unanswered.call.ioctl.name, why?.split(';')[0]].filter(Boolean).join(': ')
  // Where in which file a sequence contradicts the table is another place in each of them.
  if (steps.length === 0 || verdict === 'broken') return why?.replace(/^suites\/[^ :]+:\d+: /, '')
  const found = judged(
    host,
    release,
    steps.map(({ call }) => call),
    { answers: steps.map(({ answer }) => answer!), outcome: 'done', log: [] },
  )
  // A law may refuse what the table allows: then it is the last line, and what the law says.
  const { allowed: due = allowed } = found
  return wrongAnswer(found.allowed ? found.steps.at(-1)! : steps.at(-1)!, due[0] && withoutDetails(due[0]))
}

const causeIn = (one: Counterexample, run: Pick<Run, 'host' | 'release'>): { cause?: string } => {
  const cause = causeOf(one, run)
  return cause === undefined ? {} : { cause }
}

/**
 * The outcome with its cause, and each of its counterexamples with its own. Tests of this project itself fail each
 * alone.
 */
export const withCause = (outcome: Outcome, run: Pick<Run, 'host' | 'release'>): Outcome => {
  const { verdict, why, layer, counterexamples } = outcome
  if (layer === 'table' || layer === 'harness') return outcome
  const told = counterexamples?.map((one): Finding => ({ ...one, ...causeIn(one, run) }))
  // What the outcome itself says may be another thing than its report: that two tests have one id, for instance.
  const first = told?.[0]?.verdict === verdict ? told[0] : causeIn({ verdict, ...(why && { why }) }, run)
  return {
    ...outcome,
    ...(first.cause !== undefined && { cause: first.cause }),
    ...(told && { counterexamples: told }),
  }
}
