/** KCIDB's schema 5.3 (kcidb-io, kcidb_io/schema/v05_03.py), told in our words, as far as we submit: it is strict. */
import { z } from 'zod'

const text = z.string().regex(/^[^\0]*$/)
const origin = z.string().regex(/^[a-z0-9_]+$/)
const id = z.string().regex(/^[a-z0-9_]+:[^\0]*$/)
const path = z.string().regex(/^([a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*)?$/)
const status = z.enum(['FAIL', 'ERROR', 'MISS', 'PASS', 'DONE', 'SKIP'])
const misc = z.record(z.string(), z.json().optional())
const version = z.int().nonnegative()
// JSON Schema counts characters, not halves of them.
const excerpt = text.refine((said) => [...said].length <= 16_384)

export const kcidbSchema = z.strictObject({
  version: z.strictObject({ major: z.literal(5), minor: z.int().min(0).max(3) }),
  builds: z.array(
    z.strictObject({
      id,
      origin,
      checkout_id: id,
      architecture: z.string().regex(/^[a-z0-9_]*$/),
      status,
      comment: text,
    }),
  ),
  tests: z.array(
    z.strictObject({
      id,
      origin,
      build_id: id,
      environment: z.strictObject({ comment: text, misc }),
      path,
      status,
      comment: text.optional(),
      start_time: z.iso.datetime().optional(),
      duration: z.number().optional(),
      log_excerpt: excerpt.optional(),
      misc: misc.optional(),
    }),
  ),
  issues: z.array(
    z.strictObject({
      id,
      version,
      origin,
      comment: text,
      culprit: z.strictObject({
        code: z.boolean().optional(),
        tool: z.boolean().optional(),
        harness: z.boolean().optional(),
      }),
      report_url: z.url().optional(),
    }),
  ),
  incidents: z.array(
    z.strictObject({
      id,
      origin,
      issue_id: id,
      issue_version: version,
      test_id: id,
      present: z.boolean(),
      comment: text,
    }),
  ),
})
