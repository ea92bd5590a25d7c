/** A list in the argument of KVM_CREATE_VM2: rules that do not depend on what is listed. */
import { assumed, type Refusal } from '../../../model/rule.ts'

interface List {
  nr: number | bigint
  flags: number
  at?: unknown
}

/** What is listed, and how many of it there may be. */
interface Listing<Arg> {
  most: number
  /** In words, with the reason. */
  tooMany: Pick<Refusal<Arg>, 'says' | 'cite'>
  twice: string
  /** What tells the entries apart, one for each that counts. */
  keysOf(arg: Arg): readonly unknown[]
}

/** Whether a list may make a VM, by what a generator knows. */
export const mayBeList =
  (most: number) =>
  ({ nr, flags, at }: List): boolean =>
    Number(nr) <= most && flags === 0 && at === undefined

/** The rules of a list, around those of each of its entries. */
export const rowsOfList = <Arg extends List>(
  { most, tooMany, twice, keysOf }: Listing<Arg>,
  ofEntries: readonly Refusal<Arg>[],
): readonly Refusal<Arg>[] => [
  { why: 'too many', ...tooMany, errno: 'E2BIG', when: (_, { nr }) => Number(nr) > most },
  {
    why: 'flags',
    says: 'There are no flags.',
    cite: assumed('what means nothing is refused, so that it can be given a meaning'),
    errno: 'EINVAL',
    when: (_, { flags }) => flags !== 0,
  },
  ...ofEntries,
  {
    why: 'twice',
    says: twice,
    cite: assumed('of two values for one thing neither is meant more'),
    errno: 'EINVAL',
    when: (_, arg) => new Set(keysOf(arg)).size < keysOf(arg).length,
  },
]
