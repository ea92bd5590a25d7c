import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['suites/**/*.test.ts'],
    globalSetup: './harness/setup.ts',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
