/** The instructions of guest programs are those that stand beside them, as the assembler for arm64 has them. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { programNamed } from '../../harness/abi/programs/index.ts'
import { root } from '../../harness/process/root.ts'
import { skipWithout } from '../harness/skip-without.ts'

const FOLDER = 'harness/abi/programs'
const AS = 'aarch64-linux-gnu-as'

const files = readdirSync(join(root, FOLDER)).filter((file) => file !== 'index.ts')

/** The words of a program, each with the instruction that the comment behind it says. */
const wordsIn = (file: string): { word: string; says: string }[] =>
  [...readFileSync(join(root, FOLDER, file), 'utf8').matchAll(/^ {4,6}0x([0-9a-f]{8}), \/\/ (.+)$/gm)].map(
    ([, word, says]) => ({ word: word!, says: says! }),
  )

/** The same words as the assembler makes them; its listing has them by bytes, the lowest first. */
const assembled = (instructions: readonly string[]): string[] => {
  const { stdout, stderr } = spawnSync(AS, ['-al', '-o', '/dev/null', '-'], {
    input: `${instructions.join('\n')}\n`,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return [...stdout.matchAll(/^ +\d+ [0-9a-f]{4} ([0-9A-F]{8})\b/gm)].map(([, hex]) =>
    hex!.match(/../g)!.reverse().join('').toLowerCase(),
  )
}

describe.each(files)('%s', (file) => {
  test('has the instructions that its comments say', (context) => {
    skipWithout(context, AS)
    const words = wordsIn(file)
    expect(words.length).toBeGreaterThan(0)
    expect(assembled(words.map(({ says }) => says))).toEqual(words.map(({ word }) => word))
  })

  test('has a comment at every instruction', () => {
    const { code, vectors = {} } = programNamed(file.replace(/\.ts$/, ''))!
    const words = [code, ...Object.values(vectors)].flat()
    expect(wordsIn(file).map(({ word }) => Number.parseInt(word, 16))).toEqual(words)
  })
})
