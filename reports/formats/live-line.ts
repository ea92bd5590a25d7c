/**
 * The one line of a terminal that is redrawn while a run plays: verdicts, lists and rules so far, and the time left.
 */
import { verdicts, type Verdict } from '../../harness/model/verdict.ts'
import { oneLine } from '../../harness/process/visible.ts'
import { layerOf } from '../run/outcome.ts'
import type { PlayedSoFar } from '../run/played-so-far.ts'
import { duration, grouped } from '../run/words.ts'
import { cut, painted, type Screen } from './screen.ts'

/** How much of a run is done. */
export interface Done {
  /** Since its beginning, and since its first test ended: until then it loads what it needs. */
  ms: number
  playedMs: number
  files: readonly string[]
  endedFiles: readonly string[]
  /** Random sequences, and when the first of them was played. */
  runs: number
  random: number
  randomMs: number
}

/** The part of the files that has to be done before anything can be told from them. */
const FIRST = 1 / 4
/** How many files of sequences take as long as another: laws ask hundreds of lists. */
const OF_LISTS = 3

const weightOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + (layerOf(file) === 'sequence' ? 1 : OF_LISTS), 0)

/** How long it takes yet if it goes on as until now, in ms; undefined as long as too little is known. */
export const timeLeft = ({ playedMs, files, endedFiles, runs, random, randomMs }: Done): number | undefined => {
  const [all, ended] = [weightOf(files), weightOf(endedFiles)]
  if (playedMs === 0 || ended === 0 || ended < all * FIRST) return undefined
  const ofFiles = (playedMs * (all - ended)) / ended
  const ofRandom = random === 0 ? 0 : (randomMs * Math.max(0, runs - random)) / random
  return Math.max(ofFiles, ofRandom)
}

/** The time over which lists a second are counted. */
const WINDOW_MS = 5000
const LOOK_MS = 10
const BLANKS = 2,
  LEAST = 2

/** A part of the line; `verdict`: in whose colour. */
interface Part {
  text: string
  verdict?: Verdict
}

/** Parts side by side as far as there is room. */
const fitted = (screen: Screen, parts: readonly Part[], width: number): string => {
  let line = ''
  let room = width
  for (const [i, { text, verdict }] of parts.entries()) {
    const between = i === 0 ? 0 : BLANKS
    // The least that is shown of a part is a letter and …
    if (room < between + LEAST) break
    const shown = cut(text, room - between)
    line += ' '.repeat(between) + (verdict ? painted(screen, verdict, shown) : shown)
    room -= between + shown.length
  }
  return line
}

/** Draws on the terminal of `screen`, which has one. */
export class LiveLine {
  readonly #screen: Screen
  readonly #counts = new Map<Verdict, number>()
  #samples: { at: number; lists: number }[] = []
  /** When the first test ended, and the first random sequence was seen. */
  #first: number | undefined
  #firstRandom: number | undefined

  constructor(screen: Screen) {
    this.#screen = screen
  }

  count(verdict: Verdict): void {
    this.#counts.set(verdict, (this.#counts.get(verdict) ?? 0) + 1)
  }

  clear(): void {
    this.#screen.live!.write('\r\u001b[K')
  }

  /** `now`: the test that began last. */
  draw(played: PlayedSoFar, done: Pick<Done, 'ms' | 'files' | 'endedFiles' | 'runs'>, now: string): void {
    played.look(LOOK_MS)
    const { lists, random, rules, allRules } = played
    if (random > 0) this.#firstRandom ??= done.ms
    if (this.#counts.size > 0) this.#first ??= done.ms
    const since = (first = done.ms) => done.ms - first
    const left = timeLeft({ ...done, random, playedMs: since(this.#first), randomMs: since(this.#firstRandom) })
    const parts: Part[] = [
      ...verdicts.flatMap((verdict) => {
        const n = this.#counts.get(verdict)
        return n === undefined ? [] : [{ text: `${grouped(n)} ${verdict}`, verdict }]
      }),
      { text: `${grouped(lists)} lists, ${grouped(this.#rate(done.ms, lists))}/s` },
      { text: `${rules} of ${allRules} rules` },
      { text: `${duration(done.ms)}${left === undefined ? '' : `, about ${duration(left)} left`}` },
      { text: oneLine(now) },
    ]
    this.clear()
    this.#screen.live!.write(fitted(this.#screen, parts, this.#screen.live!.columns - 1))
  }

  /** Lists a second, of late. */
  #rate(at: number, lists: number): number {
    this.#samples = [...this.#samples.filter((one) => one.at > at - WINDOW_MS), { at, lists }]
    const first = this.#samples[0]!
    return at === first.at ? 0 : Math.round((1000 * (lists - first.lists)) / (at - first.at))
  }
}
