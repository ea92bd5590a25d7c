/** A run owns the folder that it writes to: no other run writes there meanwhile. */
import { statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { UserError } from '../../harness/process/user-error.ts'

/** How long the owner has to say who it is; one that is stopped says nothing. */
const PATIENCE_MS = 1000

/** Who listens on a socket, such as ` (pid 4711)`; nothing where it does not say. */
const ownerAt = (name: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(name)
    let said = ''
    const end = () => {
      socket.destroy()
      resolve(/^\d+$/.test(said) ? ` (pid ${said})` : '')
    }
    socket
      .setTimeout(PATIENCE_MS, end)
      .on('data', (data) => {
        said += data.toString()
      })
      .on('close', end)
      .on('error', () => {})
  })

/**
 * Owns the folder until this process ends, however it ends, or `release` is called.
 * Throws a UserError that names the owner where another process has it. A folder that is not there is nobody's:
 * whoever writes there will say why.
 *
 * The lock is the name of a socket in the kernel, after the folder's device and inode: no file of it can stay behind.
 * Only Linux has such names; elsewhere folders are not guarded.
 */
export const lockFolder = async (folder: string): Promise<{ release(): void }> => {
  const free = { release: () => {} }
  if (process.platform !== 'linux') return free
  let name: string
  try {
    const { dev, ino } = statSync(folder, { bigint: true })
    name = `\0kvm-arm64-abi/reports/${dev}/${ino}`
  } catch {
    return free
  }
  const server = createServer((socket) => {
    socket.on('error', () => {}).end(String(process.pid))
  })
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve).listen(name, () => resolve(undefined))
  })
  if (error?.code === 'EADDRINUSE')
    throw new UserError(
      `${folder}: another run${await ownerAt(name)} is writing its reports there; `
        + 'wait for it, or give --reports another folder',
    )
  if (error) throw new UserError(`${folder}: cannot be locked against other runs (${error.code ?? error.message})`)
  server.unref()
  return {
    release: () => {
      server.close()
    },
  }
}
