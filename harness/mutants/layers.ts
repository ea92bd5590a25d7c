/** The three layers of the suites as data, to be played on any kernel: ordered sequences, laws, and calls in any order. */
import { readdirSync } from 'node:fs'
import { lawsOf, type Law } from '../law.ts'
import { sequencesOf, type Sequence } from '../sequence.ts'

export const layers = ['sequences', 'laws', 'any order'] as const
export type Layer = (typeof layers)[number]

const modules = (folder: string): string[] => {
  const url = new URL(`../../suites/${folder}/`, import.meta.url)
  return readdirSync(url).filter((name) => name.endsWith('.test.ts')).map((name) => new URL(name, url).href)
}

/** Every ordered sequence of the suites. */
export const allSequences = async (): Promise<Sequence[]> => {
  const found: Sequence[] = []
  for (const href of modules('ordered')) found.push(...await sequencesOf(() => import(href)))
  return found
}

/** Every law of the suites. */
export const allLaws = async (): Promise<Law[]> => {
  const found: Law[] = []
  for (const href of modules('laws')) found.push(...await lawsOf(() => import(href)))
  return found
}
