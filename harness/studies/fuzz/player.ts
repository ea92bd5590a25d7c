/** The player alone under libFuzzer. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { spawnChild } from '../../process/child.ts'
import { writeSeeds } from './seeds.ts'

/** What a fuzzer did, in one line; where a promise was broken, `saved` plays it again. */
export interface Fuzzed {
  said: string
  saved?: string
}

/** How the names of its files begin. */
export const PLAYER = 'player-'

const run = async (folder: string, args: string[]): Promise<{ how: string; said: string[] }> => {
  const child = spawnChild(
    [join(folder, 'player'), '-detect_leaks=0', '-timeout=20', '-rss_limit_mb=2048', ...args],
    ['ignore', 'ignore', 'pipe'],
  )
  const said: string[] = []
  child.process.stderr!.on('data', (text: string) => {
    said.push(text)
  })
  return { how: await child.ended, said: said.join('').split('\n') }
}

/** The line of libFuzzer's output that says what happened. */
const finding = (said: readonly string[], how: string): string =>
  (
    said.find((line) => /PROMISE BROKEN|runtime error:/.test(line))
    ?? said.find((line) => /ERROR: (AddressSanitizer|libFuzzer)/.test(line))?.replace(/^=+\d+=+\s*/, '')
    ?? how
  ).replace(/[^ -~]/g, '?')

/** Fuzzes for a time; what is found is saved into `results`. `folder` holds what buildFuzzers made. */
export const fuzzPlayer = async (folder: string, results: string, seconds: number): Promise<Fuzzed> => {
  const corpus = join(folder, 'corpus'),
    words = join(folder, 'words')
  writeSeeds(corpus, words)
  const known = new Set(readdirSync(results))
  const { how, said } = await run(folder, [
    `-max_total_time=${seconds}`,
    '-max_len=4096',
    `-dict=${words}`,
    `-artifact_prefix=${join(results, PLAYER)}`,
    corpus,
  ])
  const done = said.map((line) => /^#(\d+)\s+DONE/.exec(line)?.[1]).find(Boolean)
  if (how === 'exit status 0' && done !== undefined) return { said: `${Number(done).toLocaleString('en')} inputs` }
  const saved = readdirSync(results).find((name) => name.startsWith(PLAYER) && !known.has(name))
  return { said: finding(said, how), saved: saved === undefined ? folder : join(results, saved) }
}

/** Plays a saved input again. */
export const replayPlayer = async (folder: string, path: string): Promise<Fuzzed> => {
  const { how, said } = await run(folder, [path])
  return how === 'exit status 0' ? { said: '1 input' } : { said: finding(said, how), saved: path }
}
