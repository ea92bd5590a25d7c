/** Completion as shells do it: each sources the script and is asked, by its own means or through its keyboard. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { program } from '../../../harness/cli/cli.ts'
import { shells } from '../../../harness/cli/completion.ts'
import { treeOf } from '../../../harness/cli/completion/tree.ts'
import { command, commandInShell, scratch } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

const NAME = 'kvm-arm64-abi'
const whole = await program(undefined)
const tree = treeOf(whole)

/** A file with the script of that shell. */
const scriptOf = (shell: keyof typeof shells): string => {
  const path = join(scratch(), `completion.${shell}`)
  writeFileSync(path, shells[shell](tree))
  return path
}

const runs = (shell: string, text: string, run = shell): ReturnType<typeof commandInShell> => {
  const path = join(scratch(), 'input')
  writeFileSync(path, text)
  return commandInShell(`${run} ${path}`)
}

/** What the line is completed to, each with its beginning; what the shell is asked is that line. */
type Case = readonly [line: string, all: readonly string[]]

const cases: readonly Case[] = [
  ['rep', ['replay', 'report', 'reproduce']],
  ['run --re', ['--release', '--reports', '--resume']],
  ['run --target nat', ['native']],
  ['run -t qemu:7', ['qemu:7.2']],
  ['run --target mock:7.2-cortex', ['mock:7.2-cortex-a53-gicv2', 'mock:7.2-cortex-a57-gicv3']],
  ['judge --release 6.1', ['6.1', '6.12']],
  ['book --dialect seal', ['seal-then-finalize']],
  ['completion ', ['bash', 'fish', 'zsh']],
  ['bench co', ['coverage']],
  ['explain --release nothing', []],
]

describe('bash', () => {
  beforeEach((context) => skipWithout(context, 'bash'))

  /** Of each line what bash offers, which is what follows the last : of the word. */
  const offered = async (lines: readonly string[]): Promise<string[][]> => {
    const ask = lines.map(
      (line) => `COMP_LINE='${NAME} ${line}' COMP_POINT=${NAME.length + 1 + line.length} COMPREPLY=()
_kvm_arm64_abi; echo "\${COMPREPLY[*]}"`,
    )
    const { out, err } = await runs('bash', `source ${scriptOf('bash')}\n${ask.join('\n')}\n`, 'bash --norc -u')
    expect(err).toBe('')
    return out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').filter(Boolean).toSorted())
  }

  test('commands, options, values', async () => {
    const all = await offered([...cases.map(([line]) => line), ''])
    expect(all.slice(0, -1)).toEqual(
      cases.map(([line, words]) => words.map((word) => (/:/.test(line) ? word.replace(/.*:/, '') : word)).toSorted()),
    )
  })

  test('every option of every command', async () => {
    const names = whole.commands.map((one) => one.name())
    expect(names.length).toBeGreaterThan(25)
    const all = await offered([...names.map((name) => `${name} -`), ''])
    for (const [i, one] of whole.commands.entries()) {
      const flags = [...one.helpInformation().matchAll(/^ {2}(-\w, )?(--[\w-]+)/gm)].map(([, , long]) => long!)
      expect(all[i]!.filter((flag) => flag.startsWith('--'))).toEqual(flags.toSorted())
    }
    expect(all.at(-1)!.filter((word) => !word.startsWith('-'))).toEqual(names.toSorted())
  })

  test('files, and --target= with its value', async () => {
    expect(await offered(['replay fixt', 'run --target=mock:7.2-a'])).toEqual([
      ['fixtures'],
      ['7.2-a64fx-protected-gicv3'],
    ])
  })
})

describe('fish', () => {
  beforeEach((context) => skipWithout(context, 'fish'))

  test('commands, options, values and files', async () => {
    const ask = [...cases, ['replay fixt', ['fixtures/']] as Case]
    const lines = ask.map(
      ([line]) => `complete -C '${NAME} ${line}' | string split -f 1 \\t | sort | string join ' '; echo .`,
    )
    const { out, err } = await runs('fish', `source ${scriptOf('fish')}\n${lines.join('\n')}\n`, 'fish --no-config')
    expect(err).toBe('')
    expect(
      out
        .split(/^\.\n/m)
        .slice(0, -1)
        .map((text) => text.trim()),
    ).toEqual(ask.map(([, words]) => words.toSorted().join(' ')))
  })
})

/** What a shell that reads a keyboard makes of these lines, each with a tab at its end. */
const typed = async (shell: string, begin: string, lines: readonly string[]): Promise<string[]> => {
  const keys = [
    `PS1=; ${begin}; ${NAME}() { echo "ARGS<$*>"; }`,
    ...lines.map((line) => `${NAME} ${line}\t.`),
    'exit',
    '',
  ]
  const path = join(scratch(), 'keys')
  writeFileSync(path, keys.join('\n'))
  const { out } = await commandInShell(`script -qec '${shell}' /dev/null < ${path}`)
  return [...out.matchAll(/ARGS<(.*)>\r?$/gm)].map(([, args]) => args!)
}

const keys = ['expl', 'run --relea', 'run --target mock:7.2-cortex-a57', 'bench cov', 'run -t nat'] as const
const meant = [
  'explain .',
  'run --release .',
  'run --target mock:7.2-cortex-a57-gicv3 .',
  'bench coverage .',
  'run -t native .',
]

test('zsh, at its keyboard', async (context) => {
  skipWithout(context, 'zsh', 'script')
  const begin = `autoload -Uz compinit; compinit -u -D; source ${scriptOf('zsh')}`
  expect(await typed('zsh -f -i', begin, keys)).toEqual(meant)
})

test('bash, at its keyboard', async (context) => {
  skipWithout(context, 'bash', 'script')
  expect(await typed('bash --norc -i', `source ${scriptOf('bash')}`, keys)).toEqual(meant)
})

test('the command prints it, and knows no other shell', async () => {
  expect(await command('completion', 'fish')).toEqual({ code: 0, out: shells.fish(tree), err: '' })
  const { code, err } = await command('completion', 'tcsh')
  expect([code, err]).toEqual([
    2,
    "error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n",
  ])
})
