/** Why calls of a translated strace were refused: the rule, or those that it may be where strace shows too little. */
import { vmOf, type Answer, type Call } from '../../harness/model/call.ts'
import type { Host } from '../../harness/model/host.ts'
import { holdsIn, type Release } from '../../harness/model/release.ts'
import type { Ioctl } from '../../harness/model/rule.ts'
import { errnoName } from '../../harness/names/index.ts'
import { ioctlsOf } from '../../harness/dialects/index.ts'
import { printCall } from '../../harness/table/notation.ts'
import { rulesOf } from '../../harness/table/rules.ts'
import { rulePlace } from '../../harness/table/rule-place.ts'
import type { Entry, Hidden, Shown } from '../../harness/strace/translate.ts'
import { isRefused } from '../../harness/strace/print.ts'
import { explained } from './explanation.ts'

interface Of {
  host: Host
  release: Release
  book: string
}

/** Rules of one errno that are named. */
const MOST = 20

/** The rules by which the ioctl answers with this errno, whatever the argument. */
const rulesFor = (ioctl: Ioctl, ret: number, { host, release }: Of): string[] => {
  const errno = errnoName(-ret)
  const isKnown = ioctl.on.length > 0 && holdsIn(release, ioctl)
  const rows = rulesOf(release, ioctlsOf(host))
    .get(ioctl)!
    .refuses.filter((row) => row.errno === errno || row.instead?.errno === errno)
    .filter(({ why }) => !isKnown || why !== 'unknown ioctl')
  const all = new Map(rows.map((row) => [`(${row.why}): ${row.says.trim()}`, row]))
  const lines = [...all].map(([text, row]) => {
    const place = rulePlace(ioctl.name, row)
    return `-${errno} ${text} [${row.cite.at}]${place === undefined ? '' : ` ${place}`}`
  })
  const more = lines.length > MOST ? [`and ${lines.length - MOST} more`] : []
  if (lines.length === 0) return [`no rule of the table has ${ioctl.name} answer -${errno}`]
  const head = lines.length === 1 ? 'the one rule with that errno:' : `one of ${lines.length} rules with that errno:`
  return [head, ...lines.slice(0, MOST).map((line) => `  ${line}`), ...more]
}

/** It changes something of its VM that rules look at. */
const isChange = ({ ret, name, ioctl }: Hidden): boolean =>
  ret === 0 && ioctl !== undefined && !/_(GET|HAS)_/.test(name)

/** What is not known of what came before on the same VM. */
const unknownBefore = (before: readonly Entry[], on: string): string[] => {
  const changes = before.filter((one): one is Hidden => 'why' in one && isChange(one) && isOfVm(one, on))
  return [...new Set(changes.map(({ on: other, name }) => `${other}: ${name}`))]
}

/** A descriptor without a name may be one of any VM. */
const isOfVm = ({ on }: Hidden, other: string): boolean => on.startsWith('fd ') || vmOf(on) === vmOf(other)

const aboutShown = ({ step }: Shown, before: readonly Entry[], of: Of): string[] => {
  const steps = before.flatMap((entry) => ('step' in entry ? [entry.step] : []))
  const past: { calls: Call[]; answers: Answer[] } = {
    calls: steps.map(({ call }) => call),
    answers: steps.map(({ answer }) => answer!),
  }
  const { lines, isContradicted } = explained(of, past, step, of.book)
  const unknown = unknownBefore(before, step.call.on)
  if (isContradicted && unknown.length > 0)
    return [
      `depends on what came before, and of that strace does not show all: ${unknown.join(', ')}`,
      ...rulesFor(step.call.ioctl, step.answer!.ret, of),
    ]
  return [...lines.slice(1), ...(unknown.length === 0 ? [] : [`unless ${unknown.join(', ')} before changed that`])]
}

const aboutHidden = ({ ioctl, ret }: Hidden, of: Of): string[] => (ioctl ? rulesFor(ioctl, ret!, of) : [])

/** What makes two refusals the same one. */
const keyOf = (entry: Shown | Hidden): string =>
  'step' in entry ? `${printCall(entry.step.call)} ${entry.step.answer!.ret}` : `${entry.name} ${entry.ret}`

/** What is known of each call that was refused; of the same call and errno once. */
export const refusalsIn = (entries: readonly Entry[], of: Of): Map<Entry, string[]> => {
  const notes = new Map<Entry, string[]>()
  const told = new Set<string>()
  for (const [i, entry] of entries.entries()) {
    if ('unread' in entry || !isRefused(entry)) continue
    const key = keyOf(entry)
    const about = () => ('step' in entry ? aboutShown(entry, entries.slice(0, i), of) : aboutHidden(entry, of))
    notes.set(entry, told.has(key) ? ['as above'] : about())
    told.add(key)
  }
  return notes
}
