/**
 * Allure results: allure-vitest writes them, with our verdict in place of what it makes of a test's state. It knows
 * neither why a test was skipped nor that a test without an assertion can be broken.
 */
import AllureVitestReporter from 'allure-vitest/reporter'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunnerTask } from 'vitest'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { MEMORY, ownFolder } from '../harness/temporary.ts'
import { oneLine, visible } from '../harness/visible.ts'
import type { Folder } from './folder.ts'
import type { Outcome } from './outcome.ts'
import { homeOf } from './verdicts.ts'

const FOLDER = 'allure-results'

type Config = ConstructorParameters<typeof AllureVitestReporter>[0]
type Hook = NonNullable<NonNullable<Config['listeners']>[number]['beforeTestResultWrite']>
type Written = Pick<Parameters<Hook>[0], 'status' | 'statusDetails' | 'labels' | 'stage'>

/** Puts our verdict into a result that Allure is about to write. */
export const correct = (result: Written, o: Outcome, strict: boolean): void => {
  const trace = o.details.map(visible).join('\n')
  result.status = homeOf(o.verdict, strict).allure as NonNullable<Written['status']>
  result.stage = 'finished' as Written['stage']
  result.statusDetails = {
    ...(o.why && { message: oneLine(o.why) }), ...(trace && { trace }), ...(o.verdict === 'known' && { known: true }),
  }
  const labels = { verdict: o.verdict, layer: o.layer, id: `${o.suite}_${o.test}` }
  result.labels.push(...Object.entries(labels).map(([name, value]) => ({ name, value })))
}

/** Allure's reporter, told the outcome of each task as it comes to it. */
class Corrected extends AllureVitestReporter {
  current: Outcome | undefined
  outcomeOf: (task: RunnerTask) => Outcome | undefined

  constructor(resultsDir: string, strict: () => boolean, outcomeOf: (task: RunnerTask) => Outcome | undefined) {
    super({
      resultsDir, reportMatchers: false,
      listeners: [{ beforeTestResultWrite: (result) => { if (this.current) correct(result, this.current, strict()) } }],
    })
    this.outcomeOf = outcomeOf
  }

  override handleTask(task: RunnerTask): void {
    if (task.type !== 'test') return super.handleTask(task)
    this.current = this.outcomeOf(task)
    if (!this.current) return
    const { trace } = this.current
    if (trace) Object.assign(task.meta, { allureRuntimeMessages: [{
      type: 'attachment_content',
      data: {
        name: 'trace', content: Buffer.from(trace).toString('base64'), encoding: 'base64',
        contentType: 'text/plain', fileExtension: '.trace',
      },
    }] })
    super.handleTask(task)
  }
}

/** Every result is flushed to the disk on its own, which a memory file system makes cheap. */
const scratch = (): string => ownFolder(existsSync(MEMORY) ? MEMORY : tmpdir())

/** A vitest reporter that writes Allure results into `to`. `outcomeOf` gives what came of the test with vitest's id. */
export const allureReport = (
  to: Folder, strict: boolean, outcomeOf: (vitestId: string) => Outcome | undefined,
): Reporter => {
  let inner: Corrected
  let drafts: string | undefined
  let ended = false
  const clean = () => { if (drafts) rmSync(drafts, { recursive: true, force: true }) }
  to.remove(FOLDER)
  return {
    onInit: (vitest: Vitest) => to.attempt(FOLDER, () => {
      drafts = scratch()
      mkdirSync(join(drafts, FOLDER))
      inner = new Corrected(join(drafts, FOLDER), () => strict, (task) => outcomeOf(task.id))
      inner.onInit(vitest)
    }),
    onTestRunEnd: (modules: readonly TestModule[]) => to.attempt(FOLDER, () => {
      if (!drafts || ended) return
      ended = true
      const beside = join(to.path, `.${FOLDER}.${process.pid}`)
      try {
        inner.onTestRunEnd(modules)
        cpSync(join(drafts, FOLDER), beside, { recursive: true })
        renameSync(beside, join(to.path, FOLDER))
      } finally {
        rmSync(beside, { recursive: true, force: true })
        clean()
      }
    }),
  }
}
