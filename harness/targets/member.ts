/** A member of a pool: one agent, and after it is lost another in its place. */
import type { AgentLink } from '../link/agent-link.ts'
import type { Job, OpsList } from './job.ts'

/**
 * up: it takes lists; draining: it takes none, and is replaced when those under way are answered; away: it is being
 * replaced.
 */
export type MemberState = 'up' | 'draining' | 'away'

/** Enough lists under way to hide the way there and back, few enough to be dealt evenly. */
const MOST_UNDER_WAY = 16
/** So many of the lists that it played last are told of when it dies. */
const REMEMBERED = 8

export class Member {
  /** Absent while it is being replaced. */
  link: AgentLink | undefined
  state: MemberState = 'up'
  /** It plays lists again, and no others. */
  isWitness = false
  /** What is under way is no list of anybody's: it is asked whether it is still there. */
  isListenedTo = false
  /** Nothing was played since its agent was opened that could matter to a list played again. */
  isFresh = true
  /** How often in a row its agent was lost without a word of the kernel's, or before it answered anything. */
  losses = 0
  /** Given to the agent and not answered, in order. */
  readonly underWay: Job[] = []
  #played: OpsList[] = []

  /** Has the agent from now on. */
  take(link: AgentLink): void {
    this.link = link
    this.isFresh = true
    this.#played = []
  }

  /** Whether it can take a list that is played for the first time. */
  get isFree(): boolean {
    return this.state === 'up' && !this.isWitness && this.underWay.length < MOST_UNDER_WAY
  }

  /** The job is not under way any more; gives whether it was. */
  drop(job: Job): boolean {
    const index = this.underWay.indexOf(job)
    if (index >= 0) this.underWay.splice(index, 1)
    return index >= 0
  }

  /** Its agent has played the list. */
  remember({ ops, deadlineMs, trace }: OpsList): void {
    this.#played.push({ ops, deadlineMs, ...(trace !== undefined && { trace }) })
    if (this.#played.length > REMEMBERED) this.#played.shift()
  }

  /** The lists that its agent has played last, oldest first. */
  get playedLast(): OpsList[] {
    return [...this.#played]
  }
}

/** The free member that has the fewest lists under way; undefined where none is free. */
export const leastBusy = (members: readonly Member[]): Member | undefined =>
  members.filter(({ isFree }) => isFree).toSorted((a, b) => a.underWay.length - b.underWay.length)[0]
