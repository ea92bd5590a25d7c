/**
 * Finding the kernel that first does otherwise: by `git bisect run`, in a repository whose commits name targets, and
 * from a list.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../../../harness/process/root.ts'
import type { Verdict } from '../../../harness/model/verdict.ts'
import { bisect, changedTests, type Untold, type Verdicts } from '../../../harness/studies/bisect.ts'
import { command, scratch } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

const DEFECT = 'mock,erratum=03c7527e97f7'

test(
  'git bisect run finds the commit that violates, past those of which nothing can be said',
  { timeout: 240_000 },
  async (context) => {
    skipWithout(context, 'git')
    const { out } = await command('run', '--help')
    const script = /git bisect run sh -c '([^']+)'/
      .exec(out)![1]!
      .replace('make Image', 'test -s target')
      .replace('…/harness/bin.js', join(root, 'harness/bin.js'))
      .replace('qemu:arch/arm64/boot/Image', `"$(cat target)" --only past-bugs --reports '${scratch()}'`)
    const folder = scratch()
    const git = (...words: string[]) => {
      const { status, stdout, stderr } = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a', ...words], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect(status, stdout + stderr).toBe(0)
      return stdout
    }
    git('init', '-q')
    // In the middle one that does not build, and one whose target cannot be used.
    const targets = ['mock', 'mock', 'mock:nobody', '', 'mock', DEFECT]
    targets.forEach((target, i) => {
      writeFileSync(join(folder, 'target'), target)
      writeFileSync(join(folder, 'number'), String(i))
      git('add', '.')
      git('commit', '-qm', String(i))
    })
    git('bisect', 'start', 'HEAD', 'HEAD~5')
    const said = git('bisect', 'run', 'sh', '-c', script)
    expect(said).toMatch(/ is the first bad commit\n[^]*\n +5\n/)
    expect(git('bisect', 'log')).toMatch(/^git bisect skip /m)
  },
)

test.each<[what: string, words: string[], code: number]>([
  ['a kernel that conforms is good', ['--only', 'ordered_close_'], 0],
  ['one that violates is bad', ['--target', DEFECT, '--only', 'past-bugs'], 1],
  ['of a target that cannot be used nothing can be told', ['--target', 'mock:nobody'], 125],
  ['nor where everything was skipped', ['--target', 'mock:6.12-max-novgic', '--only', 'ordered_vgic-v2_'], 125],
  ['options that are wrong end it', ['--runs', 'many'], 128],
])('run --bisect: %s', async (_, words, code) => {
  expect((await command('run', '--bisect', '--reports', scratch(), ...words)).code).toBe(code)
})

describe('a list', () => {
  const verdicts = (...all: [string, Verdict][]): Verdicts => new Map(all)
  const good = verdicts(['a', 'conforms'], ['b', 'conforms'])
  const bad = verdicts(['a', 'violates'], ['b', 'conforms'])
  const none: Untold = { why: 'it does not boot' }
  const asked = async (kernels: readonly (Verdicts | Untold)[]) => {
    const order: number[] = []
    const found = await bisect(kernels.length, async (at) => {
      order.push(at)
      return kernels[at]!
    })
    return { found, order }
  }

  test('is halved, and each kernel asked once', async () => {
    const { found, order } = await asked([good, good, good, good, good, bad, bad, bad, bad])
    expect(found).toEqual({ first: 5, untold: [], changed: ['a'] })
    expect(order).toEqual([0, 8, 4, 6, 5])
  })

  test('with kernels of which nothing can be told says that it may be one of them', async () => {
    expect((await asked([good, good, none, none, bad])).found).toEqual({ first: 4, untold: [2, 3], changed: ['a'] })
    await expect(asked([none, bad])).rejects.toThrow('it does not boot')
  })

  test('whose ends are alike changes nothing', async () => {
    expect((await asked([good, bad, good])).found).toEqual({ untold: [], changed: [] })
  })

  test('takes no verdict that says nothing for a change', () => {
    const unsure = verdicts(['a', 'broken'], ['b', 'not reproduced'])
    expect(changedTests(good, unsure)).toEqual([])
    expect(changedTests(good, verdicts(['a', 'not offered'], ['b', 'conforms']))).toEqual(['a'])
  })

  test('of targets is told with the test and its trace', { timeout: 120_000 }, async () => {
    const { code, out, err } = await command('bisect', 'mock', 'mock:nobody', DEFECT, '--only', 'past-bugs')
    expect([code, err]).toEqual([1, ''])
    expect(out).toMatch(
      /^played +mock: \d+ tests\nplayed +mock,erratum=.*\nplayed +mock:nobody: nothing can be told: no host /,
    )
    expect(out).toMatch(/\nfirst +mock,erratum=03c7527e97f7: 1 test other than on mock\nor one of +mock:nobody, /)
    expect(out).toMatch(/: conforms => violates\n[^]* -> ok {3}# expected -EINVAL \(value\)\n/)
  })

  test('that cannot be bisected is refused', async () => {
    const one = await command('bisect', 'mock')
    expect([one.code, one.err]).toEqual([2, 'error: bisect takes two targets or more, from old to new\n'])
    const unknown = await command('bisect', 'mock', 'tftp:board')
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringMatching(/^error: .*"tftp:board" is no target/)])
    const lost = await command('bisect', 'mock:nobody', 'mock', '--only', 'ordered_close_')
    expect([lost.code, lost.err]).toEqual([
      2,
      expect.stringMatching(/^error: nothing can be told of mock:nobody, which is at an end/),
    ])
  })
})
