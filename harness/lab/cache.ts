// Where the lab keeps what it fetched or built: outside the repository, shared by all checkouts.
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { spawnChild } from './child.ts'

/** The cache directory, $XDG_CACHE_HOME/kvm-arm64-abi/lab, or a place in it. */
export const cachePath = (...names: string[]): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kvm-arm64-abi', 'lab', ...names)

/** sha256 in hex. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Writes a file so that nobody ever sees half of it. */
export const writeWhole = (path: string, bytes: Uint8Array): void => {
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, bytes)
  renameSync(draft, path)
}

/** Does `work` while no other process holds the lock of that name. The lock ends with this process, however it ends. */
export const withLock = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  mkdirSync(cachePath(), { recursive: true })
  const child = spawnChild(['flock', cachePath(`${name}.lock`), 'sh', '-c', 'echo; exec cat'], ['pipe', 'pipe', 'pipe'])
  const held = new Promise<boolean>(resolve => child.process.stdout!.once('data', () => resolve(true)))
  if (!await Promise.race([held, child.ended.then(() => false)]))
    throw new Error(`no lock on ${cachePath(`${name}.lock`)}: ${child.stderr().trim()}`)
  try {
    return await work()
  } finally {
    child.process.stdin!.end()
    await child.ended
  }
}
