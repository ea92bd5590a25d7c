/** Lists of numbers as the kernel writes them. */

/** The numbers in a list such as `0-3,8`. */
export const numbersIn = (list: string): number[] =>
  list
    .split(',')
    .filter(Boolean)
    .flatMap((part) => {
      const [from = 0, to = from] = part.split('-').map(Number)
      return Array.from({ length: to - from + 1 }, (_, i) => from + i)
    })
