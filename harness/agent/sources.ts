/** The files that the agent in C is made of. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../process/root.ts'

const folder = join(root, 'harness/agent')

/** Paths of all of them, headers too. */
export const agentSources = (): string[] =>
  readdirSync(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => join(folder, name))

/** The same without the files of those names: a program that is made of parts of the agent brings its own instead. */
export const agentSourcesWithout = (...names: readonly string[]): string[] =>
  agentSources().filter((path) => !names.some((name) => path === join(folder, name)))
