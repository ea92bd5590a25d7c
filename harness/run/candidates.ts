/** Which files a text after --only can mean, as far as that can be told before any of them is loaded. */
import { readFileSync } from 'node:fs'
import { suiteId } from '../../reports/run/ids.ts'

/** Files in which some test may have the text in its file, id or name. `isWhole`: every test of them has. */
export interface Candidates<File> {
  files: File[]
  isWhole: boolean
}

const has = (text: string, part: string): boolean => text.includes(part)

/**
 * Those of `files` that tests with `only` can be in. Names of tests are made when their file is loaded, so that most
 * texts can mean any file. But a text that begins with the path or the id of a suite can only be in a name that is
 * written out.
 */
export const candidates = <File extends { path: string; file: string }>(
  files: readonly File[],
  only: string,
): Candidates<File> => {
  const idOf = ({ file }: File) => `${suiteId(file)}_`
  const isWhole = (one: File) => has(one.file, only) || has(idOf(one), only)
  const isMeant = (one: File) => isWhole(one) || only.startsWith(idOf(one))
  const namesSuite = files.some((one) => only.startsWith(one.file) || `${only}_`.startsWith(idOf(one)))
  if (!namesSuite) return { files: [...files], isWhole: false }
  const meant = files.filter((one) => isMeant(one) || has(readFileSync(one.path, 'utf8'), only))
  return { files: meant, isWhole: meant.every(isWhole) }
}
