/** A cache of its own for each test of a file, empty at first, and what is written to standard error meanwhile. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'
import { scratch } from '../command.ts'

export interface EmptyCache {
  /** The folder that holds it. */
  folder: string
  /** What was written to standard error. */
  said: string[]
  /** A path in it. */
  lab(...names: string[]): string
  /** Names of what is being made in it, or was when its maker ended. */
  drafts(): string[]
}

/** Declares that each test of the running file has an empty cache, as the object that comes back says. */
export const emptyCache = (): EmptyCache => {
  const lab = (...names: string[]) => join(cache.folder, 'kvm-arm64-abi', 'lab', ...names)
  const drafts = () => readdirSync(lab()).filter((name) => name.startsWith('draft-'))
  const cache: EmptyCache = { folder: '', said: [], lab, drafts }
  beforeEach(() => {
    cache.folder = scratch()
    vi.stubEnv('XDG_CACHE_HOME', cache.folder)
    cache.said = []
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => cache.said.push(String(text)) > 0)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })
  return cache
}
