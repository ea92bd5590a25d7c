/**
 * What results.json holds, and so what other programs may rely on. reports/results.schema.json is the same as JSON
 * Schema. A change that a reader must know of takes another number as `version`.
 */
import { z } from 'zod'
import { verdicts } from '../../harness/model/verdict.ts'

const count = z.int().nonnegative()
const time = z.iso.datetime().describe('in UTC')

const test = z.strictObject({
  id: z.string().describe('the same in every run; --only takes it'),
  file: z.string(),
  name: z.string(),
  layer: z.enum(['sequence', 'law', 'any order', 'table', 'harness']),
  verdict: z.enum(verdicts),
  why: z.string().exactOptional().describe('the reason of a skip, the known bug, or what was wrong'),
  cause: z.string().exactOptional().describe('the same line for all tests that fail alike'),
  trace: z.string().exactOptional().describe('what `replay` plays; of what does not conform'),
  begun: time,
  ms: z.number(),
  lists: count.describe('lists of calls that were played'),
  calls: count,
})

export const resultsSchema = z
  .strictObject({
    version: z.literal(2).describe('of this format'),
    suite: z
      .strictObject({
        version: z.string(),
        commit: z.string().exactOptional().describe('-dirty where files were changed'),
      })
      .describe('kvm-arm64-abi itself'),
    target: z.string(),
    host: z.string(),
    kernel: z.string().describe('uname -r'),
    build: z.string().describe('uname -v'),
    release: z.string().describe('the release whose rules judged'),
    qemu: z
      .strictObject({ version: z.string(), command: z.array(z.string()) })
      .exactOptional()
      .describe('what emulated the machine, and the command line of one guest'),
    seed: count,
    runs: count.describe('random sequences that were asked for, of all shards together'),
    shard: z.string().exactOptional().describe('which part of a run this is: 2/5'),
    strict: z.boolean().describe('drifts fail'),
    begun: time,
    ms: z.number().describe('duration without the boot'),
    incomplete: z.boolean().describe('something was not played; `run --resume` plays it'),
    unplayed: z.array(z.string()).describe('the files that it is in'),
    unseen: z.array(z.string()).describe('what of the kernel could not be seen, a line each'),
    notes: z.array(z.string()).describe('what happened to the target, a line each'),
    lists: count,
    calls: count,
    random: z.partialRecord(z.enum(verdicts), z.int()).exactOptional().describe('random sequences by verdict'),
    tally: z.strictObject({
      passed: count,
      failed: count,
      skipped: count,
      verdicts: z.record(z.enum(verdicts), count),
      exit: z
        .literal([0, 1, 2, 4])
        .describe('0 conforms, 1 violates, 2 something is broken or was not played, 4 nothing but skips'),
    }),
    tests: z.array(test),
  })
  .meta({ title: 'results.json of kvm-arm64-abi' })

export type Results = z.infer<typeof resultsSchema>

/** The schema for other programs. */
export const jsonSchema = (): string => `${JSON.stringify(z.toJSONSchema(resultsSchema), null, 2)}\n`
