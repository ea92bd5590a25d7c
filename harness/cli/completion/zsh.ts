/** Completion for zsh. */
import type { CompletedOption, Tree, Value } from './tree.ts'

/** In single quotes, and with `\` before what _arguments would take for its own. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
const escaped = (text: string): string => text.replaceAll(/[\\:[\]]/g, String.raw`\$&`)

const action = ({ words, files }: Value): string => {
  const list = words.map((word) => escaped(word)).join(' ')
  if (words.length === 0) return files ? '_files' : ' '
  // A state of its own, since _files is no word.
  return files ? `{compadd -- ${words.join(' ')}; _files}`.replaceAll(':', String.raw`\:`) : `(${list})`
}

const specOf = ({ flags, about, value }: CompletedOption): string => {
  const alone = flags.length > 1 ? `(${flags.join(' ')})` : ''
  const taken = value ? `:value:${action(value)}` : ''
  // An option may be said again, as --only may.
  const said = `[${escaped(about)}]${taken}`
  return flags.length > 1 ? `${quoted(alone)}{${flags.join(',')}}${quoted(said)}` : quoted(`*${flags[0]!}${said}`)
}

/** A script for zsh, which completes what the tree has. */
export const forZsh = (tree: Tree): string => {
  const run = `_${tree.name.replaceAll('-', '_')}`
  const commands = tree.commands.map(({ name, about }) => `    ${quoted(`${name}:${escaped(about)}`)}`)
  const cases = tree.commands.map(({ name, options, argument }) => {
    const specs = [...options.map(specOf), ...(argument ? [quoted(`*:argument:${action(argument)}`)] : [])]
    return `    ${name}) _arguments ${specs.join(' ')} ;;`
  })
  return `#compdef ${tree.name}
# Completion of ${tree.name} for zsh, after compinit: source <(${tree.name} completion zsh)
${run}() {
  local curcontext=$curcontext state line
  local -a commands=(
${commands.join('\n')}
  )
  _arguments -C ${tree.options.map(specOf).join(' ')} '1:command:->command' '*::argument:->argument' && return
  case $state in
  command) _describe command commands ;;
  argument)
    case $words[1] in
${cases.join('\n')}
    esac ;;
  esac
}
compdef ${run} ${tree.name}
`
}
