// A hook of Node's loader. tsx reads and parses every module to see what must be changed in it; packages are as Node wants
// them, and vitest alone has enough of them to take a second.
import { readFile } from 'node:fs/promises'

export const load = async (url, context, next) =>
  context.format === 'module' && url.includes('/node_modules/')
    ? { format: 'module', source: await readFile(new URL(url)), shortCircuit: true }
    : next(url, context)
