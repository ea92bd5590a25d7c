/** The user asked for something that cannot be done: one line that says what was wrong, where, and what to do. Exit code 2. */
export class Complaint extends Error {
  override name = 'Complaint'
}
