import { pathToFileURL } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SequencesFirst } from './harness/run/order.ts'

const loader = pathToFileURL(`${import.meta.dirname}/harness/typescript.js`).href
await import(/* @vite-ignore */ loader)

export default defineConfig({
  test: {
    // Node loads the suites, as it loads the command line: Vite's own way takes twice the time to the first test.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    execArgv: ['--import', loader],
    // On Node 20 Vitest does not wait for what it notes of imports, and takes its own end for an error of a test.
    onUnhandledError: ({ message }) => !message.includes('Closing rpc while "ensureModuleGraphEntry" was pending'),
    include: ['suites/**/*.test.ts'],
    globalSetup: './harness/run/setup.ts',
    setupFiles: './harness/process/orphan.ts',
    pool: 'forks',
    // Files need not be isolated from each other: what one changes of its process it restores. It takes half the time.
    isolate: false,
    sequence: { sequencer: SequencesFirst },
    // The longest of them takes half a minute, and eight where twenty processes share two cores.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
})
