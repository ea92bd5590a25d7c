/** A comparison as data, for scripts. */
import type { Diff } from './diff.ts'
import type { Side } from './side.ts'

const sideOf = ({ name, host, release, missing }: Side) => ({
  name,
  host: host.name,
  kernel: host.kernel.unameR,
  release,
  ...(missing !== undefined && { missing }),
})

/** The text of the file; its version rises where a field changes. */
export const diffJson = ({ a, b, changes, lists, tests }: Diff): string =>
  `${JSON.stringify({ version: 1, a: sideOf(a), b: sideOf(b), lists, tests, changes }, undefined, 1)}\n`
