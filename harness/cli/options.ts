/** The values of options: read, or refused in one line. */
import { InvalidArgumentError, Option } from 'commander'
import { parseTarget } from '../model/target.ts'
import { releaseIn } from '../model/release.ts'
import { parseShard } from '../model/shard.ts'
import { defaults } from '../model/settings.ts'
import { readText } from '../process/files.ts'

/** Reads a number from `from` to `to`; refuses all else. */
export const wholeNumber =
  (from: number, to: number) =>
  (text: string): number => {
    const n = /^\d{1,10}$/.test(text) ? Number(text) : NaN
    if (!(n >= from && n <= to)) throw new InvalidArgumentError(`It takes a number from ${from} to ${to}.`)
    return n
  }

const refusing =
  (read: (text: string) => unknown) =>
  (text: string): string => {
    try {
      read(text)
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message)
    }
    return text
  }

/** Where calls are answered. */
export const target = (): Option =>
  new Option('-t, --target <target>', 'where calls are answered')
    .default(defaults.target)
    .argParser(refusing(parseTarget))

/** The target whose host is all that is asked of it. */
export const hostTarget = (): Option =>
  target().default(defaults.target, `${defaults.target}; its host says what the answers must be`)

/** Where `book` writes the page that explanations link to. */
export const book = (): Option =>
  new Option('--book <page>', 'the book that is linked to; `book` writes it').default('reports/out/book/index.html')

/** The part of a run that one machine of several plays. */
export const shard = (): Option =>
  new Option('--shard <i/n>', 'play the i-th of n parts of the run, for `merge`; each records its own host').argParser(
    (text) => parseShard(refusing(parseShard)(text)),
  )

/** The release whose rules judge. */
export const release = (): Option =>
  new Option('--release <release>', "judge as this kernel release, not the target's own").argParser((text) => {
    if (!/^\d+\.\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Write it like 6.12 or 6.12.107.')
    return refusing(releaseIn)(text)
  })

/** The seed of everything random; 31 bits, which is what fast-check keeps. */
export const seed = (): Option =>
  new Option('--seed <n>', 'seed of everything drawn at random')
    .default(defaults.seed)
    .argParser(wholeNumber(0, 2 ** 31 - 1))

/** How many random sequences. */
export const runs = (): Option =>
  new Option('--runs <n>', 'how many random sequences').default(defaults.runs).argParser(wholeNumber(1, 10_000_000))

/** Bytes of the longest list of tests: several times what --list prints of all. */
const MOST_TEXTS = 4 << 20

/**
 * Adds what one more option says: a text, or with @ the file that has such texts, a line each, as --list prints ids.
 */
const andMore = (text: string, before: readonly string[] = []): readonly string[] => {
  const texts = text.startsWith('@') ? readText(text.slice(1), MOST_TEXTS).split('\n') : [text]
  const said = texts
    .map((line) => line.split('\t', 1)[0]!.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (said.length === 0) throw new InvalidArgumentError('There is no text in it.')
  return [...before, ...said]
}

/** Which tests are played; may be said several times. */
export const only = (): Option =>
  new Option(
    '--only <text>',
    'only tests with this in their file, id or name (* stands for anything; @FILE: a line each); may be repeated',
  ).argParser(andMore)

/** Which of them are not; may be said several times. */
export const exclude = (): Option =>
  new Option('--exclude <text>', 'no tests with this in their file, id or name; as --only').argParser(andMore)

/** Drifts fail. */
export const strict = (): Option => new Option('--strict', 'fail where the kernel drifts, too')

/** Only each so many-th. */
export const every = (): Option =>
  new Option('--every <n>', 'take only every n-th').default(1).argParser(wholeNumber(1, 1000))
