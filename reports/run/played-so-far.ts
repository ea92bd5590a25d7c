/** What has been played of a run that is under way, read from the answers as they are written down. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { ioctlsOf } from '../../harness/dialects/index.ts'
import type { Host } from '../../harness/model/host.ts'
import { holdsIn, type Release } from '../../harness/model/release.ts'
import { cover } from '../../harness/oracle/coverage.ts'
import { rowsOf } from '../../harness/table/rows.ts'
import { parsePlayed } from './answers.ts'

/** Bytes that are read at a time. */
const PIECE = 4 << 20
/** Bytes of the longest list of which the rules are looked at: those of the sequences show all that longer ones do. */
const LONGEST = 4 << 10
/** Lists that wait for that, at most. */
const MOST_WAITING = 10_000

const RANDOM = /^\{"run":"[^"]*","suite":"any-order/

export class PlayedSoFar {
  lists = 0
  /** Those of them that were drawn. */
  random = 0
  /** How many rules the release has. */
  readonly allRules: number
  readonly #file: string
  readonly #host: Host
  readonly #release: Release
  readonly #seen = new Map<string, number>()
  #offset: number
  #rest = Buffer.alloc(0)
  #waiting: string[] = []

  /** From what is written from now on; what stands in the file is of an earlier part. */
  constructor(file: string, host: Host, release: Release) {
    this.#file = file
    this.#host = host
    this.#release = release
    this.allRules = rowsOf(ioctlsOf(host)).filter((row) => holdsIn(release, row)).length
    this.#offset = this.#opened((fd) => fstatSync(fd).size) ?? 0
  }

  /** How many rules decided an answer that came just so. */
  get rules(): number {
    return this.#seen.size
  }

  /** Reads on, and looks at rules for no longer than `ms`. */
  look(ms: number): void {
    for (const line of this.#newLines()) {
      this.lists++
      if (RANDOM.test(line)) this.random++
      if (line.length <= LONGEST && this.#waiting.length < MOST_WAITING) this.#waiting.push(line)
    }
    const end = performance.now() + ms
    let done = 0
    while (done < this.#waiting.length && performance.now() < end) this.#cover(this.#waiting[done++]!)
    this.#waiting = this.#waiting.slice(done)
  }

  #cover(line: string): void {
    try {
      const { calls, playing } = parsePlayed(line, this.#file, ioctlsOf(this.#host))
      cover(this.#seen, this.#host, this.#release, calls, playing.answers)
    } catch {
      // Whoever reads the file when it is whole will say what is wrong with it.
    }
  }

  #newLines(): string[] {
    const piece = this.#opened((fd) => {
      const bytes = Buffer.allocUnsafe(PIECE)
      return bytes.subarray(0, readSync(fd, bytes, 0, PIECE, this.#offset))
    })
    if (!piece || piece.length === 0) return []
    this.#offset += piece.length
    const all = Buffer.concat([this.#rest, piece])
    const end = all.lastIndexOf('\n') + 1
    this.#rest = all.subarray(end)
    return all.toString('utf8', 0, end).split('\n').slice(0, -1)
  }

  /** What `work` gives; undefined where there is no such file. */
  #opened<T>(work: (fd: number) => T): T | undefined {
    let fd: number
    try {
      fd = openSync(this.#file, 'r')
    } catch {
      return undefined
    }
    try {
      return work(fd)
    } finally {
      closeSync(fd)
    }
  }
}
