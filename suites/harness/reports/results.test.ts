/** results.json is as its published schema says, which an independent validator reads. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { root } from '../../../harness/process/root.ts'
import { jsonSchema, resultsSchema } from '../../../reports/run/results-schema.ts'
import { scratch } from '../command.ts'
import { resultsOf } from '../run/cut-off.ts'
import { writeShard } from '../run/shards.ts'
import { outcomes, run } from './sample-run.ts'

const file = join(root, 'reports/results.schema.json')

test('the published schema is that of the program', () => {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, jsonSchema())
  expect(readFileSync(file, 'utf8'), 'reports/results.schema.json; if it is right now, UPDATE_GOLDEN=1').toBe(
    jsonSchema(),
  )
})

test('a run is as it says, with every test, and what lacks a field is not', () => {
  const folder = scratch()
  writeShard(
    folder,
    outcomes.map((o) => ({ test: o, outcomeOn: () => o })),
  )
  const results = resultsOf(folder)
  expect(resultsSchema.safeParse(results).error?.issues).toBeUndefined()
  expect(results.tests.map(({ id, verdict }) => [id, verdict])).toEqual(
    outcomes.map((o) => [`${o.suite}_${o.test}`, o.verdict]),
  )
  expect(results).toMatchObject({ suite: run.suite, kernel: '6.12.94-arm64', begun: '2023-11-14T22:13:20.000Z' })
  const takes = new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(file, 'utf8')) as object,
  )
  expect([takes(results), takes.errors]).toEqual([true, null])
  const { kernel: _, ...without } = results
  expect(takes(without)).toBe(false)
  expect(takes({ ...results, version: 1 })).toBe(false)
})
