/** The machine under test, whatever it is. Suites know no more of it than its host profile. */
import { expect, inject, TestRunner } from 'vitest'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { appendPlayed } from '../../reports/run/played.ts'
import { suiteId } from '../../reports/run/ids.ts'
import type { Host } from '../model/host.ts'
import type { Kernel } from '../model/kernel.ts'
import { remote } from '../targets/remote.ts'
import { sharedPlayer } from '../targets/share.ts'
import { mockAs } from '../targets/open-mock.ts'
import { endIfOrphan } from '../process/orphan.ts'
import { settings } from '../model/settings.ts'

/** This run's settings. */
export const runSettings = settings()

/** What the target offers; where no test run asks, the default mock. */
export const host: Host = process.env.VITEST === undefined ? hostNamed() : inject('host')

/** The release whose rules judge. */
export const release = runSettings.release ?? host.kernel.release

/**
 * The same kernel, which also writes down what it answers, for `kvm-arm64-abi judge`. Where that fails, nothing more is
 * written, which the tests from then on say: it is no fault of what they ask.
 */
const recorded = (kernel: Kernel, { file, run }: NonNullable<typeof runSettings.answers>): Kernel => {
  let trouble: string | undefined
  return {
    ...kernel,
    async play(calls) {
      const playing = await kernel.play(calls)
      try {
        const { testPath = '', currentTestName: test = '' } = expect.getState()
        if (trouble === undefined)
          appendPlayed(file, run, { suite: suiteId(testPath), test, calls: [...calls], playing })
      } catch (error) {
        trouble = (error as NodeJS.ErrnoException).code ?? (error as Error).message
      }
      if (trouble !== undefined) {
        const test = TestRunner.getCurrentTest()
        if (test) test.meta.unwritten = trouble
      }
      return playing
    },
  }
}

/** The same kernel, asked as long as there is somebody to tell. */
const bound = (kernel: Kernel): Kernel =>
  process.env.VITEST === undefined
    ? kernel
    : {
        ...kernel,
        play(calls) {
          endIfOrphan()
          return kernel.play(calls)
        },
      }

const target =
  runSettings.socket === undefined ? mockAs(runSettings.target, host) : remote(host, sharedPlayer(runSettings.socket))

/** Where calls are answered. */
export const kernel: Kernel = bound(runSettings.answers === undefined ? target : recorded(target, runSettings.answers))
