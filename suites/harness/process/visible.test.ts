/**
 * Text of unknown origin does nothing to the terminal or report that shows it, and is not longer than anybody reads.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { briefly, lines, oneLine, quoted, visible } from '../../../harness/process/visible.ts'

const shownAs: [what: string, text: string, shown: string][] = [
  ['a colour', '\u001b[31mred\u001b[0m', String.raw`\x1b[31mred\x1b[0m`],
  ['a control sequence of one character', '\u009b2J', String.raw`\x9b2J`],
  ['a carriage return', 'ok\rno', String.raw`ok\x0dno`],
  ['NUL', 'a\0b', String.raw`a\x00b`],
  ['an override of the direction of writing', 'a\u202eb\u2066c\u2069', String.raw`a\u202eb\u2066c\u2069`],
  ['what has no width', 'a\u200bb\ufeffc\u00add\u2060', String.raw`a\u200bb\ufeffc\xadd\u2060`],
  ['a blank that is a letter', 'a\u3164b', String.raw`a\u3164b`],
  ['tags beyond 16 bits', 'a\u{e0041}b', String.raw`a\u{e0041}b`],
  ['private use', 'a\ue000b', String.raw`a\ue000b`],
  ['a line separator', 'a\u2028b', String.raw`a\u2028b`],
  ['half a pair', 'a\ud800b', 'a\ufffdb'],
]
test.each(shownAs)('%s is shown, not obeyed', (_, text, shown) => {
  expect(visible(text)).toBe(shown)
})

test('letters, signs and emoji of all languages stay', () => {
  const text = 'Größe 例 привет العربية → … ✓ 😀'
  expect(visible(text)).toBe(text)
})

test('tabs and newlines part lines; on one line they are blanks', () => {
  expect(visible('a\n\tb')).toBe('a\n\tb')
  expect(oneLine(' a \n\n\t b\tc\n')).toBe('a b c')
  expect(lines(['a\nb', 'c'])).toEqual(['a', 'b', 'c'])
})

const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const anything = fc.string({ unit: 'binary', maxLength: 5000, size: 'max' })

test('whatever is quoted is on one visible line, short, with its length', () => {
  fc.assert(
    fc.property(anything, (text) => {
      for (const shown of [quoted(text), briefly(text), oneLine(text)]) expect(shown).not.toMatch(hidden)
      expect(quoted(text).length).toBeLessThan(120 * '\\u{10ffff}'.length + 30)
      expect(briefly(text).length).toBeLessThan(2000 * '\\u{10ffff}'.length + 60)
    }),
    { numRuns: 500 },
  )
  expect(quoted('short')).toBe('"short"')
  expect(quoted('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(120)}…" (1000000 characters)`)
})

test('megabytes of blanks and newlines take no time', () => {
  const begun = performance.now()
  for (const text of [' '.repeat(2_000_000), '\n'.repeat(2_000_000), ' \n'.repeat(1_000_000)]) {
    oneLine(text)
    briefly(text)
    quoted(text)
  }
  expect(performance.now() - begun).toBeLessThan(10_000)
})
