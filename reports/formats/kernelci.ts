/**
 * What KernelCI is told of a job that a lab has pulled. The protocol has one form (kernelci-core,
 * kernelci/runtime/pull_labs.py); the service that takes it (kernelci-pipeline, src/lava_callback.py) reads that of
 * LAVA. They share no key, so that this is both.
 */
import type { Verdict } from '../../harness/model/verdict.ts'
import { oneLine, visible } from '../../harness/process/visible.ts'
import { idOf, type Outcome, type Run } from '../run/outcome.ts'
import { resultOf } from './lava.ts'

/** Whose result it is. */
export interface KernelciJob {
  /** The id of the test in the job. */
  test: string
  /** What the lab calls the machine. */
  system: string
  /** The names of KernelCI's own configurations, which the service looks up. */
  configs: { api: string; storage: string }
}

/** What came of it: a run, what it said, and why it says nothing of the kernel, where that is so. */
export interface KernelciResult {
  played?: { run: Run; outcomes: readonly Outcome[]; unplayed: readonly string[] }
  log: string
  broken?: string
}

// What is no verdict of the kernel must not be read as one.
const isNoVerdict = (verdict: Verdict): boolean => verdict === 'broken' || verdict === 'not reproduced'

const inLava = (result: string): string => (result === 'error' ? 'incomplete' : result)

/** LAVA's own numbers of how a job ended. */
const COMPLETE = 2
const INCOMPLETE = 3

/** The body of the callback. JSON is YAML: what LAVA has as YAML in a string is JSON in one. */
export const kernelciCallback = (job: KernelciJob, { played, log, broken }: KernelciResult) => {
  const tests = [
    ...(played?.outcomes ?? []).map((o) => ({
      name: idOf(o),
      result: isNoVerdict(o.verdict) ? 'error' : resultOf(o, played!.run),
      ms: o.ms,
    })),
    ...(played?.unplayed ?? []).map((suite) => ({ name: `${suite}.not-played`, result: 'error', ms: 0 })),
  ]
  const count = (...of: string[]) => tests.filter(({ result }) => of.includes(result)).length
  const failed = count('fail')
  // A kernel that was convicted stays so, whatever else was broken.
  const error = broken === undefined || failed > 0 ? undefined : oneLine(broken)
  const status = error !== undefined ? 'error' : failed > 0 ? 'fail' : count('pass') > 0 ? 'pass' : 'skip'
  const suite = `0_${job.test}`
  const stage = (name: string, metadata: object, result = 'pass') => ({ name, result, metadata })
  return {
    // Of the protocol.
    tests: {
      [job.test]: {
        status,
        subtests: Object.fromEntries(
          tests.map(({ name, result, ms }) => [name, { status: result, duration_ms: Math.round(ms) }]),
        ),
      },
    },
    summary: {
      total: tests.length,
      passed: count('pass'),
      failed,
      skipped: count('skip'),
      errors: count('error'),
    },
    metadata: { system: job.system },
    artifacts: { log: visible(log) },
    ...(error !== undefined && { error_code: 'Infrastructure', error_msg: error }),
    // Of LAVA.
    status: error === undefined ? COMPLETE : INCOMPLETE,
    actual_device_id: job.system,
    definition: JSON.stringify({
      metadata: { api_config_name: job.configs.api, storage_config_name: job.configs.storage },
    }),
    results: {
      lava: JSON.stringify([
        stage('job', error === undefined ? {} : { error_type: 'Infrastructure', error_msg: error }),
        stage(suite, {}, inLava(status)),
      ]),
      [suite]: JSON.stringify(
        // The service takes them from the last on.
        tests.toReversed().map(({ name, result }) => stage(name, {}, inLava(result))),
      ),
    },
    log: JSON.stringify(
      visible(log)
        .split('\n')
        .map((msg) => ({ dt: '', lvl: 'target', msg })),
    ),
  }
}
