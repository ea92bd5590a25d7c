/** Kernel releases as data: which rows of the table a kernel of a given release is judged by. */
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'

/** A kernel release as its maintainers write it: `6.12`, `6.12.107`. A branch alone stands for its first release. */
export type Release = string

/**
 * Since when something holds: a mainline release, and where it was backported the first stable point release of each
 * branch that got it: `['6.18', '6.12.56', '6.17.3']`.
 */
export type Since = Release | readonly Release[]

/** Releases in which something holds: a row, a citation, a sequence. */
export interface Dated {
  /** The first release in which it holds; absent: all before `until`. */
  since?: Since
  /** The first release in which it no longer holds. */
  until?: Since
}

const parts = (release: Release): [number, number, number] => {
  const m = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(release)
  if (!m) throw new UserError(`not a kernel release: ${quoted(release)}; write it like 6.12 or 6.12.107`)
  return [Number(m[1]), Number(m[2]), Number(m[3] ?? 0)]
}

/**
 * The release in a text such as `6.12.107+deb13-arm64`: its leading numbers. Throws a UserError where there are none.
 */
export const releaseIn = (text: string): Release => {
  const [major, minor, patch] = parts(text)
  return `${major}.${minor}.${patch}`
}

/**
 * The stable release of a running kernel, from uname -r and uname -v. Debian before trixie keeps the ABI name in -r
 * (`6.1.0-50-arm64`) and says the real release in -v (`#1 SMP Debian 6.1.176-1 (2026-10-01)`).
 */
export const releaseOf = (unameR: string, unameV: string): Release => {
  const debian = /Debian (\d+\.\d+\.\d+)/.exec(unameV)
  return debian ? debian[1]! : releaseIn(unameR)
}

/** `6.12` of 6.12.107. */
export const branchOf = (release: Release): Release => release.split('.').slice(0, 2).join('.')

/** The branches whose kernels were measured: rows of the table are dated by them. */
export const measured = ['5.10', '6.1', '6.12', '7.2'] as const

/**
 * What to know of a judgement as `release`, where it was not measured: by which rows it is judged. Undefined where its
 * branch was measured.
 */
export const howJudged = (release: Release): string | undefined => {
  const [major, minor] = parts(release)
  if (measured.some((branch) => branch === `${major}.${minor}`)) return undefined
  const older = measured.findLast((branch) => reached(release, branch))
  if (older === undefined) return `older than the table: by its oldest rows, ${measured[0]}`
  return older === measured.at(-1)
    ? `newer than the table: by its newest rows, ${older}`
    : `not measured: by the rows of ${older}`
}

/** The release for a report: `6.18.35 (not measured: by the rows of 6.12)`, alone where its branch was measured. */
export const judgedAs = (release: Release): string => {
  const how = howJudged(release)
  return how === undefined ? release : `${release} (${how})`
}

/** True where `release` has what came with `since`. */
export const reached = (release: Release, since: Since): boolean => {
  const [major, minor, patch] = parts(release)
  const [mainline, ...stable] = typeof since === 'string' ? [since] : since
  const [M, m, p] = parts(mainline!)
  if (major > M || (major === M && (minor > m || (minor === m && patch >= p)))) return true
  return stable.some((point) => {
    const [sM, sm, sp] = parts(point)
    return major === sM && minor === sm && patch >= sp
  })
}

/** The releases from `since` to `until` in words: `all`, `since 6.1`, `until 6.12`, `6.1 until 6.12`. */
export const releasesInWords = ({ since, until }: Dated): string => {
  const [from, to] = [since, until].map((release) => [release ?? []].flat().join(', '))
  return from === '' ? (to === '' ? 'all' : `until ${to}`) : to === '' ? `since ${from}` : `${from} until ${to}`
}

/** True where what is dated so holds in `release`. */
export const holdsIn = (release: Release, { since, until }: Dated): boolean =>
  (since === undefined || reached(release, since)) && (until === undefined || !reached(release, until))
