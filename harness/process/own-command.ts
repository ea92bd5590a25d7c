/** This program's own commands, run by another process. */
import { join } from 'node:path'
import { root } from './root.ts'

/** The file that Node runs. */
export const bin = join(root, 'harness/bin.js')

/** A whole run of the suites, as it is asked for. What is left out is as a user gets it. */
export interface RunAsked {
  target: string
  seed?: number
  runs?: number
  only?: string | readonly string[]
  release?: string
  /** Where its reports are written. */
  reports: string
}

/** The arguments of that run, without the program. */
export const runArguments = (asked: RunAsked): string[] => {
  const { target, seed, runs, only, release, reports } = asked
  const options = Object.entries({ target, seed, runs, only, release, reports })
  return [
    'run',
    ...options.flatMap(([name, value = []]) => [value].flat().flatMap((one) => [`--${name}`, String(one)])),
  ]
}

/** The whole command line of that run, on this machine. */
export const runCommand = (asked: RunAsked): string[] => [process.execPath, bin, ...runArguments(asked)]
