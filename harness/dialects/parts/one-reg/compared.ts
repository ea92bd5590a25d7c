import type { Comparison } from '../../../model/dialect.ts'
export const compared: readonly Comparison[] = []
