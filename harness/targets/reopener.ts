/** Opens agents in the place of those that were lost. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentLink } from '../link/agent-link.ts'
import { UserError } from '../process/user-error.ts'
import type { Opening } from './open.ts'

export class Reopener {
  /** How many have been opened so far. */
  count = 0
  readonly #name: string
  readonly #opening: Opening
  readonly #pauses: readonly number[]

  /** `name` is the target's; `pauses` are the milliseconds before each attempt. */
  constructor(name: string, opening: Opening, pauses: readonly number[]) {
    this.#name = name
    this.#opening = opening
    this.#pauses = pauses
  }

  /**
   * Opens an agent, for lists that are played again if `isWitness`; gives none once `isOver`. Throws a UserError where
   * every attempt fails.
   */
  async open(isWitness: boolean, isOver: () => boolean): Promise<AgentLink | undefined> {
    const { open, openAgain = open } = this.#opening
    let last: Error | undefined
    for (const pause of this.#pauses) {
      await sleep(pause)
      if (isOver()) return undefined
      try {
        const link = await (isWitness ? openAgain() : open())
        this.count++
        return link
      } catch (error) {
        last = error as Error
      }
    }
    const attempts = `${this.#pauses.length} attempts to start it again failed`
    throw new UserError(`${this.#name}: lost, and ${attempts}: ${last?.message}`)
  }
}
