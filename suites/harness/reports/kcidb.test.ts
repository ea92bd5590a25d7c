/** A run for KernelCI's common database: what it takes, and what each verdict says there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { verdicts } from '../../../harness/model/verdict.ts'
import { excerpt, kcidb } from '../../../reports/formats/kcidb.ts'
import { command, scratch } from '../command.ts'
import { writeShard } from '../run/shards.ts'
import { kcidbSchema } from './kcidb-schema.ts'
import { outcomes, run } from './sample-run.ts'

const submission = { origin: 'some_lab', on: { build: 'maestro:1234' }, run: 'c0ffee', unplayed: [] }

/** Where KernelCI's own schema is at hand, that decides: a file with kcidb_io.schema.LATEST.json. */
const theirs = process.env.KCIDB_SCHEMA
const takes =
  theirs === undefined
    ? undefined
    : new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(readFileSync(theirs, 'utf8')) as object)

const expectTaken = (made: unknown): void => {
  const sent: unknown = JSON.parse(JSON.stringify(made))
  expect(kcidbSchema.safeParse(sent).error?.issues).toBeUndefined()
  if (takes) expect([takes(sent), takes.errors]).toEqual([true, null])
}

test('every verdict has its status; what is known does not fail, and is an incident', () => {
  const made = kcidb(run, outcomes, submission)
  expectTaken(made)
  const [all, ...tests] = made.tests
  expect(tests.map(({ status }, i) => [outcomes[i]!.verdict, status])).toEqual([
    ['broken', 'ERROR'],
    ['drifts', 'PASS'],
    ['conforms', 'PASS'],
    ['violates', 'FAIL'],
    ['not offered', 'SKIP'],
    ['known', 'DONE'],
  ])
  expect(all).toMatchObject({ path: 'kvm-arm64-abi', status: 'FAIL', build_id: 'maestro:1234' })
  expect(made.builds).toEqual([])
  expect(made.issues).toMatchObject([
    { id: 'some_lab:kvm-arm64-abi-6c7a5dce22b3', report_url: 'https://git.kernel.org/linus/6c7a5dce22b3' },
  ])
  expect(made.incidents).toMatchObject([{ issue_id: made.issues[0]!.id, test_id: tests[5]!.id, present: true }])
  expect(new Set(made.tests.map(({ id }) => id)).size).toBe(made.tests.length)
})

test('a drift fails where drifts are to fail', () => {
  const { tests } = kcidb({ ...run, strict: true }, outcomes.slice(1, 2), submission)
  expect(tests.map(({ status }) => status)).toEqual(['FAIL', 'FAIL'])
})

test('of a checkout a build is said, too; what was not played is missed, and so is a run of nothing', () => {
  const on = { checkout: 'some_lab:v6.12' }
  const made = kcidb(run, outcomes.slice(2, 3), { ...submission, on, unplayed: ['ordered_run'] })
  expectTaken(made)
  expect(made.builds).toMatchObject([{ id: made.tests[0]!.build_id, checkout_id: 'some_lab:v6.12' }])
  expect(made.tests.map(({ path, status }) => [path, status]).filter(([, status]) => status === 'MISS')).toEqual([
    ['kvm-arm64-abi', 'MISS'],
    ['kvm-arm64-abi.ordered_run', 'MISS'],
  ])
  expect(kcidb(run, [], submission).tests.map(({ status }) => status)).toEqual(['MISS'])
})

test('an excerpt is as long as it may be, and says that it is one', () => {
  expect(excerpt('🦬'.repeat(16_384))).toBe('🦬'.repeat(16_384))
  const long = excerpt('🦬'.repeat(20_000))
  expect([...long].length).toBe(16_384)
  expect(long).toMatch(/🦬\n… cut off; .*\n$/u)
})

test('whatever a kernel or a test says, it is taken', () => {
  const words = fc.string({ unit: 'binary' })
  const text = fc.oneof(words, fc.string({ minLength: 17_000, maxLength: 17_000 }))
  fc.assert(
    fc.property(
      fc.constantFrom(...verdicts),
      words,
      text,
      fc.array(text, { maxLength: 3 }),
      (verdict, name, why, details) =>
        expectTaken(kcidb(run, [{ ...outcomes[0]!, name, verdict, why, details }], submission)),
    ),
    { numRuns: 50 },
  )
})

test('the command writes it, and says what it needs', async () => {
  const folder = scratch()
  const reports = join(folder, 'run')
  writeShard(
    reports,
    outcomes.map((o) => ({ test: o, outcomeOn: () => o })),
  )
  const out = join(folder, 'kcidb.json')
  const args = ['kcidb', reports, '--origin', 'some_lab', '--build', 'maestro:1234', '--out', out]
  expect(await command(...args)).toEqual({ code: 0, out: '', err: '' })
  const written = JSON.parse(readFileSync(out, 'utf8')) as ReturnType<typeof kcidb>
  expectTaken(written)
  expect(written.tests.length).toBe(outcomes.length + 1)
})
