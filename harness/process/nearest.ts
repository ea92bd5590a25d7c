/** Which word was meant, where somebody wrote one that is not known. */

/** No name of the notation is longer. */
const LONGEST = 80

/** How many letters are wrong, left out, too many, or swapped with their neighbour. */
const mistakes = (a: string, b: string): number => {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        last[j]! + 1,
        row[j - 1]! + 1,
        last[j - 1]! + (isSame ? 0 : 1),
        isSwapped ? before[j - 2]! + 1 : Infinity,
      )
    }
    before = last
    last = row
  }
  return last[b.length]!
}

/**
 * The end of an error about `word`: `; did you mean KVM_RUN?`, or empty where none of `words` is near. Case does not
 * count.
 */
export const didYouMean = (word: string, words: Iterable<string>): string => {
  let least = Math.min(4, Math.ceil(word.length / 3))
  let nearest: string | undefined
  if (word.length <= LONGEST)
    for (const one of words) {
      if (Math.abs(one.length - word.length) >= least) continue
      const count = mistakes(word.toLowerCase(), one.toLowerCase())
      if (count < least) [least, nearest] = [count, one]
    }
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}
