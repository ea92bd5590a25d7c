/** What is kept of compiled files: never of another text, of another compiler, or by halves. */
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratch } from '../command.ts'

interface Place {
  find(): string | undefined
  keep(source: string): void
}

const { placeFor } = (await import(new URL('../../../harness/compiled.js', import.meta.url).href)) as {
  placeFor(folder: string, compiler: string, name: string, text: string): Place
}

/** Compiles into a folder; each time another thing comes out. */
const inFolder = (folder: string) => {
  let times = 0
  return (compiler = 'a', text = 'let a: number', name = 'a.ts'): string => {
    const place = placeFor(folder, compiler, name, text)
    const kept = place.find()
    if (kept !== undefined) return kept
    const made = `made ${++times} of
${text}`
    place.keep(made)
    return made
  }
}

test('a text is compiled once, by each compiler and for each file', () => {
  const compile = inFolder(scratch())
  expect(compile()).toBe('made 1 of\nlet a: number')
  expect(compile()).toBe('made 1 of\nlet a: number')
  expect(compile('b')).toMatch(/^made 2/)
  expect(compile('b', 'let b')).toBe('made 3 of\nlet b')
  expect(compile('b', 'let b', 'b.ts')).toMatch(/^made 4/)
  expect(compile('b', 'let b')).toMatch(/^made 3/)
})

test('a file that was changed does not grow the folder, and leaves no drafts', () => {
  const folder = scratch()
  const compile = inFolder(folder)
  for (const text of ['a', 'b', 'c']) compile('a', text)
  expect(readdirSync(folder)).toHaveLength(1)
})

test('what was cut off or changed is compiled again', () => {
  const folder = scratch()
  const compile = inFolder(folder)
  compile()
  const kept = join(folder, readdirSync(folder)[0]!)
  truncateSync(kept, readFileSync(kept).length - 3)
  expect(compile()).toMatch(/^made 2/)
  writeFileSync(kept, 'oops')
  expect(compile()).toMatch(/^made 3/)
  writeFileSync(kept, readFileSync(kept, 'utf8').replace('number', 'string'))
  expect(compile()).toMatch(/^made 4/)
  expect(compile()).toMatch(/^made 4/)
})

test('where nothing can be kept it is compiled each time', () => {
  const folder = join(scratch(), 'file')
  writeFileSync(folder, '')
  const compile = inFolder(join(folder, 'below'))
  expect(compile()).toMatch(/^made 1/)
  expect(compile()).toMatch(/^made 2/)
})
