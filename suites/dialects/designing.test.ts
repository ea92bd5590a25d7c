/** What the pages for designers show of a dialect is what stands in its file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../harness/process/root.ts'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Pieces of files that a page shows: each behind a comment that names the file. */
const shown = ['README.md', 'DESIGNING.md'].flatMap((page) =>
  [...read(page).matchAll(/<!-- (harness\/dialects\/\S+) -->\n```ts\n([^]*?)```/g)].map(([, file, piece]) => ({
    page,
    file: file!,
    piece: piece!,
  })),
)

test('pieces of a dialect are shown', () => {
  expect(new Set(shown.map(({ page }) => page))).toEqual(new Set(['README.md', 'DESIGNING.md']))
})

test.each(shown)('$page shows a piece of $file', ({ file, piece }) => {
  expect(read(file)).toContain(piece)
})
