/** What is compiled is kept in the cache, and compiled again where that is damaged or the source is another. */
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Sources, compiled } from '../../../harness/guest/compile.ts'
import { emptyCache } from './empty-cache.ts'
import { skipWithout } from '../skip-without.ts'

const cache = emptyCache()
const { drafts } = cache

describe('a program that is built', () => {
  const sources: Sources = {
    'main.c': Buffer.from('#include "a.h"\nint main(void) { return A; }\n'),
    'a.h': Buffer.from('#define A 3\n'),
  }
  const path = process.env.PATH ?? ''
  beforeEach((context) => {
    skipWithout(context, 'flock', 'gcc')
  })

  it('needs no compiler where the cache holds it, and one where it is damaged', async () => {
    const program = await compiled('three', 'host', sources)
    const bytes = readFileSync(program)
    expect(() => execFileSync(program, { stdio: 'ignore' })).toThrow(expect.objectContaining({ status: 3 }))
    vi.stubEnv('PATH', '/nowhere')
    expect(await compiled('three', 'host', sources)).toBe(program)
    truncateSync(program)
    await expect(compiled('three', 'host', sources)).rejects.toThrow(
      /^gcc is needed to build three and is not in PATH; on Debian: apt install gcc libc6-dev$/,
    )
    vi.stubEnv('PATH', path)
    expect(await compiled('three', 'host', sources)).toBe(program)
    expect(readFileSync(program).equals(bytes)).toBe(true)
    expect(cache.said).toEqual([
      expect.stringMatching(/^the cache is damaged: .*: three is not what was written there; it is made anew\n$/),
    ])
    expect(readdirSync(join(program, '..')).toSorted()).toEqual(['compiler', 'manifest.json', 'three'])
  })

  it('is another where a header is, and complains of the line that does not compile', async () => {
    const others = { ...sources, 'a.h': Buffer.from('#define A nothing\n') }
    await expect(compiled('three', 'host', others)).rejects.toThrow(
      /^gcc cannot build three: a\.h:1:11: error: .*nothing/,
    )
    expect(drafts()).toEqual([])
  })

  it('a missing compiler is named with its package', async () => {
    vi.stubEnv('PATH', '/nowhere')
    await expect(compiled('agent', 'arm64', sources)).rejects.toThrow(
      /^aarch64-linux-gnu-gcc is needed .* gcc-aarch64-/,
    )
  })
})
