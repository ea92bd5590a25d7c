/** One pool of agents for all test processes: a unix socket, one JSON object a line each way. */
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Played } from '../link/lines.ts'
import type { OpsPlayer } from './remote.ts'

interface Request {
  id: number
  ops: string
  deadlineMs: number
  trace?: string
  again?: true
}
interface Reply {
  id: number
  played?: Played
  error?: string
}

const lines = (socket: Socket, take: (line: string) => void) =>
  // The socket's errors are heard on the socket; readline would have them heard a second time.
  createInterface({ input: socket, crlfDelay: Infinity })
    .on('line', take)
    .on('error', () => {})

/** Serves `player` to other processes of this machine. Gives the socket's path, and what ends it. */
export const share = async (player: OpsPlayer): Promise<{ path: string; close(): Promise<void> }> => {
  const dir = await mkdtemp(join(tmpdir(), 'kvm-arm64-abi-'))
  const path = join(dir, 'agents')
  const server = createServer((socket) => {
    socket.on('error', () => {})
    lines(socket, (line) => {
      const { id, ops, deadlineMs, trace, again } = JSON.parse(line) as Request
      const reply = (r: Omit<Reply, 'id'>) => {
        if (!socket.destroyed) socket.write(`${JSON.stringify({ id, ...r })}\n`)
      }
      player[again ? 'again' : 'play'](ops, deadlineMs, trace).then(
        (played) => reply({ played }),
        (error: Error) => reply({ error: error.message }),
      )
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  return {
    path,
    close: async () => {
      server.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** The other end. Lists that are under way when the pool goes away reject. */
export const sharedPlayer = (path: string): OpsPlayer & { close(): void } => {
  const waiting = new Map<number, { resolve(played: Played): void; reject(error: Error): void }>()
  let last = 0,
    gone: Error | undefined
  const socket = connect(path)
  const fail = (error: Error) => {
    gone ??= error
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }
  socket.on('error', fail).on('close', () => fail(new Error('the target is gone')))
  lines(socket, (line) => {
    const { id, played, error } = JSON.parse(line) as Reply
    const turn = waiting.get(id)
    waiting.delete(id)
    if (played) turn?.resolve(played)
    else turn?.reject(new Error(error))
  })
  const ask = (request: Omit<Request, 'id'>): Promise<Played> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone)
      waiting.set(++last, { resolve, reject })
      socket.write(`${JSON.stringify({ id: last, ...request } satisfies Request)}\n`)
    })
  return {
    play: (ops, deadlineMs, trace) => ask({ ops, deadlineMs, ...(trace !== undefined && { trace }) }),
    again: (ops, deadlineMs, trace) => ask({ ops, deadlineMs, ...(trace !== undefined && { trace }), again: true }),
    close: () => {
      socket.destroy()
    },
  }
}
