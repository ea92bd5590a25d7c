/** A run as KernelCI's common database takes it: KCIDB's JSON, version 5.3. */
import { createHash } from 'node:crypto'
import { judgedAs } from '../../harness/model/release.ts'
import type { Verdict } from '../../harness/model/verdict.ts'
import { lines, oneLine } from '../../harness/process/visible.ts'
import { idOf, type Outcome, type Run } from '../run/outcome.ts'
import { homeOf } from '../run/verdicts.ts'
import { causesFor, causesOf, detailsIn } from './causes.ts'

/** Who submits, and what was tested: a build that is known there, or one of a checkout, which is then said, too. */
export interface Submission {
  origin: string
  on: { build: string } | { checkout: string }
  /** The id of the run. */
  run: string
  /** The suites that were not played to their end. */
  unplayed: readonly string[]
}

/** From the worst on, as the database sums them up. */
const statuses = ['FAIL', 'ERROR', 'MISS', 'PASS', 'DONE', 'SKIP'] as const
type Status = (typeof statuses)[number]

// What is known says nothing new of the kernel, and must not alarm; the incident says that it is there.
const status: Record<Verdict, Status> = {
  conforms: 'PASS',
  drifts: 'PASS',
  violates: 'FAIL',
  'not reproduced': 'ERROR',
  'not offered': 'SKIP',
  known: 'DONE',
  broken: 'ERROR',
}

const statusOf = ({ verdict }: Outcome, strict: boolean): Status =>
  verdict === 'drifts' && homeOf(verdict, strict).counts === 'failed' ? 'FAIL' : status[verdict]

/** Characters of an excerpt. */
const MOST = 16_384

/** The text as far as an excerpt may have it; where it is longer, its end says so. */
export const excerpt = (text: string): string => {
  if ([...text].length <= MOST) return text
  const end = '\n… cut off; traces/ and results.json of the run have it all\n'
  return `${[...text].slice(0, MOST - end.length).join('')}${end}`
}

/** The node that all tests are below. */
const PATH = 'kvm-arm64-abi'

/** The commit that a known bug is named by; a hash of its name where it is named otherwise. */
const bugOf = (name: string): { key: string; commit?: string } => {
  const [commit] = /\b[0-9a-f]{12,40}\b/.exec(name) ?? []
  return commit === undefined
    ? { key: createHash('sha256').update(name).digest('hex').slice(0, 16) }
    : { key: commit, commit }
}

interface KcidbIssue {
  id: string
  version: number
  origin: string
  comment: string
  culprit: { code: boolean }
  report_url?: string
}

const issueOf = (origin: string, name: string): KcidbIssue => {
  const { key, commit } = bugOf(name)
  return {
    id: `${origin}:${PATH}-${key}`,
    version: 1,
    origin,
    comment: oneLine(name),
    culprit: { code: true },
    ...(commit !== undefined && { report_url: `https://git.kernel.org/linus/${commit}` }),
  }
}

const seconds = (ms: number): number => Math.round(ms) / 1000

/** What is to be submitted of a run. Every text is one that the database takes, whatever a kernel or a test says. */
export const kcidb = (run: Run, outcomes: readonly Outcome[], submission: Submission) => {
  const { origin, on, run: id, unplayed } = submission
  const { host, target, seed, runs, release, suite, qemu, unseen } = run
  const causes = causesOf(outcomes)
  const build_id = 'build' in on ? on.build : `${origin}:${PATH}.${id}`
  const builds =
    'build' in on
      ? []
      : [
          {
            id: build_id,
            origin,
            checkout_id: on.checkout,
            architecture: 'arm64',
            status: 'PASS' as const,
            comment: oneLine(`${host.kernel.unameR} ${host.kernel.unameV}`),
          },
        ]
  const environment = {
    comment: oneLine(`${target}: ${host.name}, Linux ${host.kernel.unameR}`),
    misc: {
      target,
      host: host.name,
      kernel: host.kernel,
      judged_as: judgedAs(release),
      seed,
      runs,
      unseen,
      qemu,
      suite,
    },
  }
  const test = (name: string, path: string, its: Status) => ({
    id: `${origin}:${PATH}.${id}.${name}`,
    origin,
    build_id,
    environment,
    path,
    status: its,
  })
  const played = outcomes.map((o) => {
    const said = [causesFor(o, causes)[0]?.text ?? o.why ?? '', ...lines(detailsIn(o, causes))].filter(Boolean)
    return {
      ...test(idOf(o), `${PATH}.${o.suite}.${o.test}`, statusOf(o, run.strict)),
      comment: oneLine(o.name),
      start_time: new Date(o.begun).toISOString(),
      duration: seconds(o.ms),
      ...(said.length > 0 && { log_excerpt: excerpt(said.map(oneLine).join('\n')) }),
      misc: { verdict: o.verdict, layer: o.layer, lists: o.lists, calls: o.calls },
    }
  })
  const missed = unplayed.map((name) => ({
    ...test(`${name}.not-played`, `${PATH}.${name}`, 'MISS'),
    comment: 'not played to its end',
  }))
  const all = [...played, ...missed]
  const worst = statuses.find((one) => all.some((t) => t.status === one)) ?? 'MISS'
  const known = outcomes.filter((o) => o.verdict === 'known')
  const issues = new Map(known.map((o) => [o.why ?? '', issueOf(origin, o.why ?? 'known')]))
  return {
    version: { major: 5, minor: 3 },
    builds,
    tests: [{ ...test('all', PATH, worst), comment: `all of ${PATH}` }, ...all],
    issues: [...issues.values()],
    incidents: known.map((o) => {
      const issue = issues.get(o.why ?? '')!
      return {
        id: `${origin}:${PATH}.${id}.${idOf(o)}.known`,
        origin,
        issue_id: issue.id,
        issue_version: issue.version,
        test_id: `${origin}:${PATH}.${id}.${idOf(o)}`,
        present: true,
        comment: oneLine(o.name),
      }
    }),
  }
}
