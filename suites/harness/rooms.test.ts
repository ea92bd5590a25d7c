/** Which folder may import which: downwards only, types included, and no circle of files. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../harness/process/root.ts'

/**
 * Every folder with source files, from the bottom up. A file imports from its own folder and from those above it in
 * this list.
 */
const rooms = [
  'harness/process',
  'harness/names',
  'harness/model',
  'fixtures/hosts',
  'harness/abi/programs',
  'harness/abi/args',
  'harness/abi/ram',
  'harness/abi/registers',
  'harness/abi/vgic',
  'harness/abi/eventfds',
  'harness/abi/memory',
  'harness/abi/attributes',
  'harness/abi/entry',
  'harness/abi/ioctls',
  'harness/abi',
  'harness/dialects',
  'harness/table',
  'fixtures/errata',
  'fixtures/changes',
  'fixtures',
  'harness/oracle',
  'harness/generate',
  'harness/link',
  'harness/strace',
  'harness/agent',
  'harness/guest',
  'harness/targets',
  'harness/probe',
  'reports/run',
  'reports/formats',
  'reports/html',
  'reports/reproducers',
  'harness/suite',
  'harness/run',
  'harness/studies',
  'reports/book',
  'reports/matrix',
  'reports/reach',
  'reports/diff',
  'reports/migration',
  'reports/site/browser',
  'reports/site',
  'reports/fingerprint',
  'harness/cli',
  'harness',
]

/** Files in `harness/` itself: what the command and an agent in TypeScript begin with. */
const MOST_LOOSE = 5

const isSource = (name: string) => /\.(ts|js)$/.test(name)

const files = ['harness', 'reports', 'fixtures']
  .flatMap((top) => readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((name) => join(top, name)))
  .filter((file) => isSource(file) && !/^reports\/(out|fuzz)\//.test(file))

const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']+)'/g)]
    .map(([, path]) => normalize(join(dirname(file), path!)))
    .filter(isSource)

const roomOf = (file: string): string | undefined => {
  for (let room = dirname(file); room !== '.'; room = dirname(room)) if (rooms.includes(room)) return room
  return undefined
}

const imports = new Map(files.map((file) => [file, importsOf(file)]))

test('every file is in a room', () => {
  expect(
    files.filter((file) => roomOf(file) === undefined).map((file) => `${file}: name its folder in rooms.test.ts`),
  ).toEqual([])
  expect(files.filter((file) => dirname(file) === 'harness').length).toBeLessThanOrEqual(MOST_LOOSE)
})

test('imports go downwards', () => {
  const upwards = files.flatMap((file) =>
    imports
      .get(file)!
      .filter((other) => rooms.indexOf(roomOf(other)!) > rooms.indexOf(roomOf(file)!))
      .map(
        (other) =>
          `${file} imports ${other}, and ${roomOf(other)} stands above ${roomOf(file)}: `
          + 'move what both need into the lower of the two, or the file that imports into the upper',
      ),
  )
  expect(upwards).toEqual([])
})

test('no files import each other in a circle', () => {
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0)
      circles.push(`${[...path.slice(at), file].join(' -> ')}: move what one needs of the other into a file below both`)
    if (at >= 0 || done.has(file)) return
    for (const other of imports.get(file) ?? []) visit(other, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  expect(circles).toEqual([])
})
