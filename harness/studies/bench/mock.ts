/** Random sequences on the mock, on one core: what drawing, answering and judging cost. */
import fc from 'fast-check'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { judged } from '../../oracle/judge.ts'
import { answersIn } from '../../oracle/mock.ts'
import { anyCalls } from '../../generate/any-calls.ts'
import { boot } from '../../table/rules.ts'
import { figure, seconds } from './measure.ts'

const SEQUENCES = 10_000

/** Prints sequences per second: drawn, answered and judged, and all of it. */
export const benchMock = async (): Promise<void> => {
  const host = hostNamed(undefined)
  const release = host.kernel.release
  let seed = 0
  const draw = () => fc.sample(anyCalls(12, { host }), { numRuns: SEQUENCES, seed: ++seed })
  const answerAndJudge = (sequences: ReturnType<typeof draw>) => {
    for (const calls of sequences) {
      const { verdict } = judged(host, release, calls, {
        answers: answersIn(boot(host), calls),
        outcome: 'done',
        log: [],
      })
      if (verdict !== 'conforms') throw new Error('the mock contradicts the oracle')
    }
  }
  const drawn = draw()
  const all = await seconds(() => answerAndJudge(draw()))
  const generation = await seconds(draw)
  const rest = await seconds(() => answerAndJudge(drawn))
  const length = drawn.reduce((sum, calls) => sum + calls.length, 0) / SEQUENCES
  figure('mock: sequences of up to 12 calls, all', SEQUENCES / all, 'a second')
  figure('mock: drawing them alone', SEQUENCES / generation, 'a second')
  figure('mock: answering and judging alone', SEQUENCES / rest, 'a second')
  figure('mock: mean length', length, 'calls')
}
