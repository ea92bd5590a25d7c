/** Rows that several ioctls share, or that speak of one part of an argument. */
import type { Of, Refusal } from './rule.ts'
import type { Here } from './world.ts'

/**
 * `rows` as rows of an ioctl whose argument has such a part: each holds only where `part` finds one. They look at no
 * more of the call. `of`: what calls have such a part.
 */
export const onPart = <Arg, Part>(
  part: (here: Here, arg: Arg) => Part | undefined,
  rows: readonly Refusal<Part>[],
  of?: Of,
): Refusal<Arg>[] =>
  rows.map(({ when, leaves, lacks, gives, ...row }) => ({
    ...row,
    ...(of && { of: { ...of, ...row.of } }),
    when: (here, arg, by) => {
      const found = part(here, arg)
      return found !== undefined && when(here, found, by)
    },
    ...(leaves && { leaves: (here: Here, arg: Arg) => leaves(here, part(here, arg)!) }),
    ...(lacks && { lacks: (here: Here, arg: Arg) => lacks(here, part(here, arg)!) }),
    ...(gives && { gives: (here: Here, arg: Arg) => gives(here, part(here, arg)!) }),
  }))
