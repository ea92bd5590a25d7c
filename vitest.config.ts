import { defineConfig } from 'vitest/config'
import { SequencesFirst } from './harness/run/order.ts'

export default defineConfig({
  test: {
    include: ['suites/**/*.test.ts'],
    globalSetup: './harness/run/setup.ts',
    setupFiles: './harness/process/orphan.ts',
    pool: 'forks',
    // Files need not be isolated from each other: what one changes of its process it restores. It takes half the time.
    isolate: false,
    sequence: { sequencer: SequencesFirst },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
