/** What is another on B than on A. */

/**
 * regression: it was right, and is wrong. lost: it was there, or was tested, and is not. untold: on B nothing is known
 * of it, since a test is broken, did not come again, or its run was cut off. progression: it was wrong, and is right.
 * drift: both are right, and differ. gained: it was not there, or not tested.
 */
export const kinds = ['regression', 'lost', 'untold', 'progression', 'drift', 'gained'] as const
export type Kind = (typeof kinds)[number]

export interface Change {
  kind: Kind
  /** In one line: the call, the test's cause, the capability or register. */
  what: string
  /** How it is on each; absent where it is not there. */
  a?: string
  b?: string
  /** The id of the rule of the table that says so. */
  rule?: string
  /** How many lists of calls, tests or registers it is about. */
  times: number
  /** The shortest trace that shows it, up to the call that is answered otherwise. */
  trace?: string
  /** Tests that it was seen in. */
  tests?: string[]
}

/** Those alike as one, with the shortest trace and all tests. */
export const together = (changes: readonly Change[]): Change[] => {
  const all = new Map<string, Change>()
  for (const change of changes) {
    const { kind, what, a, b, rule } = change
    const key = JSON.stringify([kind, what, a, b, rule])
    const known = all.get(key)
    if (!known) {
      all.set(key, { ...change })
      continue
    }
    known.times += change.times
    if (change.trace !== undefined && change.trace.length < (known.trace?.length ?? Infinity))
      known.trace = change.trace
    if (change.tests) known.tests = [...new Set([...(known.tests ?? []), ...change.tests])]
  }
  return [...all.values()].toSorted((x, y) => kinds.indexOf(x.kind) - kinds.indexOf(y.kind) || y.times - x.times)
}
