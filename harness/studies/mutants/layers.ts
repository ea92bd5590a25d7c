/** The three layers of the suites, in the order in which they are asked. */
export const layers = ['sequences', 'laws', 'any order'] as const
export type MutantLayer = (typeof layers)[number]
