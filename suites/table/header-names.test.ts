/**
 * The names of the newest kernel's headers are locked in fixtures/header-names.json, and the book's coverage has each
 * of them: with what was seen, or with a reason. `UPDATE_GOLDEN=1 KERNEL_HEADERS=…` writes the lock anew.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { notCovered } from '../../fixtures/not-covered.ts'
import locked from '../../fixtures/header-names.json' with { type: 'json' }
import { reached } from '../../harness/model/release.ts'
import { root } from '../../harness/process/root.ts'
import { kinds, meetings, type HeaderNames, type Named } from '../../harness/studies/header-coverage.ts'
import { allSequences } from '../../harness/suite/declared.ts'
import { coverageOf } from '../../reports/book/coverage.ts'
import { coveragePage } from '../../reports/book/coverage-html.ts'
import { page } from '../../reports/html/page.ts'
import { coverageText } from '../../reports/book/coverage-text.ts'
import { headerNames } from './header-names.ts'
import { macros, release, whyNot } from './uapi-headers.ts'

const lock: HeaderNames = locked
const all = (names: HeaderNames) => kinds.flatMap((kind) => names[kind])

test("every name of the kernel's headers is locked", ({ skip }) => {
  const reason = whyNot()
  skip(reason !== undefined, reason)
  const header = release().join('.')
  const found = headerNames(header, macros())
  if (process.env.UPDATE_GOLDEN && reached(header, lock.release))
    writeFileSync(join(root, 'fixtures/header-names.json'), `${JSON.stringify(found, null, 2)}\n`)
  else if (header === lock.release) expect(found).toEqual(lock)
  else {
    // Older headers have names that were taken out since.
    const isNewer = reached(header, lock.release)
    const wrong = (kind: Named) => (name: string) => !lock[kind].includes(name) && (isNewer || all(lock).includes(name))
    for (const kind of kinds)
      expect(
        found[kind].filter(wrong(kind)),
        `in the headers of ${header}, not in fixtures/header-names.json as ${kind}; lock the newest headers anew`,
      ).toEqual([])
  }
})

test('every locked name was seen, or has a reason; and none has a reason that was seen', async () => {
  const hosts = hostNames.map((name) => hostNamed(name))
  const played = { sequences: await allSequences(), laws: [], lawsOn: [] }
  const coverage = coverageOf(lock, await meetings(lock, hosts, played), notCovered)
  expect(
    coverage.flatMap(({ names }) =>
      names.flatMap(({ name, isSeen, reason }) =>
        isSeen === (reason === undefined)
          ? []
          : isSeen
            ? [`${name}: is seen now; delete it from fixtures/not-covered.ts ("${reason}")`]
            : [`${name}: no sequence shows it; write one, or say why none can in fixtures/not-covered.ts`],
      ),
    ),
  ).toEqual([])
  for (const written of [
    coverageText(coverage, lock.release, hostNames),
    page(coveragePage(coverage, lock.release, hostNames)),
  ]) {
    const words = new Set(written.match(/\w+/g))
    expect(all(lock).filter((name) => !words.has(name))).toEqual([])
  }
})

test('reasons are given once, and for names of the headers', () => {
  const names = Object.values(notCovered).flat()
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  expect(names.filter((name) => !all(lock).includes(name))).toEqual([])
})
