/** What a file gives to others, some other file takes: an export that nobody imports is dead, or need not be seen. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../harness/process/root.ts'

const files = ['harness', 'reports', 'fixtures', 'suites']
  .flatMap((top) => readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((name) => join(top, name)))
  .concat('vitest.config.ts')
  .filter((file) => /\.(ts|js)$/.test(file) && !/^reports\/(out|fuzz)\//.test(file))

const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))

/** Values alone: a type that nobody names may be that of a value which somebody takes. */
const exportsOf = (text: string): string[] =>
  [...text.matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)].map(([, name]) => name!)

/** Those whose path is written in a file: it imports them, or hands them to another process that does. */
const namedIn = (file: string, text: string): string[] =>
  [...text.matchAll(/'((?:\.|harness\/|reports\/|suites\/)[^'\n]*\.(?:ts|js))'/g)].map(([, path]) =>
    path!.startsWith('.') ? normalize(join(dirname(file), path!)) : path!,
  )

const importersOf = new Map<string, string[]>()
for (const [file, text] of texts)
  for (const other of namedIn(file, text)) importersOf.set(other, [...(importersOf.get(other) ?? []), file])

/** Those that import the file, be it through another that hands on all that it has. */
const takersOf = (file: string): string[] =>
  (importersOf.get(file) ?? []).flatMap((other) =>
    new RegExp(String.raw`^export \* from '\./${basename(file)}'`, 'm').test(texts.get(other)!)
      ? takersOf(other)
      : [other],
  )

/**
 * What Node asks a loader for; and numbers of the kernel's headers, which are there whether or not a rule has come to
 * them.
 */
const isForOthers = (one: string): boolean => one === 'harness/loader.js: load' || one.startsWith('harness/names/')

test('every exported value is imported somewhere', () => {
  const dead = [...texts].flatMap(([file, text]) =>
    exportsOf(text)
      .filter((name) => {
        const word = new RegExp(String.raw`\b${name}\b`)
        return !takersOf(file).some((other) => word.test(texts.get(other)!))
      })
      .map((name) => `${file}: ${name}`),
  )
  expect(dead.filter((one) => !isForOthers(one))).toEqual([])
})
