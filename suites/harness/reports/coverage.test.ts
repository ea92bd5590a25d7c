/** The page and the text of what was seen of the kernel's headers. */
import { describe, expect, test } from 'vitest'
import type { HeaderNames, Met } from '../../../harness/studies/header-coverage.ts'
import { coveragePage } from '../../../reports/book/coverage-html.ts'
import { page } from '../../../reports/html/page.ts'
import { coverageText } from '../../../reports/book/coverage-text.ts'
import { coverageOf, figures } from '../../../reports/book/coverage.ts'

const headers: HeaderNames = {
  release: '7.2',
  ioctl: ['KVM_A', 'KVM_B', 'KVM_C'],
  capability: ['KVM_CAP_A', 'KVM_CAP_B'],
  device: [],
  group: ['KVM_GRP'],
  attribute: [],
  'exit reason': [],
}
const met = (parts: Partial<Record<keyof Met, string[]>>): Met =>
  Object.fromEntries(
    (['rules', 'sequences', 'laws', 'granted', 'refused'] as const).map((what) => [what, new Set(parts[what])]),
  ) as unknown as Met
const hosts = ['6.12-max', '6.12-old', '5.10-max']
const all = coverageOf(
  headers,
  new Map([
    ['KVM_A', met({ rules: ['KVM_A/ok', 'every call/EBADF'], sequences: ['s'], laws: ['a <law>'], granted: hosts })],
    ['KVM_B', met({ rules: ['KVM_B/never'], refused: ['6.12-old', '5.10-max'] })],
    ['KVM_CAP_A', met({ granted: ['6.12-old'], refused: ['6.12-old', '5.10-max'] })],
    ['KVM_CAP_B', met({ laws: ['a <law>'] })],
    ['KVM_GRP', met({ refused: hosts })],
  ]),
  { 'of x86': ['KVM_C', 'KVM_CAP_B'], 'not yet': ['KVM_GRP'] },
)

describe('what counts as seen', () => {
  test('an ioctl that is only refused does, a group that is only refused does not', () => {
    expect(figures(all).slice(0, 4)).toEqual([
      '2 of 3 ioctls',
      '1 of 2 capabilities',
      '0 of 0 devices',
      '0 of 1 groups',
    ])
  })
})

test('the text', () => {
  expect(coverageText(all, '7.2', hosts).split('\n').slice(4)).toMatchInlineSnapshot(`
    [
      "exit reasons. By sequences and laws, on the recorded hosts.",
      "",
      "ioctls",
      "======",
      "",
      "KVM_A",
      "    rules: ok; every call/EBADF",
      "    sequences: 1",
      "    laws: a <law>",
      "    granted by: 5.10, 6.12",
      "",
      "KVM_B",
      "    rules: never",
      "    refused by: 5.10, 6.12 (old)",
      "",
      "Not seen, of x86:",
      "    KVM_C",
      "",
      "capabilities",
      "============",
      "",
      "KVM_CAP_A",
      "    offered by: 6.12 (old)",
      "",
      "Not seen, of x86:",
      "    KVM_CAP_B",
      "",
      "devices",
      "=======",
      "",
      "groups",
      "======",
      "",
      "Not seen, not yet:",
      "    KVM_GRP",
      "",
      "attributes",
      "==========",
      "",
      "exit reasons",
      "============",
      "",
    ]
  `)
})

test('the page escapes what laws say, and closes what it opens', () => {
  const html = page(coveragePage(all, '7.2', hosts))
  expect(html).toContain('a &lt;law&gt;')
  for (const tag of ['table', 'tbody', 'tr', 'td', 'th', 'p', 'h2', 'h3', 'code', 'b', 'nav', 'a'])
    expect([...html.matchAll(new RegExp(`<${tag}[ >]`, 'g'))].length, tag).toBe(
      [...html.matchAll(new RegExp(`</${tag}>`, 'g'))].length,
    )
})
