/** Files of lists, which an agent plays where no controller listens: the lines of the protocol, each list once. */
import { createHash } from 'node:crypto'

/** The id of a list in such a file, by which its answer is found: the same for the same ops. */
export const idOfOps = (ops: string): string => createHash('sha256').update(ops).digest('hex').slice(0, 16)

/** Lists with their deadlines, in the order in which they came first. */
export class ListsFile {
  readonly #deadlines = new Map<string, number>()

  /** A list is in the file once, with the longest of its deadlines. */
  add(ops: string, deadlineMs: number): void {
    this.#deadlines.set(ops, Math.max(deadlineMs, this.#deadlines.get(ops) ?? 0))
  }

  get size(): number {
    return this.#deadlines.size
  }

  get text(): string {
    const lines = [...this.#deadlines].map(([ops, ms]) => ['play', idOfOps(ops), ms, ...(ops === '' ? [] : [ops])])
    return ['hello 1', ...lines.map((words) => words.join(' ')), ''].join('\n')
  }
}
