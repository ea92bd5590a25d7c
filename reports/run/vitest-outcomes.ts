/** What vitest says of a test, or of a failure outside of any, as an outcome. */
import type { SerializedError } from 'vitest'
import type { TestCase } from 'vitest/node'
import { namesOf, suiteId, testId, type Ids } from './ids.ts'
import { judgeEnding, layerOf, type Outcome } from './outcome.ts'
import { plain } from './words.ts'

/** What was thrown, with the difference and the first line of ours in its stack. */
const describe = ({ message, diff, stacks, cause }: SerializedError): string => {
  const place = stacks?.find(({ file }) => !file.includes('node_modules'))
  const difference = typeof diff === 'string' ? plain(diff).split('\n') : []
  return [
    ...plain(cause ? `${message} ${cause.message}` : message).split('\n'),
    ...difference,
    ...(place ? [`at ${place.file.replace(/^.*?\/(?=suites\/|harness\/)/, '')}:${place.line}`] : []),
  ].join('\n')
}

/** The outcome of a test that has ended; `ids` gives it its id. */
export const outcomeOfTest = (test: TestCase, ids: Ids): Outcome => {
  const file = test.module.relativeModuleId
  const names = namesOf(test)
  const name = names.join(' > ')
  const layer = layerOf(file)
  const suite = suiteId(file)
  const result = test.result()
  const { report, unwritten } = test.meta()
  const { id, clash } = ids.claim(`${suite}_${testId(names)}`, `${file} > ${name}`)
  const judged = judgeEnding(layer, report, {
    state: result.state,
    ...(result.errors && { error: result.errors.map(describe).join('\n') }),
    ...('note' in result && result.note !== undefined && { note: result.note }),
  })
  return {
    suite,
    test: id.slice(suite.length + 1),
    file,
    name,
    names,
    layer: report?.layer ?? layer,
    ...judged,
    ...(clash && { verdict: 'broken', why: clash, details: [] }),
    ...(report?.trace && { trace: report.trace, counterexamples: [report, ...(report.more ?? [])] }),
    begun: Math.round(test.diagnostic()?.startTime ?? Date.now()),
    ms: test.diagnostic()?.duration ?? 0,
    lists: report?.lists ?? 0,
    calls: report?.calls ?? 0,
    ...(report?.counts && { counts: report.counts }),
    ...(report?.unknown !== undefined && { unknown: report.unknown }),
    ...(unwritten !== undefined && { unwritten }),
  }
}

/** The outcome of an error that no test of the file threw. */
export const outcomeOfError = (file: string, error: SerializedError, ids: Ids, layer = layerOf(file)): Outcome => {
  const suite = suiteId(file)
  const text = describe(error)
  const name = 'outside of any test'
  const { id } = ids.claim(`${suite}_${testId([name])}`, `${file} ${text}`)
  return {
    suite,
    test: id.slice(suite.length + 1),
    file,
    name,
    names: [name],
    layer,
    isOutside: true,
    verdict: 'broken',
    why: text.split('\n', 1)[0]!,
    details: text.split('\n'),
    begun: Date.now(),
    ms: 0,
    lists: 0,
    calls: 0,
  }
}
