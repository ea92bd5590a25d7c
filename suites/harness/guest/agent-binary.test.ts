/** The agent for boards: of the same sources the same bytes, wherever they are built. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sha256 } from '../../../harness/guest/cache.ts'
import { commandAfter, scratch } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

test('two caches hold the same agent, a static program for arm64', async (context) => {
  skipWithout(context, 'aarch64-linux-gnu-gcc')
  const folder = scratch()
  const sums: string[] = []
  for (const name of ['one', 'two']) {
    const file = join(folder, `agent-${name}`)
    const { code, out } = await commandAfter(`export XDG_CACHE_HOME='${join(folder, name)}'`, 'agent', '--out', file)
    const sum = sha256(readFileSync(file))
    expect([code, out]).toEqual([0, `${sum}  ${file}\n`])
    expect(statSync(file).mode & 0o777).toBe(0o755)
    sums.push(sum)
    // ELF of 64 bits, little-endian; machine 183 is AArch64, and type 2 needs no loader.
    expect([...readFileSync(file).subarray(0, 6), ...readFileSync(file).subarray(16, 20)]).toEqual([
      0x7f, 0x45, 0x4c, 0x46, 2, 1, 2, 0, 183, 0,
    ])
  }
  expect(sums[0]).toBe(sums[1])
})
