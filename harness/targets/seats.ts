// The agents of a pool, each in a seat of its own: which list goes where, and what becomes of those whose agent is lost.
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../process/user-error.ts'
import { type AgentLink, type Death, UnplayedError } from '../link/agent-link.ts'
import { isFatal, isFault } from '../model/kernel-log.ts'
import type { Played } from '../link/lines.ts'
import type { Opening } from './open.ts'
import { type Job, type OpsList, type Loss, tryOneByOne } from './trial.ts'

/** What befell a machine and is no list's own doing, as far as can be told. */
export interface Incident {
  /** One line: its last words, or the line of its log. */
  why: string
  log: string[]
  /** died: it went away; late: it was given up; logged: its kernel complained while nothing was played. */
  how: 'died' | 'late' | 'logged'
  /** A list was in play, and is told of by whoever asked for it. */
  hadWork: boolean
  /** The lists that it played last, oldest first. */
  before: OpsList[]
}

interface Seat {
  link: AgentLink | undefined
  /** up: takes lists; draining: what flies shall land before it is replaced; away: it is being replaced. */
  state: 'up' | 'draining' | 'away'
  /** Plays lists again, and no others. */
  isWitness: boolean
  /** Nothing was played since its agent was opened that could matter to a list played again. */
  isFresh: boolean
  /** Given to the link and not answered, in order. */
  flying: Job[]
  /** Played last, oldest first. */
  played: OpsList[]
  /** How often in a row it was lost without a word of the kernel's, or before it answered anything. */
  losses: number
}

// Enough lists under way to hide the way there and back, few enough to be dealt evenly.
const depth = 16
const patience = 3
const remembered = 8
/** So many lists that hang again with all their time; the next ones have a tenth of it, or a run would take hours. */
const hungInFull = 2

/** Several agents, named `name` together; `pauses` as of poolOf. */
export class Seats {
  readonly incidents: Incident[] = []
  readonly gone: Promise<string>
  restarts = 0
  #hungAgain = 0
  readonly #name: string
  readonly #opening: Opening
  readonly #pauses: readonly number[]
  readonly #seats: Seat[]
  readonly #queue: Job[] = []
  readonly #agains: Job[] = []
  readonly #repairs = new Set<Promise<void>>()
  #over: Error | undefined
  #tell!: (why: string) => void

  constructor(name: string, opening: Opening, pauses: readonly number[], links: readonly AgentLink[]) {
    this.#name = name
    this.#pauses = pauses
    this.#opening = opening
    this.gone = new Promise((resolve) => {
      this.#tell = resolve
    })
    this.#seats = links.map(() => ({
      link: undefined,
      state: 'up',
      isWitness: false,
      isFresh: true,
      flying: [],
      played: [],
      losses: 0,
    }))
    for (const [i, link] of links.entries()) this.#take(this.#seats[i]!, link)
  }

  /** Plays a list: on whichever agent is free or, again, alone on the witness. Rejects once all is over. */
  play(list: OpsList, isAgain: boolean): Promise<Played> {
    return new Promise((resolve, reject) => {
      if (this.#over) return reject(this.#over)
      const job = { ...list, isAgain, resolve, reject }
      if (isAgain) this.#agains.push(job)
      else this.#queue.push(job)
      this.#pump()
    })
  }

  /** Ends the agents; lists not yet answered reject with `error`. */
  async finish(error: Error): Promise<void> {
    this.#over ??= error
    this.#tell(this.#over.message)
    for (const job of [...this.#queue.splice(0), ...this.#agains.splice(0)]) job.reject(this.#over)
    await Promise.all(this.#seats.map((seat) => seat.link?.close()))
    await Promise.all(this.#repairs)
  }

  /** Seats an agent, and hears when it ends. */
  #take(seat: Seat, link: AgentLink): void {
    seat.link = link
    seat.played = []
    void link.ended.then((death) => {
      if (death.isClosed) return
      this.#note(seat, death)
      // Where a list was in play, its answer says so and goes on from there.
      if (!death.hadWork && seat.link === link && seat.state !== 'away') this.#lose(seat, death)
    })
  }

  #note(seat: Seat, { why, log, hadWork, isLate }: Death): void {
    this.incidents.push({ why, log, hadWork, how: isLate ? 'late' : 'died', before: [...seat.played] })
  }

  /** Puts back what did not have its turn, before all others. */
  #enqueue(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed())
      if (this.#over) job.reject(this.#over)
      else (job.isAgain ? this.#agains : this.#queue).unshift(job)
  }

  async #reopen(seat: Seat): Promise<AgentLink | undefined> {
    const { open, openAgain = open } = this.#opening
    let last: Error | undefined
    for (const pause of this.#pauses) {
      await sleep(pause)
      if (this.#over) return undefined
      try {
        const link = await (seat.isWitness ? openAgain() : open())
        this.restarts++
        this.#take(seat, link)
        seat.isFresh = true
        if (this.#over) await link.close()
        return link
      } catch (error) {
        last = error as Error
      }
    }
    const attempts = `${this.#pauses.length} attempts to start it again failed`
    void this.finish(new UserError(`${this.#name}: lost, and ${attempts}: ${last?.message}`))
    return undefined
  }

  async #repair(seat: Seat, loss?: Loss): Promise<void> {
    for (let again = true; again && !this.#over;) {
      const { link } = seat
      seat.link = undefined
      await link?.close()
      const fresh = await this.#reopen(seat)
      if (!fresh) break
      again = false
      if (loss) {
        const { usable, left } = await tryOneByOne(fresh, loss)
        loss = undefined
        seat.isFresh = false
        this.#enqueue(left)
        again = !usable
      }
    }
    for (const job of loss?.suspects ?? []) job.reject(this.#over!)
    if (!this.#over) seat.state = 'up'
  }

  #replace(seat: Seat, loss?: Loss): void {
    seat.state = 'away'
    const work = this.#repair(seat, loss).finally(() => {
      this.#repairs.delete(work)
      this.#pump()
    })
    this.#repairs.add(work)
  }

  /** An agent is lost: what flew is played elsewhere, but for the list that did it. */
  #lose(seat: Seat, { why, log }: { why?: string; log: string[] }, played?: Played): void {
    const suspects = seat.flying.splice(0)
    // A loss that the kernel explains is an answer; only those without a word count against the machine.
    seat.losses = played && log.some(isFault) ? 0 : seat.losses + 1
    if (suspects.length === 1 && played) suspects.pop()!.resolve(played)
    if (seat.losses >= patience) void this.finish(new UserError(`lost ${patience} times in a row; at last: ${why}`))
    if (this.#over) for (const job of suspects) job.reject(this.#over)
    else {
      // It ended before any of them began.
      if (!played) this.#enqueue(suspects.splice(0))
      this.#replace(seat, played && suspects.length > 0 ? { suspects, played } : undefined)
    }
  }

  async #run(seat: Seat, job: Job): Promise<void> {
    const link = seat.link!
    seat.flying.push(job)
    const land = () => {
      const index = seat.flying.indexOf(job)
      if (index >= 0) seat.flying.splice(index, 1)
      return index >= 0
    }
    try {
      const hurry = seat.isWitness && this.#hungAgain >= hungInFull ? 10 : 1
      const deadlineMs = Math.ceil(job.deadlineMs / hurry)
      const came = await link.play(job.ops, deadlineMs)
      const played = came.outcome === 'hung' ? { ...came, why: `no answer within ${deadlineMs / 1000} s` } : came
      if (played.outcome === 'lost') return this.#lose(seat, { why: played.why!, log: played.log }, played)
      land()
      this.#landed(seat, job, played)
    } catch (error) {
      // Where it is not flying any more, the trial after the loss has it.
      if (!land()) return
      if (!(error instanceof UnplayedError)) return job.reject(error as Error)
      this.#enqueue([job])
      // It went away while it was being tried, when nobody listened.
      if (seat.link === link && seat.state !== 'away' && !this.#over) this.#lose(seat, { why: error.message, log: [] })
    }
    this.#pump()
  }

  #landed(seat: Seat, job: Job, played: Played): void {
    seat.losses = 0
    if (seat.isWitness && played.outcome === 'hung') this.#hungAgain++
    const before = played.before ?? []
    if (before.some(isFault))
      this.incidents.push({
        why: before.find(isFault)!,
        log: before,
        hadWork: false,
        how: 'logged',
        before: [...seat.played],
      })
    const { ops, deadlineMs, trace } = job
    seat.played.push({ ops, deadlineMs, ...(trace !== undefined && { trace }) })
    if (seat.played.length > remembered) seat.played.shift()
    const isTainted = [...before, ...played.log].some(seat.isWitness ? isFault : isFatal)
    if (!seat.isWitness || isTainted || played.outcome !== 'done') seat.isFresh = false
    job.resolve(played)
    if (seat.state === 'up' && isTainted) this.#replace(seat)
  }

  #pump(): void {
    if (this.#over) return
    this.#pumpAgains()
    while (this.#queue[0]) {
      const free = this.#seats.filter(
        ({ state, flying, isWitness }) => state === 'up' && !isWitness && flying.length < depth,
      )
      if (!free[0]) return
      const seat = free.reduce((least, other) => (other.flying.length < least.flying.length ? other : least))
      void this.#run(seat, this.#queue.shift()!)
    }
  }

  /** One of several agents becomes the witness for good; an only one is the witness while lists wait to be played again. */
  #pumpAgains(): void {
    const isOnly = this.#seats.length === 1
    const seat = this.#seats.find(({ isWitness }) => isWitness) ?? this.#seats.at(-1)!
    if (!this.#agains[0]) {
      if (isOnly && seat.flying.length === 0) seat.isWitness = false
      return
    }
    // Several agents were opened for lists of every kind.
    if (!seat.isWitness && !isOnly) seat.isFresh = false
    seat.isWitness = true
    if (seat.state === 'up' && !seat.isFresh) seat.state = 'draining'
    if (seat.flying.length > 0) return
    if (seat.state === 'draining') this.#replace(seat)
    else if (seat.state === 'up') void this.#run(seat, this.#agains.shift()!)
  }
}
