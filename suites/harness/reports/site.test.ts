/** The site: every link leads somewhere, nothing comes from elsewhere, and a failing mark leads to its trace. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { visible } from '../../../harness/process/visible.ts'
import { rows } from '../../../harness/table/rows.ts'
import { anchor } from '../../../reports/book/book.ts'
import { withoutAnalytics } from '../../../reports/site/allure.ts'
import { apart, pageOf, runFoldersIn, slugOf, type Column } from '../../../reports/site/column.ts'
import { marks } from '../../../reports/site/mark.ts'
import { command, scratch } from '../command.ts'
import { sampleColumns, sampleSite } from './sample-site.ts'

let within: string, columns: Column[], files: ReadonlyMap<string, string>, pages: [string, string][]

beforeAll(async () => {
  within = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-test-'))
  columns = await sampleColumns(within)
  files = await sampleSite(columns)
  pages = [...files].filter(([path]) => path.endsWith('.html'))
})
afterAll(() => rmSync(within, { recursive: true, force: true }))

const idsIn = (html: string): string[] => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)

/** The file and the id that a link on a page leads to. */
const placeOf = (href: string, from: string): [string, string | undefined] => {
  const [path = '', id] = href.replaceAll('&amp;', '&').split('#')
  return [path === '' ? from : posix.join(posix.dirname(from), path), id]
}

/** The lines of the matrix by the links of their rules; each has the classes of its cells. */
const lines = (): Map<string, string[]> =>
  new Map(
    [...files.get('matrix.html')!.matchAll(/<tr data-is[^>]*><th scope="row"><a href="book\.html#([^"]+)".*/g)].map(
      ([line, id]) => [id!, [...line.matchAll(/<td class="([^" ]+)/g)].map(([, kind]) => kind!)],
    ),
  )

describe('the pages', () => {
  test('have links that lead somewhere, and each id once', () => {
    for (const [path, html] of pages) {
      const ids = idsIn(html)
      expect(new Set(ids).size, path).toBe(ids.length)
      for (const [, href] of html.matchAll(/ (?:href|src)="([^"]+)"/g)) {
        if (href!.startsWith('https:')) continue
        const [file, id] = placeOf(href!, path)
        if (file.endsWith('.trace')) {
          const column = columns.find((one) => file.startsWith(`runs/${slugOf(one)}/`))!
          const name = file.slice(`runs/${slugOf(column)}/`.length)
          expect(existsSync(join(column.run!.folder, name)), `${path}: ${href}`).toBe(true)
          continue
        }
        expect(files.has(file), `${path}: ${href}`).toBe(true)
        const isFilter = file === 'matrix.html' && id?.includes('=')
        if (id !== undefined && !isFilter) expect(idsIn(files.get(file)!), `${path}: ${href}`).toContain(id)
      }
    }
  })

  test('ask for nothing from elsewhere', () => {
    for (const [path, html] of pages) {
      expect(html.match(/<(?:link|img|iframe|object|embed)\b|url\(|@import|<script[^>]*https?:/), path).toBeNull()
      expect(html.match(/<(?!a )[^>]*https?:/), path).toBeNull()
    }
  })

  test('close what they open, and show what is odd as it is', () => {
    for (const [path, html] of pages) {
      for (const tag of ['table', 'tbody', 'tr', 'th', 'td', 'p', 'span', 'a', 'section', 'details', 'ol', 'li', 'dl'])
        expect(html.split(new RegExp(`<${tag}[ >]`)).length, `${path} ${tag}`).toBe(html.split(`</${tag}>`).length)
      expect(html.match(/<once>|<bye|<kvm>|<no>|<run>|undefined|\[object/), path).toBeNull()
      expect(visible(html) === html, path).toBe(true)
    }
    expect(files.get('index.html')).toContain('a/folder: is &lt;no&gt; run')
  })

  test('say of every failure what failed, with its trace', () => {
    for (const column of columns)
      for (const { id, trace } of column.run?.failures ?? []) {
        const [, own = ''] = files.get(pageOf(column))!.split(`<section id="${id}">`)
        const section = own.split('</section>')[0]!.replace(/<[^>]+>/g, '')
        for (const line of trace?.split('\n') ?? []) expect(section).toContain(line.replace('->', '-&gt;'))
      }
  })

  test('say in the book where a rule was seen, and where it failed', () => {
    const [, rule = ''] = files.get('book.html')!.split('id="KVM_CREATE_VCPU-id-too-big"')
    expect(rule.split('</li>')[0]).toMatch(/violates<\/b> on <a href="runs\/defect.html#failure-1">/)
    expect(rule.split('</li>')[0]).toMatch(/the table comes to it on hosts: 2 of 3/)
  })
})

describe('the matrix', () => {
  test('has a line for each rule, a cell for each column, and marks that differ in their shape', () => {
    expect([...lines().keys()]).toEqual(rows.map(({ id }) => anchor(id)))
    for (const cells of lines().values()) expect(cells).toHaveLength(columns.length)
    expect(new Set(Object.values(marks).map(({ sign }) => sign)).size).toBe(Object.keys(marks).length)
  })

  test('leads from a failing cell to the failure of its run', () => {
    const at = columns.findIndex(({ name }) => name === 'defect')
    expect(lines().get('KVM_CREATE_VCPU-id-too-big')![at]).toBe('violates')
    const failing = files.get('matrix.html')!.match(/<td class="violates[^>]*><a href="runs\/defect[^"]*"/g)!
    expect(failing.map((cell) => /href="([^"]+)"/.exec(cell)![1])).toEqual(['runs/defect.html#failure-1'])
    const { failures } = columns[at]!.run!
    expect(failures[0]).toMatchObject({ id: 'failure-1', row: 'KVM_CREATE_VCPU/id too big', verdict: 'violates' })
  })

  test('tells what is no rule of a release from what was not seen', () => {
    const at = columns.findIndex(({ name }) => name === '5.10-max-gicv3')
    const cells = lines().get(anchor('KVM_ARM_VCPU_FINALIZE/too late'))!
    expect(cells[at]).toBe('table')
    const later = rows.find(({ since }) => since === '7.2')!
    expect(lines().get(anchor(later.id))![at]).toBe('none')
  })
})

test('the search finds what leads somewhere', () => {
  const text = files.get('search-index.js')!
  const index = JSON.parse(text.slice(text.indexOf('[')).trim()) as [string, string, string][]
  for (const { id } of rows) expect(index.some(([title]) => title === id)).toBe(true)
  for (const [, , href] of index) {
    const [file, id] = href.split('#')
    expect(files.has(file!), href).toBe(true)
    if (id !== undefined) expect(files.get(file!)!.includes(` id="${id}"`), href).toBe(true)
  }
})

test('an Allure report loses what counts its readers, and shares its program', () => {
  const program = Buffer.from('run()').toString('base64')
  const { html, programs } = withoutAnalytics(
    `<script>keep()</script><script src="data:text/javascript;base64,${program}"></script>`
      + '<script async src="https://www.googletagmanager.com/gtag/js?id=G"></script><script>gtag("js")</script><p>',
  )
  expect([...programs.values()].map(String)).toEqual(['run()'])
  expect(html).toBe(`<script>keep()</script><script src="${[...programs.keys()][0]}"></script><p>`)
})

test('folders of runs are found, and what is none is refused', async () => {
  expect(runFoldersIn(within)).toEqual([join(within, 'defect'), join(within, 'odd <run> & "more"')])
  expect(apart([...columns, ...columns]).map(pageOf)).toHaveLength(
    new Set(apart([...columns, ...columns]).map(pageOf)).size,
  )
  expect(runFoldersIn(join(within, 'defect'))).toEqual([join(within, 'defect')])
  const empty = scratch()
  expect(await command('report', empty)).toMatchObject({
    code: 2,
    err: `error: ${empty}: no run left its results.json there\n`,
  })
  const refused = await command('report', within, '--reports', within)
  expect(refused).toMatchObject({
    code: 2,
    err: `error: ${within}: holds something else than such a site; name a folder of its own\n`,
  })
})
