/** The target of one run. */
import type { TargetEvents } from '../../reports/run/recorder.ts'
import { lossOf, notesOf, outcomesOf } from './incidents.ts'
import type { Opened, PreparedTarget } from './opened.ts'

/** Is given the target of a run once it is open; what it gives back is called before the target is closed. */
export type OnOpen = (opened: Opened) => void | (() => Promise<void>)

/** The target of a run, from before it is opened until it is closed. */
export class RunTarget implements TargetEvents {
  readonly #name: string
  readonly #prepared: PreparedTarget
  #opened: Opened | undefined
  #beforeClose: ReturnType<OnOpen> = undefined
  #lost: string | undefined
  readonly #notes: string[] = []

  constructor(name: string, prepared: PreparedTarget) {
    this.#name = name
    this.#prepared = prepared
  }

  /** Opens it with so many agents; `lose` is called when it cannot be kept up. */
  async open(jobs: number | undefined, lose: () => void, onOpen?: OnOpen): Promise<Opened> {
    const opened = await this.#prepared.open(jobs)
    this.#opened = opened
    this.#beforeClose = onOpen?.(opened)
    void opened.pool?.over.then((why) => {
      this.#lost = why
      lose()
    })
    return opened
  }

  async outcomes(interrupted: boolean): ReturnType<TargetEvents['outcomes']> {
    if (this.#lost !== undefined) return [lossOf(this.#lost, this.#name)]
    const { pool } = this.#opened ?? {}
    return interrupted || !pool ? [] : outcomesOf(pool, this.#name)
  }

  /** Says something of the run that is about no single test. */
  note(text: string): void {
    this.#notes.push(text)
  }

  notes(): string[] {
    const { pool } = this.#opened ?? {}
    return [...(pool ? notesOf(pool.incidents) : []), ...this.#notes]
  }

  async close(): Promise<void> {
    try {
      await this.#beforeClose?.()
    } finally {
      await this.#opened?.close()
    }
  }
}
