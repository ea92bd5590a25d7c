/** Whether a target is still what it was when a run was begun on it. */
import { isDeepStrictEqual } from 'node:util'
import { readAnswering } from '../../reports/run/answers.ts'
import { UserError } from '../process/user-error.ts'
import type { Host } from '../model/host.ts'

/**
 * Where two host profiles first differ, such as `kernel.release is 6.1.176, was 6.12.107`; undefined where they are
 * one.
 */
export const difference = (now: unknown, before: unknown, at: string[] = []): string | undefined => {
  if (isDeepStrictEqual(now, before)) return undefined
  if (typeof now !== 'object' || typeof before !== 'object' || !now || !before) {
    const [is, was] = [now, before]
      .map((v) => JSON.stringify(v) ?? 'nothing')
      .map((t) => (t.length > 60 ? `${t.slice(0, 59)}…` : t))
    return `${at.join('.')} is ${is}, was ${was}`
  }
  const [a, b] = [now, before] as [{ [key: string]: unknown }, { [key: string]: unknown }]
  for (const key of new Set([...Object.keys(b), ...Object.keys(a)])) {
    const found = difference(a[key], b[key], [...at, key])
    if (found !== undefined) return found
  }
  return undefined
}

/** Throws a UserError where the host is not the one whose answers are in the file of a run that goes on. */
export const refuseOtherHost = (host: Host, file: string): void => {
  const { target, host: before } = readAnswering(file)
  const found = difference(JSON.parse(JSON.stringify(host)), JSON.parse(JSON.stringify(before)))
  if (found !== undefined)
    throw new UserError(`${target} is not what it was when the run was begun, so the run cannot be finished: ${found}`)
}
