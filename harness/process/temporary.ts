/**
 * The folder for all temporary files of this process and its children: nobody else may look into it, and it goes with
 * the process. What a process that was killed left behind goes when the next one starts.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './at-end.ts'
import { UserError } from './user-error.ts'
import { OWNER, PREFIX, removeLeftBehind } from './left-behind.ts'

/** Where files are in memory, on Linux. */
const MEMORY = '/dev/shm'

/** Below a folder of ours is one more, with a socket in it, whose path may have 107 bytes. */
const ROOM = 107 - `/${PREFIX}XXXXXX/agents`.length

/** Makes a folder in `within` that goes with this process. Throws where nothing can be written there. */
export const ownFolder = (within: string): string => {
  const path = mkdtempSync(join(within, PREFIX))
  atEnd(() => {
    rmSync(path, { recursive: true, force: true })
  })
  if (Buffer.byteLength(path) > ROOM) throw new Error('a path too long for sockets')
  createServer((socket) => {
    socket.destroy()
  })
    .listen(join(path, OWNER))
    .unref()
  // A full disk may still take a folder and an empty file.
  writeFileSync(join(path, 'room'), Buffer.alloc(1 << 16))
  rmSync(join(path, 'room'))
  return path
}

/**
 * Gives this process and its children a temporary folder of their own, in $TMPDIR or where it can be, and removes those
 * of processes that are gone. Rejects with a UserError where there is no place for it.
 */
export const useTemporaryFolder = async (): Promise<void> => {
  const places = [...new Set([tmpdir(), MEMORY])]
  await Promise.all(places.map(removeLeftBehind))
  const troubles: string[] = []
  for (const place of places)
    try {
      process.env.TMPDIR = ownFolder(place)
      return
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      troubles.push(`${place} (${code ?? message})`)
    }
  throw new UserError(
    `no temporary files can be made in ${troubles.join(' or ')}; let TMPDIR name a folder that can be written`,
  )
}
