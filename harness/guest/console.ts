/** The end of what a guest wrote to its console, line by line, with the time at which each line came. */

/** Bytes of the output that are kept. */
const MOST_KEPT = 64 << 10

// The agent's own lines where it shares the UART with the kernel (harness/agent/PROTOCOL.md).
const protocol = /^(agent|done|hung|died|log|bad|audit|hello|play) \S|^bye$/

/** Collects console output; its end is kept, without the agent's own lines. */
export class Console {
  /** Resolves when an agent greets here. */
  greeted: Promise<void>
  #greet = (): void => undefined
  #lines: { at: number; text: string }[] = []
  #bytes = 0
  #rest = ''

  constructor() {
    this.greeted = new Promise((resolve) => {
      this.#greet = resolve
    })
  }

  /** Takes a piece of output as it came. */
  hear(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('latin1')).replaceAll('\r', '').split('\n')
    this.#rest = lines.pop()!.slice(-MOST_KEPT)
    for (const text of lines) {
      if (text.startsWith('agent 1 ')) this.#greet()
      if (protocol.test(text)) continue
      this.#lines.push({ at: Date.now(), text })
      this.#bytes += text.length + 1
    }
    while (this.#bytes > MOST_KEPT) this.#bytes -= this.#lines.shift()!.text.length + 1
  }

  /** The lines that came since that time (ms since 1970), without the kernel's time stamps. */
  since(time: number): string[] {
    const lines = this.#lines.filter(({ at }) => at >= time).map(({ text }) => text)
    return [...lines, this.#rest].map((line) => line.replace(/^\[ *\d+\.\d+\](\[ *[TC]\d+\])? /, '')).filter(Boolean)
  }

  /** All that is kept. */
  text(): string {
    return [...this.#lines.map(({ text }) => text), this.#rest].join('\n')
  }
}
