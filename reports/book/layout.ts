/** How the texts of the book are laid out. */

/** Characters of a line. */
export const WIDTH = 100

/** Words in lines of at most `width`, each after `indent` blanks; a longer word has a line of its own. */
export const wrapped = (text: string, indent: number, width = WIDTH): string[] => {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(' '.repeat(indent) + word)
  }
  return lines
}

/** Lines as they are, each after `indent` blanks. */
export const block = (text: string, indent: number): string[] =>
  text.split('\n').map((line) => ' '.repeat(indent) + line)

/** A heading, underlined with the character `under`. */
export const title = (text: string, under: string): string[] => ['', text, under.repeat(text.length)]
