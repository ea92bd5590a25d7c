/** The book of a dialect: each rule that did not ship so is in it, with a trace that comes to it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import kept from '../../../fixtures/book-traces.json' with { type: 'json' }
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { abi, namedIn } from '../../../harness/abi/index.ts'
import { dialects, ioctlsIn, speaking } from '../../../harness/dialects/index.ts'
import { answersIn } from '../../../harness/oracle/mock.ts'
import { deciding } from '../../../harness/oracle/coverage.ts'
import { callsOf, type Kept } from '../../../harness/studies/examples/example.ts'
import { boot } from '../../../harness/table/rules.ts'
import { rowsOf } from '../../../harness/table/rows.ts'
import { proposedBookOf, type Book } from '../../../reports/book/book.ts'
import type { Paragraph } from '../../../reports/book/chapters.ts'
import { bookPage } from '../../../reports/book/html.ts'
import { page } from '../../../reports/html/page.ts'
import { bookText } from '../../../reports/book/text.ts'
import { proposedExamples } from '../../../reports/book/write.ts'
import { command, scratch } from '../command.ts'

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s', (name, dialect) => {
  let book: Book, all: Paragraph[]
  beforeAll(() => {
    book = proposedBookOf(dialect, proposedExamples(dialect, kept as Kept))
    all = book.chapters.flatMap(({ sections, grants }) => [...sections.flatMap(({ refusals }) => refusals), ...grants])
  })

  test('has a chapter for each ioctl that is not as it shipped, and in it the rules that are not', () => {
    const own = ioctlsIn(dialect).filter((ioctl) => !abi.includes(ioctl))
    expect(book.chapters.map((chapter) => chapter.name)).toEqual(own.map((ioctl) => ioctl.name))
    const shipped = new Set(abi.flatMap(({ refuses, grants }) => [...refuses, ...[grants].flat()]))
    // What no descriptor is made for is never granted.
    const rules = own.flatMap(({ on, refuses, grants }) => [...refuses, ...(on.length > 0 ? [grants].flat() : [])])
    expect(all.length).toBeGreaterThanOrEqual(rules.filter((rule) => !shipped.has(rule)).length)
    const ids = new Set(rowsOf(ioctlsIn(dialect)).map(({ id }) => id))
    expect(all.filter(({ id }) => !ids.has(id))).toEqual([])
    for (const gone of book.proposal!.gone) {
      expect(namedIn(abi, gone), gone).toBeDefined()
      expect(namedIn(ioctlsIn(dialect), gone), gone).toBeUndefined()
    }
  })

  test('shows each of them with a trace that comes to it', () => {
    for (const { id, trace, host: on, errno } of all) {
      expect(trace, id).toBeDefined()
      const host = speaking(hostNamed(on!), dialect)
      const calls = callsOf(trace!, ioctlsIn(dialect))
      const world = boot(host)
      answersIn(world, calls.slice(0, -1))
      expect(deciding(world, calls.at(-1)!)?.id).toBe(id)
      expect(trace!.split('\n').at(-1), id).toContain(errno === undefined ? '-> ok' : `-> -${errno}`)
    }
  })

  test('is a page and a text', () => {
    const html = page(bookPage(book))
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)
    expect(new Set(ids).size).toBe(ids.length)
    expect([...html.matchAll(/href="#([^"]+)"/g)].filter(([, to]) => !ids.includes(to!))).toEqual([])
    for (const tag of ['table', 'tr', 'td', 'pre', 'p', 'code', 'a', 'h2'])
      expect(html.split(new RegExp(`<${tag}[ >]`)).length, tag).toBe(html.split(`</${tag}>`).length)
    expect(html).not.toContain('undefined')
    const text = bookText(book)
    expect(text).toContain(`A draft of the KVM/arm64 ABI: ${name}\n`)
    for (const { says } of all) expect(text.replace(/\s+/g, ' ')).toContain(says.replace(/\s+/g, ' '))
    expect(text).not.toContain('undefined')
  })
})

test('the command writes the book of a dialect, and says where nobody knows the dialect', async () => {
  const folder = scratch()
  const { name } = dialects[0]!
  const { code, out } = await command('book', '--dialect', name, '--reports', folder)
  expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ rules with a trace, of \d+ ioctls?\n/)])
  for (const ending of ['html', 'txt']) expect(readFileSync(join(folder, `${name}.${ending}`), 'utf8')).toContain(name)
  const wrong = await command('book', '--dialect', 'finalise-2019', '--reports', folder)
  expect(wrong.code).toBe(2)
  expect(wrong.err).toMatch(/^error: no dialect is called "finalise-2019"; did you mean finalize-2019\?[^\n]*\n$/)
})
