/** A fingerprint as data, for scripts. */
import { print, printAnswer } from '../../harness/table/notation.ts'
import type { AnsweredQuestion, Fingerprint } from './fingerprint.ts'

const askedOf = ({ question, came, answer }: AnsweredQuestion) => {
  const { about, calls, having, lacking } = question
  const last = calls.at(-1)!
  return {
    ...about,
    came,
    trace: print(calls.map((call) => ({ call }))),
    ...(answer && { answer: printAnswer(answer, last) }),
    having: printAnswer(having, last),
    lacking: printAnswer(lacking, last),
  }
}

/** The text of the file; its version rises where a field changes. */
export const fingerprintJson = ({ side, like, asked, deviations }: Fingerprint): string =>
  `${JSON.stringify(
    {
      version: 1,
      target: side.name,
      kernel: side.host.kernel.unameR,
      release: side.release,
      like,
      deviations: deviations.map(askedOf),
      asked: asked.map(askedOf),
    },
    undefined,
    1,
  )}\n`
