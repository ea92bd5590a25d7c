/** Every ordered sequence and every law of the suites as data, to be played on any kernel. */
import { readdirSync } from 'node:fs'
import type { Dialect } from '../model/dialect.ts'
import type { Law } from '../model/law.ts'
import { lawsOf } from './law.ts'
import { sequencesOf, type Sequence } from './sequence.ts'

/** A module declares what it declares once, when it is first imported. */
const gathering = new Map<string, Promise<unknown[]>>()

const gather = <T>(folder: string, declaredBy: (imported: () => Promise<unknown>) => Promise<T[]>): Promise<T[]> => {
  const gathered = async (): Promise<T[]> => {
    const url = new URL(`../../suites/${folder}/`, import.meta.url)
    const found: T[] = []
    // With a query it is another module than the file as vitest plays it, which may be in this process, too.
    for (const name of readdirSync(url)
      .filter((name) => name.endsWith('.test.ts'))
      .toSorted())
      found.push(...(await declaredBy(() => import(`${new URL(name, url).href}?declared`))))
    return found
  }
  if (!gathering.has(folder)) gathering.set(folder, gathered())
  return gathering.get(folder) as Promise<T[]>
}

/** Every ordered sequence, file by file. */
export const allSequences = (): Promise<Sequence[]> => gather('ordered', sequencesOf)

/** The sequences that a dialect proposes. */
export const proposedSequences = ({ name, sequences, host }: Dialect): Sequence[] =>
  sequences.map(({ title, text, host: shownBy = host }) => ({
    title,
    text,
    file: `harness/dialects/${name}.ts`,
    dialect: name,
    ...(shownBy !== undefined && { host: shownBy }),
  }))

/** Every law, file by file. */
export const allLaws = (): Promise<Law[]> => gather('laws', lawsOf)
