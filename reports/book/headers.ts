/**
 * Plays the suites on the recorded hosts: which names of the kernel's headers they come to, and which rows of the
 * table.
 */
import headers from '../../fixtures/header-names.json' with { type: 'json' }
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { notCovered } from '../../fixtures/not-covered.ts'
import { measured } from '../../harness/model/release.ts'
import { meetings } from '../../harness/studies/header-coverage.ts'
import { allLaws, allSequences } from '../../harness/suite/declared.ts'
import { coverageOf, type KindCoverage } from './coverage.ts'

/** The machines on which laws are played, of the newest release: they take longer than sequences. */
const LAW_MACHINES = ['max-gicv3', 'max-gicv2', 'max-vq4-mte-gicv3']

/**
 * What is seen of each name, and the release of the headers; by each host how often which row, by its id, decides
 * there.
 */
export interface HeaderCoverage {
  coverage: KindCoverage[]
  release: string
  decided: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** Plays them. */
export const headerCoverage = async (): Promise<HeaderCoverage> => {
  const suites = {
    sequences: await allSequences(),
    laws: await allLaws(),
    lawsOn: LAW_MACHINES.map((machine) => hostNamed(`${measured.at(-1)}-${machine}`)),
  }
  const decided = new Map(hostNames.map((name) => [name, new Map<string, number>()]))
  const met = await meetings(
    headers,
    hostNames.map((name) => hostNamed(name)),
    suites,
    ({ name }, id) => {
      const rows = decided.get(name)!
      rows.set(id, (rows.get(id) ?? 0) + 1)
    },
  )
  return { coverage: coverageOf(headers, met, notCovered), release: headers.release, decided }
}
