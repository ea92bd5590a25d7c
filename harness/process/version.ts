/** Which version of this project plays: a verdict is worth no more than what is known of who gave it. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

export interface Version {
  version: string
  /** Of a checkout: its commit, with `-dirty` behind it where files were changed since. */
  commit?: string
}

const git = (...args: string[]): string =>
  execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()

const commit = (): string | undefined => {
  // A package that stands in somebody else's checkout is not of that checkout's commit.
  if (!existsSync(join(root, '.git'))) return undefined
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== ''
    return `${git('rev-parse', 'HEAD')}${isChanged ? '-dirty' : ''}`
  } catch {
    return undefined
  }
}

/** The version of this project that is in use. */
export const ownVersion = (): Version => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const of = commit()
  return { version, ...(of !== undefined && { commit: of }) }
}

/** In one line: `0.1.0 (5965dee0…)`. */
export const printVersion = ({ version, commit: of }: Version): string =>
  of === undefined ? version : `${version} (${of})`
