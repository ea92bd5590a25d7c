/** Times work, and prints what came out as one line. */

/** The value in the middle; of an even number the upper one. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Seconds that `work` takes: the median of `times` turns after one that is not counted. */
export const seconds = async (work: () => unknown, times = 5): Promise<number> => {
  const turns: number[] = []
  for (let i = 0; i <= times; i++) {
    const start = performance.now()
    await work()
    if (i > 0) turns.push((performance.now() - start) / 1000)
  }
  return median(turns)
}

/** Prints a figure with its unit under a name, aligned. */
export const figure = (name: string, value: number, unit: string): void => {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  console.log(`${name.padEnd(72)} ${value.toFixed(digits).padStart(10)} ${unit}`)
}
