/** Completion for bash. */
import type { CompletedOption, Tree, Value } from './tree.ts'

const quoted = (words: readonly string[]): string => `'${words.join(' ').replaceAll("'", String.raw`'\''`)}'`

const assigned = ({ words, files }: Value): string => `words=${quoted(words)}${files ? ' files=1' : ''}`

const flagsOf = (options: readonly CompletedOption[]): string[] => options.flatMap(({ flags }) => flags)

/** A case for each option that takes a value. */
const valueCases = (tree: Tree): string[] =>
  tree.commands.flatMap(({ name, options }) =>
    options.flatMap(({ flags, value }) =>
      value ? [`    ${flags.map((flag) => `'${name} ${flag}'`).join('|')}) ${assigned(value)} ;;`] : [],
    ),
  )

/** A case for each command: its options, and what else it takes. */
const commandCases = (tree: Tree): string[] =>
  tree.commands.map(({ name, options, argument }) => {
    const other = argument ? `; else ${assigned(argument)}` : ''
    return `      ${name}) if [[ $word == -* ]]; then words=${quoted(flagsOf(options))}${other}; fi ;;`
  })

/** A script for bash, which completes what the tree has. */
export const forBash = (tree: Tree): string => {
  const run = `_${tree.name.replaceAll('-', '_')}`
  return `# Completion of ${tree.name} for bash: source <(${tree.name} completion bash)
${run}() {
  # bash breaks words at : and =, of which targets have some.
  local line=\${COMP_LINE:0:COMP_POINT} word said before words='' files=
  word=\${line##*[[:space:]]}
  read -ra said <<< "\${line%"$word"}"
  before=\${said[-1]}
  if [[ $word == --*=* ]]; then before=\${word%%=*} word=\${word#*=}; fi
  case "\${said[1]-} $before" in
${valueCases(tree).join('\n')}
    *) case "\${said[1]-}" in
      '') words=${quoted([...tree.commands.map(({ name }) => name), ...flagsOf(tree.options)])} ;;
${commandCases(tree).join('\n')}
    esac ;;
  esac
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [[ $files ]]; then
    compopt -o filenames 2> /dev/null
    local file
    while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$word")
  fi
  if [[ $COMP_WORDBREAKS == *:* ]]; then COMPREPLY=("\${COMPREPLY[@]#"\${word%"\${word##*[:=]}"}"}"); fi
}
complete -F ${run} ${tree.name}
`
}
