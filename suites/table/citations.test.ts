/** Every rule says where it comes from, and what it cites is there. */
import { describe, expect, test } from 'vitest'
import lock from '../../fixtures/citations.lock.json' with { type: 'json' }
import { abi } from '../../harness/abi/index.ts'
import { cited, faults, type Lock } from '../../harness/studies/citations/list.ts'
import { hashOf, paragraphOf } from '../../harness/studies/citations/passage.ts'
import { rowOf } from '../../harness/table/rows.ts'
import { branchesOf, disagreements } from '../../harness/studies/disagreements.ts'
import type { Grant, Refusal } from '../../harness/model/rule.ts'
import { measured, type Dated } from '../../harness/model/release.ts'

const rules = abi.flatMap(
  (ioctl) =>
    [
      ...ioctl.refuses.map((rule) => ({ ioctl, rule })),
      ...([ioctl.grants].flat() as Grant<any>[]).map((rule) => ({ ioctl, rule })),
    ] as { ioctl: typeof ioctl; rule: Refusal<any> | Grant<any> }[],
)

describe('citations', () => {
  test('every rule has a sentence and a citation', () => {
    for (const { ioctl, rule } of rules) {
      const name = rowOf(ioctl, rule)?.id ?? ioctl.name
      expect(rule.cite.at, name).toMatch(
        /^(api\.rst \d|\S+\.rst \S|(arch|virt|fs|kernel|drivers|include)\/\S+: \w+\(\)$)/,
      )
      expect(rule.says, name).toMatch(/^\S.*[.]\s?$/)
    }
  })

  test('every passage was found in the documentation of the releases of its row', () => {
    expect(
      faults(cited(), lock as Lock),
      'look whether the words are as the documentation has them; if they are new, npm run citations -- --help',
    ).toEqual([])
  })

  test('the lock knows every recorded branch, and holds hashes only', () => {
    expect(Object.keys(lock.documents).sort()).toEqual([...measured].sort())
    for (const [at, hashes] of Object.entries(lock.passages))
      for (const hash of Object.values(hashes)) expect(hash, at).toMatch(/^[0-9a-f]{12}$/)
  })

  test('a missing passage is told', () => {
    const at = 'api.rst 4.82 no such words'
    expect(
      faults([{ at, by: 'a rule', releases: ['6.12'] }], { documents: {}, passages: { [at]: { '6.1': 'f' } } }),
    ).toEqual([`a rule: 6.12 has no "${at}"`])
    expect(faults([{ at, by: 'a law', releases: [] }], { documents: {}, passages: {} })[0]).toContain(
      'a law: no release of',
    )
  })

  test('no two rows of one release answer the same cause alike', () => {
    const twice: string[] = []
    const seen = new Map<string, object>()
    for (const { ioctl, rule } of rules) {
      if (!('errno' in rule)) continue
      for (const branch of branchesOf(rule)) {
        const key = [ioctl.name, branch, rule.why, rule.errno, rule.cite.at, rule.says, JSON.stringify(rule.of)].join(
          '; ',
        )
        if (seen.has(key) && seen.get(key) !== rule) twice.push(key)
        seen.set(key, rule)
      }
    }
    expect(twice).toEqual([])
  })

  test('the word of a rule is short', () => {
    for (const { ioctl, rule } of rules)
      if ('why' in rule) {
        expect(rule.why.length, `${ioctl.name} (${rule.why})`).toBeLessThanOrEqual(30)
        expect(rule.why).toMatch(/^[\w\d][\w\d -]*$/)
      }
  })

  test('since and until are releases that Linux had', () => {
    const known = [
      ...Array.from({ length: 21 }, (_, n) => `4.${n}`),
      ...Array.from({ length: 20 }, (_, n) => `5.${n}`),
      ...Array.from({ length: 20 }, (_, n) => `6.${n}`),
      '7.0',
      '7.1',
      '7.2',
      '7.3',
      '7.4',
    ]
    const all: Dated[] = rules.flatMap(({ ioctl, rule }) => [
      rule,
      rule.cite,
      ...(rule.text ?? []),
      ...(ioctl.since === undefined ? [] : [{ since: ioctl.since }]),
    ])
    for (const { since, until } of all)
      for (const release of [since ?? [], until ?? []].flat()) expect(known).toContain(/^\d+\.\d+/.exec(release)![0])
  })
})

describe('where text and code disagree', () => {
  test('every one was seen on a recorded kernel, and says what both say', () => {
    for (const one of disagreements()) {
      expect(one.seen, `${one.row ?? one.why}: ${one.says}`).not.toEqual([])
      expect(one.saysErrno ?? one.says).not.toBe('')
      expect(one.saysErrno).not.toBe(one.errno ?? 'ok')
      expect(one.saysCite.kind).toBe('documented')
    }
  })

  test('there are as many as were found by hand, at least', () => {
    expect(
      new Set(disagreements().map(({ saysCite, says, saysErrno }) => `${saysCite.at} ${saysErrno ?? says}`)).size,
    ).toBeGreaterThanOrEqual(31)
  })
})

describe('a passage', () => {
  const docs = (text: string) => (file: string) => (file === 'api.rst' || file === 'arm/psci.rst' ? text : undefined)
  const text = [
    '4.1 ONE',
    '-------',
    '',
    'A ``passage`` that',
    'goes on.',
    '',
    '  ======  =====',
    '  EINVAL  wrong',
    '  ENOENT  not',
    '          there',
    '  ======  =====',
    '',
    '4.10 TEN',
    '--------',
    '',
    'Another passage.',
  ].join('\n')

  test('is found across lines and markup, in its own section only', () => {
    expect(paragraphOf(docs(text), 'api.rst 4.1 passage that goes')).toBe('A passage that goes on.')
    expect(paragraphOf(docs(text), 'api.rst 4.10 Another')).toBe('Another passage.')
    expect(paragraphOf(docs(text), 'api.rst 4.1 Another')).toBeUndefined()
    expect(paragraphOf(docs(text), 'api.rst 4.2 passage')).toBeUndefined()
  })

  test('is one row of a table of errnos', () => {
    expect(paragraphOf(docs(text), 'api.rst 4.1 ENOENT')).toBe('ENOENT not there')
    expect(paragraphOf(docs(text), 'api.rst 4.1 EINVAL wrong')).toBe('EINVAL wrong')
  })

  test('is found under the name that its file had before', () => {
    expect(paragraphOf(docs(text), 'arm/fw-pseudo-registers.rst Another')).toBe('Another passage.')
  })

  test('has another hash as soon as a word changes, and the same where only lines are broken otherwise', () => {
    const of = (t: string) => hashOf(paragraphOf(docs(t), 'api.rst 4.1 A passage')!)
    expect(of(text.replace('that\ngoes', 'that goes'))).toBe(of(text))
    expect(of(text.replace('goes on', 'goes off'))).not.toBe(of(text))
  })
})
