/** The kernel's own parser of KTAP, from tools/testing/kunit: what it makes of a report. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../../harness/process/root.ts'

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

/** Whether there is a Python to run it. */
export const hasPython = (): boolean => spawnSync('python3', ['--version']).status === 0

/** What it says of each of these reports. */
export const kunitOf = (...texts: string[]): KunitResult[] => {
  const { status, stderr } = spawnSync('python3', ['-c', program, join(root, 'fixtures/kunit')], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  if (status !== 0) throw new Error(`kunit_parser.py ended with ${status}: ${stderr}`)
  return JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as KunitResult[]
}
