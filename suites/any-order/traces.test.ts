/** Counterexamples of the past, kept for ever: on every kernel the table must explain each answer to them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'
import { kernel, release } from '../../harness/here.ts'
import { judged } from '../../harness/judge.ts'
import { parse, print } from '../../harness/trace.ts'
import { complaintOf, type Report } from '../../harness/verdict.ts'

const folder = join(import.meta.dirname, '../../fixtures/traces')

for (const file of readdirSync(folder).filter((name) => name.endsWith('.trace')).sort())
  test(file.replace(/\.trace$/, ''), async ({ task }) => {
    const calls = parse(readFileSync(join(folder, file), 'utf8'), file).map(({ call }) => call)
    const { steps, ...judgement } = judged(kernel.host, release, calls, await kernel.play(calls))
    const report: Report = { layer: 'any order', ...judgement, trace: print(steps), lists: 1, calls: steps.length }
    task.meta.report = report
    if (report.verdict === 'violates' || report.verdict === 'broken') throw new Error(complaintOf(report))
  })
