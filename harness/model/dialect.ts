/** A dialect: the table as a proposal would have made it, before there was a kernel that speaks it. */
import type { Law } from './law.ts'
import type { Dated } from './release.ts'
import type { Grant, Ioctl, Refusal } from './rule.ts'
import type { Here } from './world.ts'

/** The mail in which it was proposed. */
export interface Mail {
  /** ISO 8601. */
  date: string
  from: string
  /** Absent where the copy that was read does not have it. */
  subject?: string
}

/** A sequence with its answers, in the notation. */
export interface ProposedSequence {
  title: string
  /** The recorded host that shows it, where that of the dialect does not. */
  host?: string
  text: string
  /** What the proposal says of it, in its own words or in one sentence of ours. */
  says?: string
}

/** One thing that was proposed, and what became of it; dated where only some releases answer what it asks so. */
export interface Comparison extends Dated {
  about: string
  drafted: string
  shipped: string
  /** A sequence with the answers that kernels give today; absent where there is nothing to ask them. */
  asks?: string
  /** The argument that decided it, in one sentence. */
  because: string
  /** Who made that argument, and when. */
  source: string
}

export interface Dialect {
  /** That of its file, without the ending. */
  name: string
  /** What it is about, in one sentence. */
  about: string
  /** Absent for one that nobody proposed. */
  mail?: Mail
  /** The recorded host that can show all of it, where the default one cannot. */
  host?: string
  /**
   * What makes a vcpu with SVE ready, a line each, where that is not KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE): by these
   * a kernel that speaks it is recorded.
   */
  finalizes?: readonly string[]
  /** The ioctls of a kernel that speaks it, made from those that shipped. */
  ioctls(shipped: readonly Ioctl[]): readonly Ioctl[]
  /** Sequences that a kernel which speaks it plays so. */
  sequences: readonly ProposedSequence[]
  laws?: readonly Law[]
  /** Mutants of its rules that nothing can notice, by name (`npm run mutants -- --dialect NAME`), each with why. */
  equivalent?: Readonly<Record<string, string>>
  compared: readonly Comparison[]
}

/** What a comparison is called where kernels are asked: no other dialect has one of that name. */
export const comparisonTitle = ({ name }: Dialect, { about }: Pick<Comparison, 'about'>): string => `${name}: ${about}`

/** Names a dialect's parts; checks nothing. */
export const dialect = (parts: Dialect): Dialect => parts

/**
 * The shipped ioctls with some of them changed, or left out where `change` gives nothing, and those that were never
 * there at the end. Throws where no shipped ioctl has the name.
 */
export const changed = (
  shipped: readonly Ioctl[],
  changes: Readonly<Record<string, (ioctl: Ioctl) => Ioctl | undefined>>,
  added: readonly Ioctl<any>[] = [],
): readonly Ioctl[] => {
  for (const name of Object.keys(changes))
    if (!shipped.some((ioctl) => ioctl.name === name)) throw new Error(`a dialect changes ${name}, which did not ship`)
  return [...shipped.flatMap((ioctl) => (changes[ioctl.name] ? (changes[ioctl.name]!(ioctl) ?? []) : ioctl)), ...added]
}

/** The same ioctl without its refusals of that word. Throws where it has none. */
export const without =
  (...words: string[]) =>
  (ioctl: Ioctl): Ioctl => {
    for (const word of words)
      if (!ioctl.refuses.some(({ why }) => why === word))
        throw new Error(`a dialect forgets ${ioctl.name} (${word}), which did not ship`)
    return { ...ioctl, refuses: ioctl.refuses.filter(({ why }) => !words.includes(why)) }
  }

/** The same ioctl with these refusals before the first of that word. Throws where it has none of that word. */
export const before =
  (word: string, ...rows: readonly Refusal<any>[]) =>
  (ioctl: Ioctl): Ioctl => {
    const at = ioctl.refuses.findIndex(({ why }) => why === word)
    if (at < 0) throw new Error(`a dialect looks for ${ioctl.name} (${word}), which did not ship`)
    return { ...ioctl, refuses: ioctl.refuses.toSpliced(at, 0, ...rows) }
  }

/** The same ioctl whose grant also does this. */
export const andThen =
  (then: NonNullable<Grant<any>['then']>) =>
  (ioctl: Ioctl): Ioctl => ({
    ...ioctl,
    grants: [ioctl.grants].flat().map((grant) => ({
      ...grant,
      then(here: Here, arg: unknown, into: string) {
        grant.then?.(here, arg, into)
        then(here, arg, into)
      },
    })),
  })
