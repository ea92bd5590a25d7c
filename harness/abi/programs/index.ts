/** Every guest program: the other files of this folder. */
import { readdirSync } from 'node:fs'
import type { GuestProgram } from '../../model/guest-program.ts'
import usual from './store-then-off.ts'

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && file !== 'index.ts')

export const programs: readonly GuestProgram[] = await Promise.all(
  files
    .toSorted()
    .map(async (file) => ((await import(new URL(file, import.meta.url).href)) as { default: GuestProgram }).default),
)

/** The one that the notation means where it names none. */
export { usual }

/** The one of this name; undefined where there is none. */
export const programNamed = (name: string): GuestProgram | undefined => programs.find((one) => one.name === name)
