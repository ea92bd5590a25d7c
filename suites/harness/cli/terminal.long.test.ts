/**
 * A run on a terminal, which script(1) lends it: what is redrawn and coloured there, and what is not where nobody
 * looks.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandInShell, scratch } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

const run = 'node harness/bin.js run --only ordered_create-vm_ --reports'

/** What the run writes on a terminal, or with `into` at its end what of that is left for the terminal. */
const onTerminal = async (variables: string, reports: string, into = ''): Promise<string> => {
  const command = `unset CI NO_COLOR FORCE_COLOR; TERM=xterm ${variables} ${run} ${reports} ${into}`
  const { out } = await commandInShell(`script -qec '${command}' /dev/null < /dev/null`)
  return out
}

const ESC = '\u001b'
const LINE = new RegExp(String.raw`\r${ESC}\[K[^\r]*\d+ lists, \d+/s`)
const COLOUR = new RegExp(String.raw`${ESC}\[\d*m`)
const LAST = /\d+ passed, 0 failed, \d+ skipped\s*$/

test('a terminal is redrawn, but neither in CI nor where it cannot be', async (context) => {
  skipWithout(context, 'script')
  const folder = scratch()
  const [plain, ci, dumb] = await Promise.all([
    onTerminal('', join(folder, 'plain')),
    onTerminal('CI=true', join(folder, 'ci')),
    onTerminal('TERM=dumb', join(folder, 'dumb')),
  ])
  expect(plain).toMatch(LINE)
  expect(plain).toMatch(LAST)
  for (const quiet of [ci, dumb]) {
    expect(quiet).not.toContain(ESC)
    expect(quiet).toMatch(LAST)
  }
})

test('a log in a file is whole, and its terminal still shows how far it is', async (context) => {
  skipWithout(context, 'script')
  const folder = scratch()
  const log = join(folder, 'log')
  expect(await onTerminal('', join(folder, 'run'), `> ${log}`)).toMatch(LINE)
  expect(readFileSync(log, 'utf8')).not.toMatch(/\p{Cc}(?<!\n)/u)
})

test('colours are for a terminal, and NO_COLOR is heard', async (context) => {
  skipWithout(context, 'script')
  const folder = scratch()
  // A host that answers as another release than the one asked for.
  const failing = (name: string) => `${join(folder, name)} --release 5.10 --only ordered_create-vcpu_`
  const [coloured, plain] = await Promise.all([onTerminal('', failing('a')), onTerminal('NO_COLOR=1', failing('b'))])
  for (const text of [coloured, plain]) expect(text).toMatch(/1 violates|violates +1/)
  expect(coloured).toMatch(COLOUR)
  expect(plain).not.toMatch(COLOUR)
})
