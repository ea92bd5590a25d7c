// Several agents of one target as if they were one that never dies.
import { setTimeout as sleep } from 'node:timers/promises'
import { Complaint } from '../complaint.ts'
import { printTarget } from '../lab/target.ts'
import { isFatal, isFault } from './fault.ts'
import { type AgentLink, type Greeting, type Played, Unplayed } from './link.ts'
import { type RealTarget, prepare } from './open.ts'
import { type Job, type Loss, tryOneByOne } from './trial.ts'

export interface Pool {
  greeting: Greeting
  /** How many agents or machines were replaced so far. */
  readonly restarts: number
  /**
   * Plays a list of ops on whichever agent is free. The list that takes its agent down resolves to lost; the others
   * that were under way are played again. Rejects with a Complaint when the target cannot be kept up.
   */
  play(ops: string, deadlineMs: number): Promise<Played>
  /** Ends the agents. Lists not yet answered reject. */
  close(): Promise<void>
}

interface Seat {
  link?: AgentLink
  /** Whether the link takes lists of the queue. */
  ready: boolean
  /** Given to the link and not answered, in order. */
  flying: Job[]
  /** Losses in a row for which the kernel has no word. */
  losses: number
}

// Enough lists under way to hide the way there and back, few enough to be dealt evenly.
const depth = 16
const patience = 3

/**
 * A pool over any way to open agents; `pauses` are the milliseconds before each attempt to replace a lost one. Rejects
 * with what `open` rejects with where not all `size` agents come up at first.
 */
export const poolOf = async (
  name: string, open: () => Promise<AgentLink>, size: number, pauses: number[] = [0, 0, 0],
): Promise<Pool> => {
  const queue: Job[] = []
  const opened = await Promise.allSettled(Array.from({ length: size }, open))
  const links = opened.flatMap(result => result.status === 'fulfilled' ? [result.value] : [])
  const failure = opened.find(result => result.status === 'rejected')
  if (failure || !links[0]) {
    await Promise.all(links.map(link => link.close()))
    throw failure?.reason ?? new Complaint(`${name}: a pool needs at least one agent`)
  }
  const { greeting } = links[0]
  const seats: Seat[] = links.map(link => ({ link, ready: true, flying: [], losses: 0 }))
  const repairs = new Set<Promise<void>>()
  let restarts = 0
  let over: Error | undefined

  const finish = async (error: Error): Promise<void> => {
    over ??= error
    for (const job of queue.splice(0)) job.reject(over)
    await Promise.all(seats.map(seat => seat.link?.close()))
    await Promise.all(repairs)
  }

  const enqueue = (jobs: Job[]): void => {
    if (over) for (const job of jobs) job.reject(over)
    else queue.unshift(...jobs)
  }

  const reopen = async (seat: Seat): Promise<AgentLink | undefined> => {
    let last: Error | undefined
    for (const pause of pauses) {
      await sleep(pause)
      if (over) return undefined
      try {
        const link = await open()
        restarts++
        seat.link = link
        if (over) await link.close()
        return link
      } catch (error) {
        last = error as Error
      }
    }
    const attempts = `${pauses.length} attempts to start it again failed`
    void finish(new Complaint(`${name}: lost, and ${attempts}: ${last?.message}`))
    return undefined
  }

  const repair = async (seat: Seat, loss?: Loss): Promise<void> => {
    for (let again = true; again && !over;) {
      await seat.link?.close()
      seat.link = undefined
      const link = await reopen(seat)
      if (!link) break
      again = false
      if (loss) {
        const { usable, left } = await tryOneByOne(link, loss)
        loss = undefined
        enqueue(left)
        again = !usable
      }
    }
    for (const job of loss?.suspects ?? []) job.reject(over!)
    seat.ready = !over
  }

  const replace = (seat: Seat, loss?: Loss): void => {
    seat.ready = false
    const work = repair(seat, loss).finally(() => { repairs.delete(work); pump() })
    repairs.add(work)
  }

  const lose = (seat: Seat, played: Played): void => {
    const suspects = seat.flying.splice(0)
    // A loss that the kernel explains is an answer; only those without a word count against the machine.
    seat.losses = played.log.some(isFault) ? 0 : seat.losses + 1
    if (suspects.length === 1) suspects.pop()!.resolve(played)
    if (seat.losses >= patience) {
      void finish(new Complaint(`lost ${patience} times in a row; at last: ${played.why}`))
      for (const job of suspects) job.reject(over!)
    } else if (!over) replace(seat, suspects.length > 0 ? { suspects, played } : undefined)
    else for (const job of suspects) job.reject(over)
  }

  const run = async (seat: Seat, link: AgentLink, job: Job): Promise<void> => {
    seat.flying.push(job)
    const land = () => {
      const index = seat.flying.indexOf(job)
      if (index >= 0) seat.flying.splice(index, 1)
      return index >= 0
    }
    try {
      const played = await link.play(job.ops, job.deadlineMs)
      if (played.outcome === 'lost') return lose(seat, played)
      land()
      seat.losses = 0
      job.resolve(played)
      if (seat.ready && played.log.some(isFatal)) replace(seat)
    } catch (error) {
      // Where it is not flying any more, the trial after the loss has it.
      if (!land()) return
      if (!(error instanceof Unplayed)) return job.reject(error as Error)
      enqueue([job])
      if (seat.ready && !over) replace(seat)
    }
    pump()
  }

  const pump = (): void => {
    while (queue[0]) {
      const free = seats.filter(({ ready, flying }) => ready && flying.length < depth)
      if (!free[0]) return
      const seat = free.reduce((least, other) => other.flying.length < least.flying.length ? other : least)
      void run(seat, seat.link!, queue.shift()!)
    }
  }

  return {
    greeting,
    get restarts() { return restarts },
    play: (ops, deadlineMs) => new Promise((resolve, reject) => {
      if (over) return reject(over)
      queue.push({ ops, deadlineMs, resolve, reject })
      pump()
    }),
    close: () => finish(new Complaint(`${name}: closed`)),
  }
}

/** Opens a target: two guests side by side for qemu, else one agent. Throws a Complaint where it cannot be used. */
export const openPool = async (target: RealTarget, size = target.kind === 'qemu' ? 2 : 1): Promise<Pool> =>
  poolOf(printTarget(target), await prepare(target), size,
    // A board that reboots needs minutes.
    target.kind === 'ssh' || target.kind === 'serial' ? [1000, 30_000, 90_000] : undefined)
