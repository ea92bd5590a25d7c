/**
 * The order of the test files: ordered sequences first, which take little time and show at once where the table is
 * wrong.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const isOfSequences = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/suites/ordered/')

/** Within both halves vitest's own order: what failed, then what takes long. */
export class SequencesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter(isOfSequences), ...sorted.filter((file) => !isOfSequences(file))]
  }
}
