/**
 * The mock that a target names: a recorded host, and the rules of a kernel that has a known bug or speaks a dialect.
 */
import { errata } from '../../fixtures/errata.ts'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { dialectNamed, speaking } from '../dialects/index.ts'
import { UserError } from '../process/user-error.ts'
import { brokenRules, hostOf } from '../table/errata.ts'
import type { Host } from '../model/host.ts'
import { mock } from '../oracle/mock.ts'
import type { Kernel } from '../model/kernel.ts'
import { parseTarget, type Target } from '../model/target.ts'
import { quoted } from '../process/visible.ts'

type MockTarget = Extract<Target, { kind: 'mock' }>

const erratumOf = ({ erratum: commit }: MockTarget) => {
  const erratum = errata.find((e) => e.commit === commit)
  if (commit !== undefined && !erratum)
    throw new UserError(`no known bug has the commit ${quoted(commit)}; npm run bugs lists all`)
  return erratum
}

/**
 * The host of that name. Without one, the host that shows the bug or the dialect, or the default one. Throws a
 * UserError for a host, a bug or a dialect that nobody knows.
 */
export const mockHost = (target: MockTarget): Host => {
  if (target.dialect !== undefined) {
    const dialect = dialectNamed(target.dialect)
    return speaking(hostNamed(target.host ?? dialect.host), dialect)
  }
  const erratum = erratumOf(target)
  return target.host === undefined && erratum ? hostOf(erratum) : hostNamed(target.host)
}

/** The mock of `host`, with the bug that the text of a target names; a sound one where it names none, or no mock. */
export const mockAs = (text: string, host: Host): Kernel => {
  const target = parseTarget(text)
  const erratum = target.kind === 'mock' ? erratumOf(target) : undefined
  return mock(host, undefined, erratum && brokenRules(erratum, host.kernel.release))
}
