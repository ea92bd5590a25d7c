/**
 * What was made of our own files, kept for the next process: a run starts several, and each would compile hundreds of
 * them.
 */
import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from './process/make-folder.js'

const sum = (text) => createHash('sha256').update(text).digest('hex')

/**
 * A place in `folder` for what a file's text was compiled to; of each `name` one text is kept. `compiler`: whatever
 * else decides what comes out.
 */
export const placeFor = (folder, compiler, name, text) => {
  const path = join(folder, sum(name))
  const key = sum(`${compiler}\n${text}`)
  return {
    /** What is kept of just this text, whole and as it was; undefined where nothing is. */
    find() {
      try {
        const kept = readFileSync(path, 'utf8')
        const source = kept.slice(kept.indexOf('\n') + 1)
        return kept === `${key} ${sum(source)}\n${source}` ? source : undefined
      } catch {
        return undefined
      }
    },
    /** Keeps what came out; where that cannot be, the next process compiles it again. */
    keep(source) {
      try {
        makeFolder(folder, 0o700)
        const draft = `${path}.${process.pid}`
        writeFileSync(draft, `${key} ${sum(source)}\n${source}`)
        renameSync(draft, path)
      } catch {
        // A disk that is full, or a folder of somebody else.
      }
    },
  }
}
