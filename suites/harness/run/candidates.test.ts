/** Which files are loaded for a text after --only. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, afterAll, expect, test } from 'vitest'
import { candidates } from '../../../harness/run/candidates.ts'
import { scratch } from '../command.ts'

const sources = {
  'suites/ordered/run.test.ts': `sequence('KVM_RUN comes too early')`,
  'suites/ordered/run-exits.test.ts': `sequence('KVM_RUN leaves')`,
  'suites/laws/one-reg.test.ts': `law('a register')`,
  'suites/harness/cli/cli.test.ts': `test('run --only ordered_run_KVM_RUN plays one')`,
}
let files: { path: string; file: string }[]
beforeAll(() => {
  const folder = scratch(afterAll)
  files = Object.entries(sources).map(([file, text]) => {
    const path = join(folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return { path, file }
  })
})

const [run, exits, law, cli] = Object.keys(sources)

test.each<[why: string, only: string, found: (string | undefined)[], isWhole: boolean]>([
  ['the path of a suite', 'suites/laws/one-reg.test.ts', [law], true],
  ['the id of a suite', 'laws_one-reg', [law], true],
  ['an id that another begins with, and a name has in it', 'ordered_run', [run, exits, cli], false],
  ['the id of a suite to its end', 'laws_one-reg_', [law], true],
  ['the id of a test', 'laws_one-reg_a-register', [law], false],
  ['the id of a test that a name has in it', 'ordered_run_KVM_RUN', [run, cli], false],
  ['part of an id, which may be in any name', 'one-reg', [run, exits, law, cli], false],
  ['words', 'KVM_RUN', [run, exits, law, cli], false],
])('%s: %s', (_, only, found, isWhole) => {
  const { files: some, isWhole: all } = candidates(files, { only: [only] })
  expect([some.map(({ file }) => file), all]).toEqual([found, isWhole])
})
