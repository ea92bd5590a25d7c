/** What can be completed, of the commands themselves: their names, options, and what each value may be. */
import type { Argument, Command, Option } from 'commander'
import { hostNames } from '../../../fixtures/hosts/index.ts'
import { dialects } from '../../dialects/index.ts'
import { measured } from '../../model/release.ts'

/** Words, also the names of files, or nothing that could be known. */
export interface Value {
  words: readonly string[]
  files?: true
}

export interface CompletedOption {
  /** `-t`, `--target`. */
  flags: readonly string[]
  about: string
  /** Missing where it takes none. */
  value?: Value
}

export interface CompletedCommand {
  name: string
  about: string
  options: readonly CompletedOption[]
  /** What stands behind its options; missing where it takes nothing. */
  argument?: Value
}

export interface Tree {
  name: string
  options: readonly CompletedOption[]
  commands: readonly CompletedCommand[]
}

const targets = [
  'mock',
  ...hostNames.map((name) => `mock:${name}`),
  'native',
  ...measured.map((branch) => `qemu:${branch}`),
  'qemu:',
  'ssh:',
  'exec:',
  'serial:',
  'console:',
]
const files: Value = { words: [], files: true }
const sides: Value = { words: [...targets, ...hostNames], files: true }

/** By the name of a value in the help. */
const values: Readonly<Record<string, Value>> = {
  target: { words: targets, files: true },
  targets: { words: targets, files: true },
  a: sides,
  b: sides,
  release: { words: measured },
  dialect: { words: dialects.map(({ name }) => name) },
  host: { words: hostNames, files: true },
  file: files,
  folder: files,
  page: files,
  run: files,
  shards: files,
  lists: files,
  input: files,
  tree: files,
  'branch=folder': files,
}

/** What the value of that name may be; of a name that says nothing, nothing is known. */
const valueNamed = (name: string, choices: readonly string[] | undefined): Value =>
  choices ? { words: choices } : (values[name] ?? { words: [] })

const completedOption = ({ flags, short, long, description, argChoices }: Option): CompletedOption => {
  const [, name] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? []
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    about: description,
    // `--dialect <name>` and `--host <file>` say it by what they are.
    ...(name !== undefined && {
      value: values[long?.slice(2) ?? ''] ?? valueNamed(name.replace('...', ''), argChoices),
    }),
  }
}

/** All arguments together: which of them a word is, no shell has to count. */
const argumentOf = (all: readonly Argument[]): Value | undefined => {
  if (all.length === 0) return undefined
  const each = all.map((one) => valueNamed(one.name(), one.argChoices))
  return {
    words: [...new Set(each.flatMap(({ words }) => words))],
    ...(each.some((value) => value.files) && { files: true }),
  }
}

const help: CompletedOption = { flags: ['-h', '--help'], about: 'display help for command' }

const completedCommand = (command: Command): CompletedCommand => {
  const argument = argumentOf(command.registeredArguments)
  return {
    name: command.name(),
    about: command.description(),
    options: [...command.options.filter(({ hidden }) => !hidden).map(completedOption), help],
    ...(argument && { argument }),
  }
}

/** All that the program takes. */
export const treeOf = (program: Command): Tree => ({
  name: program.name(),
  options: [...program.options.map(completedOption), help],
  commands: program.commands.map(completedCommand),
})
