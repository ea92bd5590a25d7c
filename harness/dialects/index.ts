/** Every dialect: the other files of this folder. */
import { readdirSync } from 'node:fs'
import { abi } from '../abi/index.ts'
import type { Step } from '../model/call.ts'
import type { Dialect } from '../model/dialect.ts'
import type { Ioctl } from '../model/rule.ts'
import { withCreations } from '../table/creations.ts'
import { parseLines } from '../table/notation.ts'

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && file !== 'index.ts')

export const dialects: readonly Dialect[] = await Promise.all(
  files
    .toSorted()
    .map(async (file) => ((await import(new URL(file, import.meta.url).href)) as { default: Dialect }).default),
)

/** A dialect as a table: its ioctls, and texts of the notation read with them. */
export interface Spoken {
  ioctls: readonly Ioctl[]
  /** The steps of a text, with the creations that it leaves out. Throws a UserError as parseLines does. */
  read(text: string, from: string): Step[]
}

const known = new Map<Dialect, Spoken>()

/** What a dialect's kernel knows; the same for the same dialect. */
export const spoken = (dialect: Dialect): Spoken => {
  const spokenBefore = known.get(dialect)
  if (spokenBefore) return spokenBefore
  const ioctls = dialect.ioctls(abi)
  const byName = new Map(ioctls.map((ioctl) => [ioctl.name, ioctl]))
  const named = (name: string) => byName.get(name)
  const made: Spoken = {
    ioctls,
    read: (text, from) =>
      withCreations(
        parseLines(text, from, 1, named).map(({ step }) => step),
        undefined,
        named,
      ),
  }
  known.set(dialect, made)
  return made
}
