/** Every dialect: the other files of this folder. */
import { readdirSync } from 'node:fs'
import { abi } from '../abi/index.ts'
import type { Dialect } from '../model/dialect.ts'
import type { Host } from '../model/host.ts'
import type { Ioctl } from '../model/rule.ts'
import { parseTarget } from '../model/target.ts'
import { didYouMean } from '../process/nearest.ts'
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && file !== 'index.ts')

export const dialects: readonly Dialect[] = await Promise.all(
  files
    .toSorted()
    .map(async (file) => ((await import(new URL(file, import.meta.url).href)) as { default: Dialect }).default),
)

/** The dialect of that name. Throws a UserError where there is none. */
export const dialectNamed = (name: string): Dialect => {
  const found = dialects.find((dialect) => dialect.name === name)
  if (found) return found
  const names = dialects.map((dialect) => dialect.name)
  throw new UserError(
    `no dialect is called ${quoted(name)}${didYouMean(name, names)}; harness/dialects has ${names.join(', ')}`,
  )
}

const known = new Map<string, readonly Ioctl[]>()

/** The ioctls of a kernel that speaks the dialect, or what shipped; the same list for the same dialect. */
export const ioctlsIn = (dialect: Dialect | undefined): readonly Ioctl[] => {
  if (!dialect) return abi
  let ioctls = known.get(dialect.name)
  if (!ioctls) known.set(dialect.name, (ioctls = dialect.ioctls(abi)))
  return ioctls
}

/** The dialect that the host's kernel speaks; undefined for what shipped. */
export const dialectOf = ({ kernel: { dialect } }: Host): Dialect | undefined =>
  dialect === undefined ? undefined : dialectNamed(dialect)

/** The ioctls that the host's kernel has: those that shipped, or those of its dialect. */
export const ioctlsOf = (host: Host): readonly Ioctl[] => ioctlsIn(dialectOf(host))

/** The same host with a kernel that speaks the dialect. */
export const speaking = (host: Host, { name }: Dialect): Host => ({
  ...host,
  kernel: { ...host.kernel, dialect: name },
})

/** The dialect that the target speaks, as its words say. Throws a UserError where nobody knows it. */
export const spokenBy = (text: string): Dialect | undefined => {
  const target = parseTarget(text)
  return 'dialect' in target && target.dialect !== undefined ? dialectNamed(target.dialect) : undefined
}
