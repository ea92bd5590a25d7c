import type { Law } from '../../../model/law.ts'
export const lawsOfMany: readonly Law[] = []
