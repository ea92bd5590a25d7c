/**
 * Allure results: allure-vitest writes them, with our verdict in place of what it makes of a test's state. It knows
 * neither why a test was skipped nor that a test without an assertion can be broken. It is given tasks made of
 * outcomes, so that the tests of a run that was cut off are there too once the run is finished.
 */
import AllureVitestReporter from 'allure-vitest/reporter'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { RunnerTask } from 'vitest'
import type { Vitest } from 'vitest/node'
import { judgedAs } from '../../harness/model/release.ts'
import { printShard } from '../../harness/model/shard.ts'
import { printVersion } from '../../harness/process/version.ts'
import { oneLine, visible } from '../../harness/process/visible.ts'
import { root } from '../../harness/process/root.ts'
import type { Folder } from '../run/folder.ts'
import { incompleteness, type Listener } from '../run/listener.ts'
import { idOf, type Outcome, type Run } from '../run/outcome.ts'
import { homeOf } from '../run/verdicts.ts'
import { causesFor, causesOf, detailsIn, type Cause } from './causes.ts'

export const ALLURE = 'allure-results'
/** One result more says that the run is not whole, until it is. */
const INCOMPLETE = 'incomplete-result.json'

type Config = ConstructorParameters<typeof AllureVitestReporter>[0]
type Hook = NonNullable<NonNullable<Config['listeners']>[number]['beforeTestResultWrite']>
type Written = Pick<Parameters<Hook>[0], 'status' | 'statusDetails' | 'labels' | 'stage'>

/**
 * What Allure shows of an outcome: its cause, by which Allure groups, and the trace where it is the one that is shown.
 */
const statusDetailsOf = (o: Outcome, causes: ReadonlyMap<string, Cause>): Written['statusDetails'] => {
  const message = causesFor(o, causes)[0]?.text ?? o.why
  const trace = detailsIn(o, causes).map(visible).join('\n')
  return {
    ...(message && { message: oneLine(message) }),
    ...(trace && { trace }),
    ...(o.verdict === 'known' && { known: true }),
  }
}

/** Puts our verdict into a result that Allure is about to write. */
export const correct = (result: Written, o: Outcome, causes: ReadonlyMap<string, Cause>, strict: boolean): void => {
  result.status = homeOf(o.verdict, strict).allure as NonNullable<Written['status']>
  result.stage = 'finished' as Written['stage']
  result.statusDetails = statusDetailsOf(o, causes)
  const labels = { verdict: o.verdict, layer: o.layer, id: idOf(o) }
  result.labels.push(...Object.entries(labels).map(([name, value]) => ({ name, value })))
}

const attachment = (trace: string) => ({
  type: 'attachment_content',
  data: {
    name: 'trace',
    content: Buffer.from(trace).toString('base64'),
    encoding: 'base64',
    contentType: 'text/plain',
    fileExtension: '.trace',
  },
})

/** The task that vitest would have had for this outcome, as far as Allure looks at it. */
const taskOf = ({ names, file, trace, ms, begun }: Outcome): RunnerTask =>
  ({
    type: 'test',
    mode: 'run',
    name: names.at(-1)!,
    file: { filepath: resolve(root, file) },
    suite: names.slice(0, -1).reduce<object | undefined>((suite, name) => ({ name, suite }), undefined),
    meta: trace ? { allureRuntimeMessages: [attachment(trace)] } : {},
    result: { state: 'pass', startTime: begun, duration: ms },
  }) as unknown as RunnerTask

/** What Allure shows on its first page. */
const environment = ({ target, host, release, seed, shard, suite, qemu, unseen }: Run): string =>
  [
    ['target', target],
    ['host', host.name],
    ['kernel', `Linux ${host.kernel.unameR}`],
    ['judged.as', judgedAs(release)],
    ['seed', String(seed)],
    ...(shard ? [['shard', printShard(shard)]] : []),
    ['suites', printVersion(suite)],
    ...(qemu ? [['qemu', qemu.version]] : []),
    ...unseen.map((what, i) => [`cannot.see.${i + 1}`, what]),
  ]
    // A backslash begins an escape there.
    .map(([name, value]) => `${name} = ${oneLine(value!).replaceAll('\\', '\\\\')}\n`)
    .join('')

type Result = Written & { uuid: string }

/**
 * Allure's reporter, told outcomes instead of vitest's tasks. Its own writer flushes every file to the disk on its own.
 */
class Corrected extends AllureVitestReporter {
  current: Outcome | undefined
  /** What failed, as it was written. */
  readonly failed = new Map<string, Result>()
  /** What does not conform until now. */
  readonly told: Outcome[] = []
  readonly save: (result: Result) => void

  constructor(strict: boolean, write: (name: string, content: string | Buffer) => void) {
    super({
      resultsDir: ALLURE,
      reportMatchers: false,
      listeners: [
        {
          beforeTestResultWrite: (result) => {
            if (this.current) correct(result, this.current, causesOf(this.told), strict)
          },
        },
      ],
    })
    this.save = (result) => write(`${result.uuid}-result.json`, JSON.stringify(result))
    // Nothing of Allure is put into the test processes.
    this.onInit({ projects: [] } as unknown as Vitest)
    Object.assign((this as unknown as { allureReporterRuntime: { writer: object } }).allureReporterRuntime.writer, {
      writeResult: (result: Result) => {
        this.save(result)
        if (this.current && this.told.at(-1) === this.current) this.failed.set(idOf(this.current), result)
      },
      writeAttachment: write,
    })
  }

  tell(outcome: Outcome): void {
    this.current = outcome
    if (causesOf([outcome]).size > 0) this.told.push(outcome)
    this.handleTask(taskOf(outcome))
  }

  /** Writes again what is shown elsewhere now, since another test has a shorter trace. */
  showShortest(outcomes: readonly Outcome[]): void {
    const causes = causesOf(outcomes)
    for (const o of outcomes) {
      const result = this.failed.get(idOf(o))
      const details = statusDetailsOf(o, causes)
      if (!result || isDeepStrictEqual(result.statusDetails, details)) continue
      result.statusDetails = details
      this.save(result)
    }
  }
}

/** Writes Allure results into `to`, each as it comes. */
export const allureReport = (to: Folder): Listener => {
  let inner: Corrected
  let run: Run
  return {
    start(facts) {
      run = facts
      to.remove(ALLURE)
      to.attempt(ALLURE, () => {
        mkdirSync(join(to.path, ALLURE))
        to.write(`${ALLURE}/environment.properties`, environment(run))
        inner = new Corrected(run.strict, (name, content) => to.write(`${ALLURE}/${name}`, content))
      })
    },
    result: (outcome) => to.attempt(ALLURE, () => inner.tell(outcome)),
    write(outcomes, ending) {
      to.attempt(ALLURE, () => inner.showShortest(outcomes))
      const incomplete = incompleteness(ending)
      if (incomplete === undefined) to.remove(`${ALLURE}/${INCOMPLETE}`)
      else
        to.write(
          `${ALLURE}/${INCOMPLETE}`,
          JSON.stringify({
            uuid: 'incomplete',
            name: 'the run is incomplete',
            fullName: 'kvm-arm64-abi: the run is incomplete',
            stage: 'finished',
            status: homeOf('broken', run.strict).allure,
            statusDetails: { message: incomplete },
            steps: [],
            attachments: [],
            parameters: [],
            labels: [],
            links: [],
          }),
        )
    },
  }
}
