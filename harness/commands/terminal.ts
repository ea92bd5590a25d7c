/** Where commands write, and how they end. */
import type { Screen } from '../../reports/summary.ts'

/** Standard output as it is; a person is there if it is a terminal. */
export const screen: Screen = {
  write: (text) => { process.stdout.write(text) },
  get isTTY() { return process.stdout.isTTY === true },
  get columns() { return process.stdout.columns || 80 },
}

/** Ends the process once all is written. */
export const leave = (code: number): void => {
  process.exitCode = code
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}
