/** Which files a selection can mean, as far as that can be told before any of them is loaded. */
import { readFileSync } from 'node:fs'
import { suiteId } from '../../reports/run/ids.ts'
import type { Selection } from './selection.ts'

/** Files in which some test may be selected. `isWhole`: every test of them is. */
export interface Candidates<File> {
  files: File[]
  isWhole: boolean
}

const has = (text: string, part: string): boolean => text.includes(part)

/**
 * Those of `files` that tests with this text in file, id or name can be in. Names of tests are made when their file is
 * loaded, so that most texts can mean any file. But a text that begins with the path or the id of a suite can only be
 * in a name that is written out.
 */
const filesFor = <File extends { path: string; file: string }>(
  files: readonly File[],
  text: string,
): Candidates<File> => {
  const idOf = ({ file }: File) => `${suiteId(file)}_`
  const isWhole = (one: File) => has(one.file, text) || has(idOf(one), text)
  const isMeant = (one: File) => isWhole(one) || text.startsWith(idOf(one))
  const namesSuite = files.some((one) => text.startsWith(one.file) || `${text}_`.startsWith(idOf(one)))
  if (!namesSuite) return { files: [...files], isWhole: false }
  const meant = files.filter((one) => isMeant(one) || has(readFileSync(one.path, 'utf8'), text))
  return { files: meant, isWhole: meant.every(isWhole) }
}

/** Those of `files` that selected tests can be in. */
export const candidates = <File extends { path: string; file: string }>(
  files: readonly File[],
  { only = [], exclude = [] }: Selection,
): Candidates<File> => {
  if (only.length === 0) return { files: [...files], isWhole: exclude.length === 0 }
  const each = only.map((text) => filesFor(files, text))
  const meant = new Set(each.flatMap((one) => one.files))
  return {
    files: files.filter((file) => meant.has(file)),
    isWhole: exclude.length === 0 && each.every(({ isWhole }) => isWhole),
  }
}
