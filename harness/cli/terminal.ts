/** Where commands write, and how they end. */
import { styleText } from 'node:util'
import type { Screen } from '../../reports/formats/screen.ts'

/** Why standard output could not be written; undefined where it could, or nobody wanted to read it. */
let unwritten: string | undefined

for (const stream of [process.stdout, process.stderr])
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader who has seen enough, or whose terminal is gone, ends no run.
    if (stream === process.stdout && code !== 'EPIPE') unwritten ??= code ?? message
  })

/** In CI a terminal is a log that somebody reads later, also where there is one. */
const isWatched = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY && process.env.TERM !== 'dumb' && ['', '0', 'false', undefined].includes(process.env.CI)

/** Standard output as it is; a person is there if it is a terminal. */
export const screen: Screen = {
  write: (text) => {
    process.stdout.write(text)
  },
  get isTTY() {
    return process.stdout.isTTY === true
  },
  get hasColours() {
    return styleText('red', 'x', { stream: process.stdout, validateStream: true }) !== 'x'
  },
  get columns() {
    return process.stdout.columns || 80
  },
  get live() {
    // A person who keeps the log in a file still sees how far it is.
    const stream = [process.stdout, process.stderr].find(isWatched)
    return stream && { write: (text: string) => void stream.write(text), columns: stream.columns || 80 }
  },
}

/** `run --bisect` is asked for: whatever ends the process, git bisect has to understand its status. */
export const isBisecting = process.argv.includes('--bisect')

/** Ends the process once all is written. */
export const leave = (code: number): void => {
  // That an earlier write failed is told a turn after this one is done.
  process.stdout.write('', () => setImmediate(() => end(code)))
}

/** git bisect takes 2 and 4 for bad; 125 says that nothing can be told of a commit. */
const forBisect = (code: number): number => (code === 2 || code === 4 ? 125 : code)

const end = (code: number): void => {
  if (unwritten !== undefined) process.stderr.write(`error: standard output cannot be written (${unwritten})\n`)
  const status = unwritten !== undefined && (code === 0 || code === 4) ? 2 : code
  const said = isBisecting ? forBisect(status) : status
  process.once('exit', () => {
    process.exitCode = said
  })
  process.stderr.write('', () => process.exit(said))
}
