/** Work that a signal may end early. */
import { ENDING } from '../process/at-end.ts'

/** working: nothing has ended it; ending: it is being ended early. */
type State = 'working' | 'ending'

/** Work, and what ends it early; both resolve when they are done. */
export interface Endable {
  /** `abandon` ends it as a signal does. */
  work(abandon: () => void): Promise<void>
  endEarly(): Promise<void>
}

class Ending {
  signal = 0
  readonly done: Promise<void>
  #state: State = 'working'
  readonly #endEarly: () => Promise<void>
  #resolve!: (done: Promise<void>) => void

  constructor(endEarly: () => Promise<void>) {
    this.#endEarly = endEarly
    this.done = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  get isUnderWay(): boolean {
    return this.#state === 'ending'
  }

  readonly begin = (): void => {
    if (this.isUnderWay) return
    this.#state = 'ending'
    this.#resolve(this.#endEarly())
  }

  readonly hear = (_name: string, number: number): void => {
    if (this.signal) process.exit(128 + number)
    this.signal = number
    this.begin()
  }
}

/**
 * Does the work. The first SIGINT, SIGTERM or SIGHUP ends it early, a second one ends the process at once. Gives the
 * number of the signal, 0 where none came.
 */
export const untilSignal = async ({ work, endEarly }: Endable): Promise<number> => {
  const ending = new Ending(endEarly)
  for (const name of ENDING) process.on(name, ending.hear)
  try {
    const worked = work(ending.begin).catch((error: unknown) => {
      // What fails once all is being ended says nothing new.
      if (!ending.isUnderWay) throw error
    })
    await Promise.race([ending.done, worked])
    if (ending.isUnderWay) await ending.done
    return ending.signal
  } finally {
    for (const name of ENDING) process.off(name, ending.hear)
  }
}
