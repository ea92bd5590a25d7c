// The line that `run --help` has for git bisect, in a repository whose commits name targets in place of kernels.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../../harness/process/root.ts'
import { hasProgram } from '../../../harness/process/programs.ts'
import { command, scratch } from '../command.ts'

test(
  'git bisect run finds the commit that violates, past those of which nothing can be said',
  { timeout: 240_000 },
  async (context) => {
    if (!hasProgram('git')) return context.skip('git is not installed')
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
    const targets = ['mock', 'mock', 'mock:nobody', '', 'mock', 'mock,erratum=03c7527e97f7']
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
