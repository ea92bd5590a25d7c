/** Bad input, and what is said of it. */
import { expect } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'

export const MEGABYTE = 1_000_000

/** The line with which `work` refuses; throws where it does not, or where it was not the user's fault. */
export const complaint = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    return (error as Error).message
  }
  throw new Error('it is not refused')
}
