/** Which member of a pool plays which list, and what becomes of lists whose agent is lost. */
import { type AgentLink, UnplayedError } from '../link/agent-link.ts'
import type { Played } from '../link/lines.ts'
import { isFatal, isFault } from '../model/kernel-log.ts'
import { UserError } from '../process/user-error.ts'
import { type Loss, findCulprit } from './culprit.ts'
import { type Incident, incidentOfDeath, incidentsOfLog } from './incident.ts'
import type { Job, OpsList } from './job.ts'
import { Member, leastBusy } from './member.ts'
import { withMoreTime } from './more-time.ts'
import type { Reopener } from './reopener.ts'

/** A pool is given up after so many losses in a row that no kernel explains. */
const MOST_LOSSES = 3
/**
 * So many lists that hang again have all their time; the next ones have a third of it, or a run would take hours. It is
 * more than anything takes that returns: 7.2 takes 1.7 billion instructions to close a VM with 52 bits of addresses.
 */
const HUNG_IN_FULL = 2
const LESS_TIME = 3
/** How long an agent that has nothing to do has for a word, in ms. */
const LISTEN_MS = 5000

export class Dispatcher {
  readonly incidents: Incident[] = []
  /** Resolves with the reason, one line, when no list is played any more. */
  readonly over: Promise<string>
  readonly #reopener: Reopener
  readonly #isCounted: boolean
  readonly #members: Member[]
  readonly #queue: Job[] = []
  /** Those that are to be played again. */
  readonly #agains: Job[] = []
  readonly #repairs = new Set<Promise<void>>()
  #hungAgain = 0
  /** Why no list is played any more. */
  #end: Error | undefined
  #tellEnd!: (why: string) => void

  /** `isCounted`: the witness counts time in instructions. */
  constructor(links: readonly AgentLink[], reopener: Reopener, isCounted: boolean) {
    this.#reopener = reopener
    this.#isCounted = isCounted
    this.over = new Promise((resolve) => {
      this.#tellEnd = resolve
    })
    this.#members = links.map((link) => {
      const member = new Member()
      this.#give(member, link)
      return member
    })
  }

  /** Plays a list: on whichever agent is free or, again, alone on the witness. Rejects once all is over. */
  play(list: OpsList, isAgain: boolean): Promise<Played> {
    return new Promise((resolve, reject) => {
      if (this.#end) return reject(this.#end)
      const job = { ...list, isAgain, resolve, reject }
      if (isAgain) this.#agains.push(job)
      else this.#queue.push(job)
      this.#deal()
    })
  }

  /** Plays a list on each agent that plays lists for the first time; undefined in the place of the others. */
  each(list: OpsList): Promise<(Played | undefined)[]> {
    return Promise.all(
      this.#members.map(async (member) => {
        if (this.#end || member.state !== 'up' || member.isWitness) return undefined
        const played = await new Promise<Played>((resolve, reject) => {
          void this.#run(member, { ...list, isAgain: false, resolve, reject })
        })
        // It may belong to the list before.
        this.incidents.push(...incidentsOfLog(played.log, member.playedLast))
        return played
      }),
    )
  }

  /** Resolves when each agent has spoken once more, or its end is among the incidents; none is replaced for it. */
  async listen(): Promise<void> {
    await Promise.all(
      this.#members.map(async (member) => {
        const { link } = member
        if (!link || this.#end || member.state === 'away') return
        member.isListenedTo = true
        const played = await link.play('', LISTEN_MS).catch(() => undefined)
        if (!played || played.outcome === 'lost') await link.ended
        else this.incidents.push(...incidentsOfLog([...(played.before ?? []), ...played.log], member.playedLast))
        member.isListenedTo = false
      }),
    )
  }

  /** Ends the agents; lists not yet answered reject with `error`. */
  async finish(error: Error): Promise<void> {
    this.#end ??= error
    this.#tellEnd(this.#end.message)
    for (const job of [...this.#queue.splice(0), ...this.#agains.splice(0)]) job.reject(this.#end)
    await Promise.all(this.#members.map((member) => member.link?.close()))
    await Promise.all(this.#repairs)
  }

  /** Gives a member its agent, and hears when that ends. */
  #give(member: Member, link: AgentLink): void {
    member.take(link)
    void link.ended.then((death) => {
      if (death.isClosed) return
      const hadWork = death.hadWork && !member.isListenedTo
      this.incidents.push(incidentOfDeath({ ...death, hadWork }, member.playedLast))
      // Where a list was in play, its answer says so and goes on from there.
      if (!death.hadWork && member.link === link && member.state !== 'away') this.#lose(member, death)
    })
  }

  /** Puts back what did not have its turn, before all others. */
  #putBack(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed())
      if (this.#end) job.reject(this.#end)
      else (job.isAgain ? this.#agains : this.#queue).unshift(job)
  }

  async #reopen(member: Member): Promise<AgentLink | undefined> {
    try {
      const link = await this.#reopener.open(member.isWitness, () => this.#end !== undefined)
      if (!link) return undefined
      this.#give(member, link)
      if (this.#end) await link.close()
      return link
    } catch (error) {
      void this.finish(error as Error)
      return undefined
    }
  }

  async #repair(member: Member, loss?: Loss): Promise<void> {
    for (let isUsable = false; !isUsable && !this.#end;) {
      const { link } = member
      member.link = undefined
      await link?.close()
      const fresh = await this.#reopen(member)
      if (!fresh) break
      isUsable = true
      if (loss) {
        const found = await findCulprit(fresh, loss)
        loss = undefined
        member.isFresh = false
        this.#putBack(found.left)
        isUsable = found.isUsable
      }
    }
    for (const job of loss?.suspects ?? []) job.reject(this.#end!)
    if (!this.#end) member.state = 'up'
  }

  #replace(member: Member, loss?: Loss): void {
    member.state = 'away'
    const work = this.#repair(member, loss).finally(() => {
      this.#repairs.delete(work)
      this.#deal()
    })
    this.#repairs.add(work)
  }

  /** An agent is lost: what was under way is played elsewhere, but for the list that did it. */
  #lose(member: Member, { why, log }: { why?: string; log: string[] }, played?: Played): void {
    const suspects = member.underWay.splice(0)
    // A loss that the kernel explains is an answer; only those without a word count against the machine.
    member.losses = played && log.some(isFault) ? 0 : member.losses + 1
    if (suspects.length === 1 && played) suspects.pop()!.resolve(played)
    const end = `the target was lost ${MOST_LOSSES} times in a row, the last time so: ${why}`
    if (member.losses >= MOST_LOSSES) void this.finish(new UserError(end))
    if (this.#end) for (const job of suspects) job.reject(this.#end)
    else {
      // It ended before any of them began.
      if (!played) this.#putBack(suspects.splice(0))
      this.#replace(member, played && suspects.length > 0 ? { suspects, played } : undefined)
    }
  }

  async #run(member: Member, job: Job): Promise<void> {
    const link = member.link!
    member.underWay.push(job)
    try {
      const list = job.isAgain ? withMoreTime(job, this.#isCounted) : job
      const isShort = job.isAgain && this.#hungAgain >= HUNG_IN_FULL
      const deadlineMs = isShort ? Math.ceil(list.deadlineMs / LESS_TIME) : list.deadlineMs
      const came = await link.play(list.ops, deadlineMs)
      const played = came.outcome === 'hung' ? { ...came, why: `no answer within ${deadlineMs / 1000} s` } : came
      if (played.outcome === 'lost') return this.#lose(member, { why: played.why!, log: played.log }, played)
      member.drop(job)
      this.#answer(member, job, played)
    } catch (error) {
      // Where it is not under way any more, the search for the culprit has it.
      if (!member.drop(job)) return
      if (!(error instanceof UnplayedError)) return job.reject(error as Error)
      this.#putBack([job])
      // It went away during that search, when nobody listened.
      if (member.link === link && member.state !== 'away' && !this.#end)
        this.#lose(member, { why: error.message, log: [] })
    }
    this.#deal()
  }

  #answer(member: Member, job: Job, played: Played): void {
    member.losses = 0
    if (member.isWitness && played.outcome === 'hung') this.#hungAgain++
    const log = played.before ?? []
    this.incidents.push(...incidentsOfLog(log, member.playedLast))
    member.remember(job)
    const isTainted = [...log, ...played.log].some(member.isWitness ? isFault : isFatal)
    if (!member.isWitness || isTainted || played.outcome !== 'done') member.isFresh = false
    job.resolve(played)
    if (member.state === 'up' && isTainted) this.#replace(member)
  }

  /** Gives out what waits, each list to the member that has the fewest under way. */
  #deal(): void {
    if (this.#end) return
    this.#dealAgains()
    for (let member; this.#queue[0] && (member = leastBusy(this.#members));)
      void this.#run(member, this.#queue.shift()!)
  }

  /** One of several members becomes the witness for good; an only one is it while lists wait to be played again. */
  #dealAgains(): void {
    const isOnly = this.#members.length === 1
    const witness = this.#members.find(({ isWitness }) => isWitness) ?? this.#members.at(-1)!
    if (!this.#agains[0]) {
      if (isOnly && witness.underWay.length === 0) witness.isWitness = false
      return
    }
    // Several agents were opened for lists of every kind.
    if (!witness.isWitness && !isOnly) witness.isFresh = false
    witness.isWitness = true
    if (witness.state === 'up' && !witness.isFresh) witness.state = 'draining'
    if (witness.underWay.length > 0) return
    if (witness.state === 'draining') this.#replace(witness)
    else if (witness.state === 'up') void this.#run(witness, this.#agains.shift()!)
  }
}
