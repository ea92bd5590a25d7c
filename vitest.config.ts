import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['suites/**/*.test.ts'],
    globalSetup: './harness/setup.ts',
    setupFiles: './harness/orphan.ts',
    pool: 'forks',
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
