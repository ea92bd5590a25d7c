/** Completion for fish. */
import type { CompletedOption, Tree, Value } from './tree.ts'

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`

const wordsOf = ({ words }: Value): string => (words.length === 0 ? '' : ` -a ${quoted(words.join(' '))}`)

const flagOf = (flag: string): string => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)

const optionOf = ({ flags, about, value }: CompletedOption): string => {
  const taken = value ? ` ${value.files ? '-rF' : '-x'}${wordsOf(value)}` : ''
  return `${flags.map(flagOf).join('')}${taken} -d ${quoted(about)}`
}

/** A script for fish, which completes what the tree has. */
export const forFish = (tree: Tree): string => {
  const begin = `complete -c ${tree.name}`
  const first = `${begin} -n __fish_use_subcommand`
  const lines = tree.commands.flatMap(({ name, about, options, argument }) => {
    const within = `${begin} -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`
    return [
      `${first} -a ${name} -d ${quoted(about)}`,
      ...options.map((option) => within + optionOf(option)),
      ...(argument ? [`${within}${argument.files ? ' -F' : ''}${wordsOf(argument)}`] : []),
    ]
  })
  return `# Completion of ${tree.name} for fish: ${tree.name} completion fish | source
${begin} -f
${tree.options.map((option) => first + optionOf(option)).join('\n')}
${lines.join('\n')}
`
}
