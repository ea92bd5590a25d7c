/** Plays the suites on the recorded hosts, and says which names of the kernel's headers they come to. */
import headers from '../../fixtures/header-names.json' with { type: 'json' }
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { notCovered } from '../../fixtures/not-covered.ts'
import { measured } from '../../harness/model/release.ts'
import { meetings } from '../../harness/studies/header-coverage.ts'
import { allLaws, allSequences } from '../../harness/suite/declared.ts'
import { coverageOf, type KindCoverage } from './coverage.ts'

/** The machines on which laws are played, of the newest release: they take longer than sequences. */
const LAW_MACHINES = ['max-gicv3', 'max-gicv2', 'max-vq4-mte-gicv3']

/** What is seen of each name, and the release of the headers. */
export const headerCoverage = async (): Promise<{ coverage: KindCoverage[]; release: string }> => {
  const suites = {
    sequences: await allSequences(),
    laws: await allLaws(),
    lawsOn: LAW_MACHINES.map((machine) => hostNamed(`${measured.at(-1)}-${machine}`)),
  }
  const hosts = hostNames.map((name) => hostNamed(name))
  return { coverage: coverageOf(headers, await meetings(headers, hosts, suites), notCovered), release: headers.release }
}
