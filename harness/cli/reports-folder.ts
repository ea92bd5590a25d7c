/** The folder that a command writes its reports to, as a person would name it. */
import { realpathSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { dropUnbegun, folderForRun, LATEST } from '../../reports/run/runs.ts'
import { root } from '../process/root.ts'

const OUT = join(root, 'reports/out')

/** The folder as a person here would name it. */
const fromHere = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}

/** Where a link leads; what is not there stays as it is said. */
const realPath = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** Does the work of a run in the folder that was said, else in a new one; gives the exit code. */
export const withReports = async (
  said: string | undefined,
  work: (reports: string) => Promise<number>,
): Promise<number> => {
  if (said !== undefined) return work(fromHere(resolve(said)))
  const folder = await folderForRun(OUT)
  try {
    return await work(fromHere(folder))
  } finally {
    dropUnbegun(folder)
  }
}

/** The folder of a run that has begun: the one that was said, else that which was begun last. */
export const begunReports = (said: string | undefined): string => fromHere(realPath(resolve(said ?? join(OUT, LATEST))))
