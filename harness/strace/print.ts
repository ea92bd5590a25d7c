/** A translation as the text of a trace: what could not be said stands in it as comments, and at its end how much. */
import { toOps } from '../link/ops.ts'
import type { Host } from '../model/host.ts'
import { UserError } from '../process/user-error.ts'
import { oneLine } from '../process/visible.ts'
import { print } from '../table/notation.ts'
import type { Entry, Hidden, Shown, Translation } from './translate.ts'

/** Several entries that are told in one line: the same call, answered the same, again and again. */
type Same = readonly [Entry, ...Entry[]]

const isShown = (entry: Entry): entry is Shown => 'step' in entry
const isHidden = (entry: Entry): entry is Hidden => 'why' in entry

const said = ({ on, name, answer, why }: Hidden): string =>
  `${on}: ${name}(?)${answer === '' ? '' : ` -> ${answer}`}   # ${why}; `

/** True where the kernel refused it. */
export const isRefused = (entry: Entry): boolean =>
  isShown(entry) ? entry.step.answer!.ret < 0 : isHidden(entry) && (entry.ret ?? 0) < 0

/**
 * Those that are alike, together, where only such stand between them as are neither shown nor refused: a guest at work
 * is thousands of KVM_RUN and KVM_IRQ_LINE by turns.
 */
const grouped = (entries: readonly Entry[]): Same[] => {
  const groups: [Entry, ...Entry[]][] = []
  const open = new Map<string, Entry[]>()
  for (const entry of entries) {
    const key = isHidden(entry) && said(entry)
    const alike = key ? open.get(key) : undefined
    if (alike) {
      alike.push(entry)
      continue
    }
    const group: [Entry] = [entry]
    groups.push(group)
    if (!key || isRefused(entry)) open.clear()
    if (key) open.set(key, group)
  }
  return groups
}

const comment = (same: Same): string => {
  const [first] = same
  if ('unread' in first) return `# line ${first.line}: ${first.unread}`
  const lines =
    same.length === 1 ? `line ${first.line}` : `${same.length} times, lines ${first.line} to ${same.at(-1)!.line}`
  return `# ${said(first as Hidden)}${lines}`
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

/** How often each comes, most often first. */
const tally = (texts: readonly string[]): string[] => {
  const times = new Map<string, number>()
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1)
  return [...times].toSorted(([, a], [, b]) => b - a).map(([text, n]) => `#   ${String(n).padStart(5)}  ${text}`)
}

const HEAD = 15
const fact = (name: string, text: string): string => `# ${name.padEnd(HEAD)}${text}`

/** Why an agent cannot take it as one list; empty where it can. */
const tooMuch = (shown: readonly Shown[], host: Host): string[] => {
  try {
    toOps(
      shown.map(({ step }) => step.call),
      host,
    )
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [fact('too much', error.message)]
  }
}

/** What was understood, and what was not. */
const summary = ({ entries, others }: Translation, host: Host): string[] => {
  const shown = entries.filter(isShown)
  const hidden = entries.filter(isHidden)
  const unread = entries.length - shown.length - hidden.length
  return [
    fact('understood', `${counted(shown.length, 'call')} of ${shown.length + hidden.length} of KVM`),
    ...(hidden.length === 0 ? [] : [fact('left out', counted(hidden.length, 'call'))]),
    ...tally(hidden.map(({ name, why }) => `${name}: ${why}`)),
    ...(others === 0
      ? []
      : [fact('others', `${counted(others, 'system call')} that ${others === 1 ? 'is' : 'are'} none of KVM's`)]),
    ...(unread === 0 ? [] : [fact('not read', counted(unread, 'line'))]),
    ...tooMuch(shown, host),
  ]
}

/** The lines of a trace. `notes`: what stands below an entry, as comments. */
export const printed = (
  translation: Translation,
  notes: ReadonlyMap<Entry, readonly string[]>,
  host: Host,
): string[] => {
  const steps = translation.entries.filter(isShown).map(({ step }) => step)
  const calls = steps.length === 0 ? [] : print(steps).split('\n')
  const told = grouped(translation.entries).flatMap((same) => [
    isShown(same[0]) ? calls.shift()! : comment(same),
    ...(notes.get(same[0]) ?? []).map((line) => `#   ${line}`),
  ])
  return [...told, '', ...summary(translation, host)].map(oneLineKept)
}

/** On one line; the blanks that align it stay. */
const oneLineKept = (line: string): string => (/[\n\t]|[^ -~]/.test(line) ? oneLine(line) : line)
