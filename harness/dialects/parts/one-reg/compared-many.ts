import type { Comparison } from '../../../model/dialect.ts'
export const comparedMany: readonly Comparison[] = []
