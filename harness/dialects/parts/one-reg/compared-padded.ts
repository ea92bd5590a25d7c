import type { Comparison } from '../../../model/dialect.ts'
export const comparedPadded: readonly Comparison[] = []
