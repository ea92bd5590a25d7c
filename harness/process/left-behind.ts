/** What processes of this project leave behind that are killed outright: folders of temporary files, and children. */
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How the names of temporary folders begin. */
export const PREFIX = 'kvm-arm64-abi-'

/** A socket in such a folder on which its owner listens. Of one that is gone the kernel refuses connections. */
export const OWNER = 'owner'

const isFolder = new RegExp(`^${PREFIX}[A-Za-z0-9]{6}$`)
const CHILD = /^child-(\d+)$/

/** When a process started, in the kernel's own count; undefined where there is none, or no /proc. */
const startOf = (pid: number): string | undefined => {
  try {
    // Its name, in parentheses, may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')[19]
  } catch {
    return undefined
  }
}

/** Notes a child in this process's temporary folder, if it has one of its own. Gives what strikes it out again. */
export const noteChild = (pid: number): (() => void) => {
  const start = startOf(pid)
  if (start === undefined || !existsSync(join(tmpdir(), OWNER))) return () => {}
  const note = join(tmpdir(), `child-${pid}`)
  try {
    writeFileSync(note, start)
  } catch {
    /* Where there is setpriv, the child dies with this process anyway. */
  }
  return () => {
    rmSync(note, { force: true })
  }
}

const killChildren = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const pid = Number(CHILD.exec(name)?.[1])
    // Another process may have got its number since.
    if (!pid || startOf(pid) !== readFileSync(join(folder, name), 'latin1')) continue
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      /* It went just now. */
    }
  }
}

const isLeft = (folder: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(join(folder, OWNER), () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'ECONNREFUSED')
    })
  })

/** Removes from `within` the temporary folders of this user whose owner is gone, and ends what children it left. */
export const removeLeftBehind = async (within: string): Promise<void> => {
  try {
    const uid = process.geteuid?.()
    for (const name of readdirSync(within)) {
      const folder = join(within, name)
      if (!isFolder.test(name)) continue
      const found = lstatSync(folder, { throwIfNoEntry: false })
      if (!found?.isDirectory() || found.uid !== uid || !(await isLeft(folder))) continue
      killChildren(folder)
      rmSync(folder, { recursive: true, force: true })
    }
  } catch {
    /* What cannot be removed is no reason not to run; the next run tries again. */
  }
}
