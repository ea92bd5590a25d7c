/** Golden files: what a report looked like when somebody last read it. `UPDATE_GOLDEN=1 npm test` writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

/** Expects `text` to be that of fixtures/golden/NAME. */
export const expectGolden = (name: string, text: string): void => {
  const file = new URL(`../../fixtures/golden/${name}`, import.meta.url)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text)
  expect(text, `${name}; if it is right now, UPDATE_GOLDEN=1`).toBe(readFileSync(file, 'utf8'))
}
