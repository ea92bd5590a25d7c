/** The text of an ordered sequence: its lines, and where in its file each stands. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Answer, Step } from '../model/call.ts'
import type { Dated } from '../model/release.ts'
import type { Ioctl } from '../model/rule.ts'
import { root } from '../process/root.ts'
import { UserError } from '../process/user-error.ts'
import { withCreations } from '../table/creations.ts'
import { parseLines, printCall } from '../table/notation.ts'

/** A sequence as it is declared; dated by the releases in which it holds: the table has the rows that say why. */
export interface Sequence extends Dated {
  title: string
  text: string
  /** The file that declares it, below the project's root; absent: none, and the title names it in errors. */
  file?: string
  /** The dialect that it is of, and the recorded host that shows it. */
  dialect?: string
  host?: string
}

/** One step of a sequence, with the answer that every kernel must give. */
export interface SequenceStep extends Step {
  answer: Answer
  /** `suites/ordered/run.test.ts:31`; of a creation that the text leaves out, its first line. */
  where: string
  /** The text leaves it out. */
  isCreation: boolean
}

/** The path of the file in a line of a stack; the folders that it is in may be called anything. */
export const fileInFrame = (frame: string): string | undefined => {
  const [, path] =
    /^\s*at (?:async )?(?:.* \()?((?:file:\/\/)?\/.*\.[cm]?[jt]s)(?:\?[^)]*)?:\d+:\d+\)?$/.exec(frame) ?? []
  return path?.startsWith('file:') ? fileURLToPath(path) : path
}

/** The file whose call of a function led to this one: `depth` is how many functions of ours are in between. */
export const callingFile = (depth: number): string | undefined => {
  const path = fileInFrame(new Error().stack?.split('\n')[depth + 2] ?? '')
  return path && relative(root, path)
}

const sources = new Map<string, string>()
const sourceOf = (file: string): string => {
  let source = sources.get(file)
  if (source === undefined) sources.set(file, (source = readFileSync(join(root, file), 'utf8')))
  return source
}

/** The line of the file in which the text begins: the text stands there as it is, behind the title. */
const firstLineOf = (file: string, title: string, text: string): number => {
  const source = sourceOf(file)
  const titled = Math.max(0, source.indexOf(title))
  const at = source.indexOf(text, titled)
  return source.slice(0, at < 0 ? titled : at).split('\n').length
}

const read = ({ title, text, file }: Sequence, ioctls: readonly Ioctl[]): SequenceStep[] => {
  const first = file === undefined ? 1 : firstLineOf(file, title, text)
  const lines = parseLines(text, file ?? title, first, ioctls)
  const steps = withCreations(
    lines.map(({ step }) => step),
    (i) => lines[i]!.where,
    ioctls,
  )
  const created = steps.length - lines.length
  return steps.map((step, i) => {
    const { where } = lines[Math.max(0, i - created)]!
    if (!step.answer)
      throw new UserError(`${where}: say how ${printCall(step.call)} is answered: CALL -> ok, or CALL -> -ERRNO (rule)`)
    return { ...step, answer: step.answer, where, isCreation: i < created }
  })
}

const known = new WeakMap<readonly Ioctl[], WeakMap<Sequence, SequenceStep[]>>()

/**
 * The steps of a sequence for a kernel with these ioctls, creations that the text leaves out included. Throws a
 * UserError that names file and line where the text is not in the notation, or a call has no answer.
 */
export const stepsOf = (sequence: Sequence, ioctls: readonly Ioctl[]): SequenceStep[] => {
  const own = known.get(ioctls) ?? new WeakMap<Sequence, SequenceStep[]>()
  known.set(ioctls, own)
  let steps = own.get(sequence)
  if (!steps) own.set(sequence, (steps = read(sequence, ioctls)))
  return steps
}
