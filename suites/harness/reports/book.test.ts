/** The ABI book: all of the table is in it, and what it shows is so. */
import { beforeAll, describe, expect, test } from 'vitest'
import kept from '../../../fixtures/book-traces.json' with { type: 'json' }
import { changes } from '../../../fixtures/changes.ts'
import { errata } from '../../../fixtures/errata.ts'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { abi } from '../../../harness/abi/index.ts'
import { rows } from '../../../harness/table/rows.ts'
import { deciding } from '../../../harness/oracle/coverage.ts'
import { disagreements } from '../../../harness/studies/disagreements.ts'
import { answersIn } from '../../../harness/oracle/mock.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { boot } from '../../../harness/table/rules.ts'
import { stillShown, type Kept } from '../../../harness/studies/examples/example.ts'
import { shippedGround, shortestOf } from '../../../harness/studies/examples/search.ts'
import { parse } from '../../../harness/table/notation.ts'
import { anchor, bookOf, type Book } from '../../../reports/book/book.ts'
import type { Paragraph } from '../../../reports/book/chapters.ts'
import { bookPage } from '../../../reports/book/html.ts'
import { bookText } from '../../../reports/book/text.ts'
import { examplesOf, keep } from '../../../reports/book/write.ts'
import { page } from '../../../reports/html/page.ts'

let book: Book, html: string, text: string, all: Paragraph[]

beforeAll(async () => {
  book = bookOf(await examplesOf(kept as Kept))
  html = page(bookPage(book))
  text = bookText(book)
  all = book.chapters.flatMap(({ sections, grants }) => [...sections.flatMap(({ refusals }) => refusals), ...grants])
})

/** The row that the last call of a trace comes to, on that host, and whether the answers are those that it gives. */
const shownBy = (trace: string, name: string) => {
  const host = hostNamed(name)
  const steps = parse(trace)
  const calls = withCreations(steps).map(({ call }) => call)
  const world = boot(host)
  const answers = answersIn(world, calls.slice(0, -1))
  const row = deciding(world, calls.at(-1)!)
  answers.push(...answersIn(world, calls.slice(-1)))
  return {
    row: row?.id,
    agrees: steps.every(({ answer }, i) => answer!.ret === answers[answers.length - steps.length + i]!.ret),
  }
}

describe('the book', () => {
  test('has every row once, with its answer, sentence and citation', () => {
    expect(all.map(({ id }) => id).toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
    const words = text.replace(/\s+/g, ' ')
    for (const { id, cite } of all) {
      expect(html.includes(` id="${anchor(id)}"`), id).toBe(true)
      expect(words.includes(cite.at), cite.at).toBe(true)
    }
  })

  test("has a chapter for each ioctl, in the table's order", () => {
    expect(book.chapters.map(({ name }) => name)).toEqual(['every call', ...abi.map(({ name }) => name)])
  })

  test('shows each row with a trace that comes to it, or says why none does', () => {
    for (const { id, trace, host, errno, unseen } of all) {
      if (trace === undefined) {
        expect(unseen, `${id}: no trace was found; npm run book -- --search looks for all`).toBeDefined()
        continue
      }
      expect(shownBy(trace, host!), id).toEqual({ row: id, agrees: true })
      expect(trace.split('\n').at(-1), id).toContain(errno === undefined ? '-> ok' : `-> -${errno}`)
    }
  })

  test('has no trace of a row that is said to be unseen', () => {
    const unseen = new Set(rows.flatMap((row) => (row.unseen === undefined ? [] : [row.id])))
    expect(all.filter(({ id, trace }) => unseen.has(id) && trace !== undefined).map(({ id }) => id)).toEqual([])
  })

  test('has traces from which no call can be left out', () => {
    for (const { id, trace, host } of all) {
      const steps = trace === undefined ? [] : parse(trace)
      for (let at = 0; at < steps.length - 1; at++) {
        const fewer = steps.toSpliced(at, 1)
        const isShown = (() => {
          try {
            const world = boot(hostNamed(host!))
            const calls = withCreations(fewer).map(({ call }) => call)
            answersIn(world, calls.slice(0, -1))
            return deciding(world, calls.at(-1)!)?.id === id
          } catch {
            return false
          }
        })()
        expect(isShown, `${id}: ${trace}`).toBe(false)
      }
    }
  })

  test('says what a refusal leaves behind, where it leaves something', () => {
    const sealed = all.find(({ id }) => id === 'KVM_CREATE_DEVICE/read-only struct')!
    expect(sealed.left.join()).toContain('vm.')
    expect(all.find(({ id }) => id === 'KVM_ARM_VCPU_FINALIZE/too late')!.left).toEqual([])
  })

  test('has every change between releases, on the page and in the text', () => {
    for (const { commit } of changes) {
      expect(html.includes(`torvalds/c/${commit}"`), commit).toBe(true)
      expect(text.includes(commit), commit).toBe(true)
    }
  })

  test('has every disagreement and every known erratum, on the page and in the text', () => {
    expect(book.disagreements.flatMap(({ rows: of }) => of)).toHaveLength(disagreements().length)
    for (const { commit } of errata) {
      expect(html.includes(`id="${anchor(commit)}"`), commit).toBe(true)
      expect(text.includes(commit), commit).toBe(true)
    }
  })
})

describe('the page', () => {
  test('has links that lead somewhere, and each name once', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)
    expect(new Set(ids).size).toBe(ids.length)
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, to]) => to!)
    expect(links.length).toBeGreaterThan(abi.length)
    expect(links.filter((to) => !ids.includes(to))).toEqual([])
  })

  test('asks for nothing from elsewhere and runs nothing', () => {
    expect(html.match(/<script|<link|<img|src=|url\(/)).toBeNull()
  })

  test('leads to commits, threads, documentation and source', () => {
    for (const link of [
      'https://git.kernel.org/torvalds/c/8b8e57e5096e',
      'https://lore.kernel.org/all/20210520122253.171545-1-maz%40kernel.org/',
      'https://lore.kernel.org/all/?q=s%3A%22KVM%3A%20Reject%20overly%20excessive%20IDs%20in%20KVM_CREATE_VCPU%22',
      'https://www.cve.org/CVERecord?id=CVE-2018-18021',
      'https://docs.kernel.org/virt/kvm/api.html',
      'https://elixir.bootlin.com/linux/v7.2/source/virt/kvm/kvm_main.c',
    ])
      expect(html.includes(`href="${link}"`), link).toBe(true)
    expect(html.match(/torvalds\/c\/[0-9a-f]{12}0x|0x<a/)).toBeNull()
  })

  test('closes what it opens', () => {
    for (const tag of [
      'table',
      'tbody',
      'tr',
      'td',
      'pre',
      'p',
      'code',
      'span',
      'a',
      'h2',
      'h3',
      'nav',
      'ol',
      'li',
      'div',
    ])
      expect([...html.matchAll(new RegExp(`<${tag}[ >]`, 'g'))].length, tag).toBe(
        [...html.matchAll(new RegExp(`</${tag}>`, 'g'))].length,
      )
  })

  test('shows markup in a sentence as it is written', () => {
    const paragraph: Paragraph = {
      ...all[0]!,
      id: 'x <y>',
      why: 'a <u>',
      says: 'No <script>, no "&amp;".',
      trace: 'KVM_RUN -> ok',
      host: '<host>',
    }
    const shown = page(
      bookPage({
        ...book,
        chapters: [
          {
            name: 'KVM_<X>',
            on: '<vm>',
            calls: ['<call>'],
            grants: [],
            sections: [{ device: '<d>', refusals: [paragraph] }],
          },
        ],
      }),
    )
    expect(shown.includes('No &lt;script&gt;, no &quot;&amp;amp;&quot;.')).toBe(true)
    expect(shown.match(/<(script|u|y|X|host|vm|call|d)>/)).toBeNull()
  })
})

describe('traces', () => {
  test('that are kept show their rows', () => {
    const stale = Object.keys(kept).filter((id) => !stillShown({ [id]: (kept as Kept)[id]! }).has(id))
    expect(stale, 'npm run book -- --search looks for them anew').toEqual([])
  })

  test('that were kept and are wrong are not shown', () => {
    const id = 'KVM_RUN/too early'
    expect(stillShown({ [id]: { host: hostNamed().name, trace: ['KVM_RUN(immediate_exit)'] } }).size).toBe(0)
    expect(stillShown({ [id]: { host: 'no-such-host', trace: ['KVM_RUN(immediate_exit)'] } }).size).toBe(0)
    expect(stillShown({ [id]: { host: hostNamed().name, trace: ['KVM_NO_SUCH'] } }).size).toBe(0)
    expect(
      stillShown({ [id]: (kept as Kept)[id]! })
        .get(id)!
        .steps.at(-1)!.answer!.ret,
    ).toBe(-1)
  })

  test('are found where none was kept, and kept alike', () => {
    const wanted = rows.filter(({ id }) => id === 'KVM_ARM_VCPU_FINALIZE/too late')
    const ground = { ...shippedGround([]), drawn: 1500 }
    const found = shortestOf(wanted, ground)
    expect(keep(found)).toEqual(keep(shortestOf(wanted, ground)))
    expect(keep(stillShown(keep(found)))).toEqual(keep(found))
    expect(keep(found)[wanted[0]!.id]!.trace.at(-1)).toMatch(/^KVM_ARM_VCPU_FINALIZE\(KVM_ARM_VCPU_SVE\) +-> -EPERM$/)
  })
})
