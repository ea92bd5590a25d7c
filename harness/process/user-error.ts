/**
 * The user asked for something that cannot be done: one line that says what was wrong, where, and what to do. Exit code
 * 2.
 */
export class UserError extends Error {
  override name = 'UserError'
}

/** What `work` gives; a UserError of it begins with `where` once. */
export const within = <T>(where: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof UserError && !error.message.startsWith(`${where}:`))
      throw new UserError(`${where}: ${error.message}`)
    throw error
  }
}
