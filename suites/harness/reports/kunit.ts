/** The kernel's own parser of KTAP, from tools/testing/kunit of Debian's kernel sources: what it makes of a report. */
import { spawnSync } from 'node:child_process'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { downloadPackage } from '../../../harness/guest/debian.ts'
import { kept } from '../../../harness/guest/kept.ts'
import { run } from '../../../harness/process/programs.ts'

export interface KunitResult {
  /** SUCCESS and SKIPPED are those that `kunit.py parse` exits 0 for. */
  status: string
  passed: number
  failed: number
  crashed: number
  skipped: number
  errors: number
}

const program = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import kunit_parser
results = []
for text in json.load(sys.stdin):
    test = kunit_parser.parse_run_tests(text.splitlines())
    c = test.counts
    results.append(dict(status=test.status.name, passed=c.passed, failed=c.failed, crashed=c.crashed,
        skipped=c.skipped, errors=c.errors))
print(json.dumps(results), file=sys.stderr)
`

const SOURCES = 'linux-source-6.12'
const FILES = ['kunit_parser.py', 'kunit_printer.py']

/** The folder that has it; 150 MB are fetched for that once. */
export const kunitFolder = (): Promise<string> =>
  kept('packages', `${SOURCES}-kunit`, {
    needs: ['dpkg-deb', 'tar', 'xz'],
    purpose: "fetch the kernel's parser of KTAP",
    fill: async (draft) => {
      const deb = await downloadPackage(SOURCES, 'trixie', draft)
      await run('dpkg-deb', ['-x', deb, draft])
      const folder = `${SOURCES}/tools/testing/kunit`
      const names = FILES.map((name) => `${folder}/${name}`)
      await run('tar', ['-xJf', join(draft, `usr/src/${SOURCES}.tar.xz`), '-C', draft, ...names])
      for (const name of FILES) renameSync(join(draft, folder, name), join(draft, name))
      for (const name of [deb, join(draft, 'usr'), join(draft, SOURCES)]) rmSync(name, { recursive: true })
    },
  })

/** Whether there is a Python to run it. */
export const hasPython = (): boolean => spawnSync('python3', ['--version']).status === 0

/** What the parser of that folder says of each of these reports. */
export const kunitOf = (folder: string, ...texts: string[]): KunitResult[] => {
  const { status, stderr } = spawnSync('python3', ['-c', program, folder], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  if (status !== 0) throw new Error(`kunit_parser.py ended with ${status}: ${stderr}`)
  return JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as KunitResult[]
}
