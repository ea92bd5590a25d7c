/** The user asked for something that cannot be done: one line that says what was wrong, where, and what to do. Exit code 2. */
export class Complaint extends Error {
  override name = 'Complaint'
}

/** What `work` gives; a Complaint of it begins with `where` once. */
export const within = <T>(where: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof Complaint && !error.message.startsWith(`${where}:`))
      throw new Complaint(`${where}: ${error.message}`)
    throw error
  }
}
