import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['suites/**/*.test.ts'],
    globalSetup: './harness/run/setup.ts',
    setupFiles: './harness/process/orphan.ts',
    pool: 'forks',
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
