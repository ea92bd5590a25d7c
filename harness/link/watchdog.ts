/** How long an agent has been waited for, without the time in which it could not run. */
export class Watchdog {
  #waited = 0
  readonly #timer: NodeJS.Timeout

  /**
   * Each `tickMs`, adds what has passed while `isDue` (an answer is due), but for what `starved` says that the other
   * side was kept from running, and tells `late` the sum.
   */
  constructor(tickMs: number, isDue: () => boolean, starved: () => number, late: (waitedMs: number) => void) {
    let last = performance.now()
    this.#timer = setInterval(() => {
      const now = performance.now()
      // A tick counts no longer than it was meant to be: this process may be late itself.
      const passed = Math.min(now - last, 2 * tickMs)
      last = now
      if (!isDue()) return
      this.#waited += Math.max(0, passed - starved())
      late(this.#waited)
    }, tickMs).unref()
  }

  /** Something was heard, or nothing was waited for. */
  restart(): void {
    this.#waited = 0
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
